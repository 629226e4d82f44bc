// Pins LCK-12: a waiter woken by release() and cancelled before it runs gives the permit back and
// wakes the next one (no permit is ever lost).
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Semaphore sem, std::string name) {
    try {
        co_await sem.acquire();
        print(name, "acquired");
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled", sem.locked());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Semaphore sem(0);
    auto a = asyncio::create_task(waiter(sem, "a"));
    auto b = asyncio::create_task(waiter(sem, "b"));
    co_await asyncio::sleep(0);
    sem.release();
    print("released, locked", sem.locked());
    a.cancel();
    std::vector<asyncio::Task<>> both{a, b};
    co_await asyncio::wait(both);
    print(a.cancelled(), b.cancelled(), sem.locked());
    sem.release();
    const bool before = sem.locked();
    const bool acquired = co_await sem.acquire();
    print(before, acquired, sem.locked());
}

int main() { asyncio::run(amain()); }
