// Pins LCK-15: reset() breaks the present generation only: its waiters get BrokenBarrierError,
// later ones fill a fresh one; resetting an idle barrier does nothing.
#include "py.hpp"

asyncio::Coroutine<> party(asyncio::Barrier barrier, std::string name) {
    try {
        const auto index = co_await barrier.wait();
        print(name, index);
    } catch (const asyncio::BrokenBarrierError&) {
        print(name, "broken", barrier.broken());
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Barrier barrier(2);
    co_await barrier.reset();
    print("idle reset", barrier.broken());
    auto a = asyncio::create_task(party(barrier, "a"));
    co_await asyncio::sleep(0);
    print(barrier.n_waiting());
    co_await barrier.reset();
    print("reset", barrier.n_waiting(), barrier.broken());
    co_await asyncio::gather(a, party(barrier, "b"), party(barrier, "c"));
    print(barrier.n_waiting(), barrier.broken());
}

int main() { asyncio::run(amain()); }
