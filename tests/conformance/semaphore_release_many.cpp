// Pins LCK-12: several releases in one step wake several waiters, in order, in the same turn; one
// release wakes exactly one.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::Coroutine<> waiter(asyncio::Semaphore sem, std::string name) {
    co_await sem.acquire();
    print(name, "acquired");
}

asyncio::Coroutine<> amain() {
    asyncio::Semaphore sem(0);
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b", "c", "d"})
        tasks.push_back(asyncio::create_task(waiter(sem, name)));
    co_await asyncio::sleep(0);
    asyncio::get_running_loop().call_soon(tick, 1, 6);
    sem.release();
    sem.release();
    sem.release();
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    std::vector<bool> done;
    for (const auto& t : tasks) done.push_back(t.done());
    print(done, sem.locked());
    sem.release();
    co_await asyncio::gather(tasks);
    print("all", sem.locked());
}

int main() { asyncio::run(amain()); }
