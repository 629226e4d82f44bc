// Pins LCK-03, LCK-18: a waiter cancelled while queued is taken out and wakes nobody while the lock
// is held; the others keep their order.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Lock lock, char name) {
    {
        auto guard = co_await lock.scoped();
        print(std::string(1, name), "in");
        co_await asyncio::sleep(0);
    }
    print(std::string(1, name), "out");
}

asyncio::Coroutine<> amain() {
    asyncio::Lock lock;
    co_await lock.acquire();
    std::vector<asyncio::Task<>> tasks;
    for (char name : {'a', 'b', 'c', 'd'})
        tasks.push_back(asyncio::create_task(waiter(lock, name)));
    co_await asyncio::sleep(0);
    tasks[0].cancel();
    tasks[2].cancel();
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    std::vector<bool> done, cancelled;
    for (const auto& t : tasks) done.push_back(t.done());
    print(done, lock.locked());
    lock.release();
    co_await asyncio::gather(asyncio::return_exceptions, tasks);
    for (const auto& t : tasks) cancelled.push_back(t.cancelled());
    print(cancelled, lock.locked());
}

int main() { asyncio::run(amain()); }
