// Pins LCK-03: a waiter that was woken by release() and is cancelled before it runs passes the
// wake-up to the next one; a port that loses it deadlocks here.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Lock lock, std::string name) {
    try {
        co_await lock.acquire();
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled", lock.locked());
        throw;
    }
    print(name, "acquired");
    lock.release();
}

asyncio::Coroutine<> amain() {
    asyncio::Lock lock;
    co_await lock.acquire();
    auto a = asyncio::create_task(waiter(lock, "a"));
    auto b = asyncio::create_task(waiter(lock, "b"));
    auto c = asyncio::create_task(waiter(lock, "c"));
    co_await asyncio::sleep(0);
    lock.release();
    print("released, cancel a", a.cancel(), lock.locked());
    co_await asyncio::sleep(0);
    print("one turn later");
    std::vector<asyncio::Task<>> all{a, b, c};
    co_await asyncio::wait(all);
    print(a.cancelled(), b.cancelled(), c.cancelled(), lock.locked());
}

int main() { asyncio::run(amain()); }
