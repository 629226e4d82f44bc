// Pins LCK-08: a waiter that was notified and is cancelled before it could re-acquire passes its
// notification to the next waiter; a port that loses it hangs. (Python 3.13)
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Condition cond, std::string name) {
    auto guard = co_await cond.scoped();
    try {
        co_await cond.wait();
        print(name, "notified");
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Condition cond;
    auto a = asyncio::create_task(waiter(cond, "a"));
    auto b = asyncio::create_task(waiter(cond, "b"));
    auto c = asyncio::create_task(waiter(cond, "c"));
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    {
        auto guard = co_await cond.scoped();
        cond.notify();
        co_await asyncio::sleep(0);
        print("cancel the notified one", a.cancel());
    }
    for (int i = 0; i < 8; ++i) co_await asyncio::sleep(0);
    print(a.done(), b.done(), c.done());
    {
        auto guard = co_await cond.scoped();
        cond.notify();
    }
    co_await c;
    print("end");
}

int main() { asyncio::run(amain()); }
