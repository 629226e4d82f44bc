// Pins LCK-07: a cancelled wait() re-acquires the lock before CancelledError leaves it, so it has
// to wait for the present holder first.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Condition cond) {
    {
        auto guard = co_await cond.scoped();
        try {
            co_await cond.wait();
        } catch (const asyncio::CancelledError&) {
            print("cancelled, holds the lock:", cond.locked());
            throw;
        }
    }
    print("not reached");
}

asyncio::Coroutine<> amain() {
    asyncio::Condition cond;
    auto task = asyncio::create_task(waiter(cond));
    co_await asyncio::sleep(0);
    co_await cond.acquire();
    print("cancel", task.cancel());
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    print("still waiting for the lock", !task.done());
    cond.release();
    print("released", cond.locked());
    std::vector<asyncio::Task<>> tasks{task};
    co_await asyncio::wait(tasks);
    print(task.cancelled(), cond.locked());
}

int main() { asyncio::run(amain()); }
