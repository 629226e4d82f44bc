// Pins LCK-09: notify(n) wakes the first n waiters, in order; they go on only after the notifier
// has released the lock, one at a time.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Condition cond, std::string name) {
    auto guard = co_await cond.scoped();
    print(name, "waits");
    const bool result = co_await cond.wait();
    print(name, "woken", result, cond.locked());
    co_await asyncio::sleep(0);
    print(name, "leaves");
}

asyncio::Coroutine<> amain() {
    asyncio::Condition cond;
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b", "c", "d"})
        tasks.push_back(asyncio::create_task(waiter(cond, name)));
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    {
        auto guard = co_await cond.scoped();
        cond.notify(2);
        print("notified two");
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("still holding the lock");
    }
    for (int i = 0; i < 8; ++i) co_await asyncio::sleep(0);
    std::vector<bool> done;
    for (const auto& t : tasks) done.push_back(t.done());
    print(done);
    {
        auto guard = co_await cond.scoped();
        cond.notify_all();
        print("notified all");
    }
    co_await asyncio::gather(tasks);
    {
        auto guard = co_await cond.scoped();
        cond.notify_all();
    }
    print("end", cond.locked());
}

int main() { asyncio::run(amain()); }
