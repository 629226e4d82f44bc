// Pins LCK-11, LCK-12: a queue of waiters of which every second is cancelled at a different moment
// (queued, just woken, both); afterwards exactly the initial permits are there.
#include "py.hpp"

std::vector<int> log_;

asyncio::Coroutine<> worker(asyncio::Semaphore sem, int name) {
    auto guard = co_await sem.scoped();
    log_.push_back(name);
    co_await asyncio::sleep(0);
}

asyncio::Coroutine<> amain() {
    asyncio::Semaphore sem(2);
    std::vector<asyncio::Task<>> tasks;
    for (int i = 0; i < 12; ++i) tasks.push_back(asyncio::create_task(worker(sem, i)));
    for (int i = 1; i < 12; i += 2) {
        co_await asyncio::sleep(0);
        print("cancel", i, tasks[i].cancel(), log_);
    }
    co_await asyncio::wait(tasks);
    std::vector<bool> cancelled;
    for (const auto& t : tasks) cancelled.push_back(t.cancelled());
    print(cancelled);
    print(log_);
    int free = 0;
    while (!sem.locked()) {
        co_await sem.acquire();
        free += 1;
    }
    print("permits", free);
}

int main() { asyncio::run(amain()); }
