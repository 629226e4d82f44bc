// Pins LCK-11, LCK-12: a permit given back is reserved for the first waiter when it is woken, so
// locked() is True meanwhile and a newcomer queues instead of overtaking.
#include "py.hpp"

asyncio::Coroutine<> worker(asyncio::Semaphore sem, std::string name, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        co_await sem.acquire();
        print(name, "in", i);
        co_await asyncio::sleep(0);
        sem.release();
        print(name, "out", i, sem.locked());
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Semaphore sem(2);
    print(sem.locked());
    co_await asyncio::gather(worker(sem, "a", 2), worker(sem, "b", 2), worker(sem, "c", 2),
                             worker(sem, "d", 1));
    print(sem.locked());
}

int main() { asyncio::run(amain()); }
