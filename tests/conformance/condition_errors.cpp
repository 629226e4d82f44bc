// Pins LCK-06: wait and notify need the lock to be held, by anybody: only "is it locked" is
// checked.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Condition cond) {
    auto guard = co_await cond.scoped();
    co_await cond.wait();
    print("waiter woken");
}

asyncio::Coroutine<> amain() {
    asyncio::Condition cond;
    try {
        co_await cond.wait();
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::repr(e));
    }
    try {
        co_await cond.wait_for([] { return false; });
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::repr(e));
    }
    const bool at_once = co_await cond.wait_for([] { return true; });
    print("true at once:", at_once);
    for (int kind = 0; kind < 2; ++kind) {
        try {
            if (kind == 0)
                cond.notify();
            else
                cond.notify_all();
        } catch (const asyncio::RuntimeError& e) {
            print(asyncio::repr(e));
        }
    }
    auto task = asyncio::create_task(waiter(cond));
    co_await asyncio::sleep(0);
    co_await cond.acquire();
    asyncio::get_running_loop().call_soon([cond] { cond.notify(); });
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("notified by a callback that does not own the lock");
    cond.release();
    co_await task;
}

int main() { asyncio::run(amain()); }
