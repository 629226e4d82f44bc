// Pins LCK-01, LCK-02: release() does not hand the lock over (locked() is False until the waiter
// runs), yet an owner that re-acquires in the same step queues behind everybody; LIFO or barging
// ports differ.
#include "py.hpp"

asyncio::Coroutine<> worker(asyncio::Lock lock, std::string name, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        co_await lock.acquire();
        print(name, "holds", i);
        co_await asyncio::sleep(0);
        lock.release();
        print(name, "released", i, lock.locked());
    }
    print(name, "done");
}

asyncio::Coroutine<> amain() {
    asyncio::Lock lock;
    co_await asyncio::gather(worker(lock, "a", 3), worker(lock, "b", 2), worker(lock, "c", 1));
    print(lock.locked());
}

int main() { asyncio::run(amain()); }
