// Pins LCK-16: a party cancelled while the barrier fills just leaves; the barrier is not broken
// (unlike threading.Barrier) and its place is taken by the next one.
#include "py.hpp"

asyncio::Coroutine<> party(asyncio::Barrier barrier, std::string name) {
    try {
        const auto index = co_await barrier.wait();
        print(name, "index", index);
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Barrier barrier(2);
    auto a = asyncio::create_task(party(barrier, "a"));
    co_await asyncio::sleep(0);
    print(barrier.n_waiting());
    a.cancel();
    std::vector<asyncio::Task<>> tasks{a};
    co_await asyncio::wait(tasks);
    print(barrier.n_waiting(), barrier.broken());
    auto b = asyncio::create_task(party(barrier, "b"));
    co_await asyncio::sleep(0);
    print("b waits", !b.done(), barrier.n_waiting());
    co_await asyncio::gather(b, party(barrier, "c"));
    print(barrier.n_waiting(), barrier.broken());
}

int main() { asyncio::run(amain()); }
