// Pins LCK-01: when every queued waiter is cancelled a newcomer takes the free lock at once,
// without a turn of the loop; queued cancelled waiters count as none.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Lock lock, std::string name) {
    try {
        co_await lock.acquire();
        print(name, "not reached");
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled, locked:", lock.locked());
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Lock lock;
    co_await lock.acquire();
    auto a = asyncio::create_task(waiter(lock, "a"));
    auto b = asyncio::create_task(waiter(lock, "b"));
    co_await asyncio::sleep(0);
    a.cancel();
    b.cancel();
    lock.release();
    print("free", lock.locked());
    co_await lock.acquire();
    print("newcomer has it", lock.locked());
    co_await asyncio::gather(a, b);
    lock.release();
    print("free", lock.locked());
}

int main() { asyncio::run(amain()); }
