// Pins LCK-15: abort() fails present and future waiters until reset() repairs the barrier.
#include "py.hpp"

asyncio::Coroutine<> party(asyncio::Barrier barrier, std::string name) {
    try {
        const auto index = co_await barrier.wait();
        print(name, index);
    } catch (const asyncio::BrokenBarrierError& e) {
        print(name, asyncio::type_name(e),
              asyncio::is_instance<asyncio::RuntimeError>(std::current_exception()));
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Barrier barrier(3);
    auto a = asyncio::create_task(party(barrier, "a"));
    auto b = asyncio::create_task(party(barrier, "b"));
    co_await asyncio::sleep(0);
    co_await barrier.abort();
    print("aborted", barrier.broken(), barrier.n_waiting());
    co_await asyncio::gather(a, b);
    co_await party(barrier, "late");
    co_await barrier.reset();
    print("repaired", barrier.broken());
    co_await asyncio::gather(party(barrier, "x"), party(barrier, "y"), party(barrier, "z"));
}

int main() { asyncio::run(amain()); }
