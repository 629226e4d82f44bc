// Pins LCK-02, LCK-04 and section 0.1: an uncontended acquire never suspends, a contended one
// resumes two iterations after release; the ticks count them.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::Coroutine<> waiter(asyncio::Lock lock) {
    co_await lock.acquire();
    print("waiter acquired");
    lock.release();
}

asyncio::Coroutine<> amain() {
    asyncio::Lock lock;
    try {
        lock.release();
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::repr(e));
    }
    asyncio::get_running_loop().call_soon(tick, 1, 6);
    co_await lock.acquire();
    print("acquired without a turn");
    auto task = asyncio::create_task(waiter(lock));
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    asyncio::get_running_loop().call_soon([lock] { lock.release(); });
    co_await task;
    print("task awaited", lock.locked());
}

int main() { asyncio::run(amain()); }
