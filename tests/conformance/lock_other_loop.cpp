// Pins G-12, LCK-04: a lock binds to the loop of its first blocking acquire, not where it was made;
// blocking on another loop raises, a free acquire there still works.
#include "py.hpp"

asyncio::Lock lock;

asyncio::Coroutine<> contend() {
    auto task = asyncio::create_task(lock.acquire());
    co_await asyncio::sleep(0);
    lock.release();
    co_await task;
    lock.release();
    print("bound by contention", lock.locked());
}

asyncio::Coroutine<> first() {
    co_await lock.acquire();
    print("uncontended", lock.locked());
    lock.release();
}

asyncio::Coroutine<> second() {
    co_await lock.acquire();
    co_await contend();
}

asyncio::Coroutine<> third() {
    co_await lock.acquire();
    print("free lock, other loop", lock.locked());
    try {
        co_await lock.acquire();
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::str(e).find("is bound to a different event loop") != std::string::npos);
    }
    lock.release();
}

int main() {
    asyncio::run(first());
    asyncio::run(second());
    asyncio::run(third());
}
