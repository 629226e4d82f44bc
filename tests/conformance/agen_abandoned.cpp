// Pins LIF-11, AGN-03: a generator whose last reference goes away is closed by its loop, soon and
// in a task of its own, so its clean-up may await.
#include "py.hpp"

asyncio::AsyncGenerator<int> numbers() {
    std::exception_ptr error;
    try {
        for (int i = 0; i < 10; ++i) co_yield i;
    } catch (...) {
        error = std::current_exception();
    }
    print("clean-up");
    co_await asyncio::sleep(0);
    print("cleaned up");
    if (error) std::rethrow_exception(error);
}

asyncio::Coroutine<int> take_one() {
    auto g = numbers();
    for (;;) {
        auto x = co_await g.next();
        if (!x) break;
        print("got", *x);
        co_return *x;
    }
    co_return -1;
}

asyncio::Coroutine<> amain() {
    const int result = co_await take_one();
    print("result", result);
    print("nothing cleaned up yet");
    for (int i = 0; i < 5; ++i) {
        co_await asyncio::sleep(0);
        print("turn", i);
    }
}

int main() { asyncio::run(amain()); }
