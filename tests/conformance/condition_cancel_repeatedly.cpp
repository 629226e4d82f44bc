// Pins LCK-07: cancels that arrive while wait() re-acquires the lock are remembered, the
// acquisition is retried each time, and the latest one is raised once the lock is held. (Python
// 3.13)
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Condition cond) {
    auto guard = co_await cond.scoped();
    try {
        co_await cond.wait();
    } catch (const asyncio::CancelledError& e) {
        print("raised", asyncio::repr(e), cond.locked(), asyncio::current_task().cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Condition cond;
    auto task = asyncio::create_task(waiter(cond));
    co_await asyncio::sleep(0);
    co_await cond.acquire();
    for (std::string message : {"first", "second", "third"}) {
        task.cancel(message);
        for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
        print("after", message, task.done());
    }
    cond.release();
    std::vector<asyncio::Task<>> tasks{task};
    co_await asyncio::wait(tasks);
    print(task.cancelled(), cond.locked());
}

int main() { asyncio::run(amain()); }
