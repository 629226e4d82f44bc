// Pins LCK-13: a negative value is refused; BoundedSemaphore refuses a release above its bound and
// stays usable, the plain one just grows.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    try {
        asyncio::Semaphore(-1);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::type_name(e));
    }
    try {
        asyncio::BoundedSemaphore(-1);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::type_name(e));
    }
    asyncio::BoundedSemaphore bounded(2);
    co_await bounded.acquire();
    bounded.release();
    try {
        bounded.release();
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    bool one = co_await bounded.acquire();
    bool two = co_await bounded.acquire();
    print(one, two, bounded.locked());
    asyncio::Semaphore plain(0);
    plain.release();
    plain.release();
    one = co_await plain.acquire();
    two = co_await plain.acquire();
    print(one, two, plain.locked());
}

int main() { asyncio::run(amain()); }
