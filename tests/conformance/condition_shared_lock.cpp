// Pins LCK-10: two conditions over one lock: the lock is common, the waiters are not; it is usable
// through the lock and through either condition.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Condition cond, std::string name) {
    auto guard = co_await cond.scoped();
    co_await cond.wait();
    print(name, "woken");
}

asyncio::Coroutine<> amain() {
    asyncio::Lock lock;
    asyncio::Condition full(lock);
    asyncio::Condition empty(lock);
    auto f = asyncio::create_task(waiter(full, "full"));
    auto e = asyncio::create_task(waiter(empty, "empty"));
    co_await asyncio::sleep(0);
    {
        auto guard = co_await lock.scoped();
        print(full.locked(), empty.locked());
        empty.notify_all();
    }
    co_await e;
    print("full still waits", !f.done());
    co_await empty.acquire();
    full.notify();
    lock.release();
    co_await f;
    print(lock.locked(), full.locked());
}

int main() { asyncio::run(amain()); }
