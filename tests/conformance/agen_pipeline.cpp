// Pins AGN-03, G-05: generators over generators: items are pulled one at a time through the whole
// chain, and closing the outermost does not run ahead.
#include "py.hpp"

asyncio::AsyncGenerator<int> source(int count) {
    for (int i = 0; i < count; ++i) {
        print("source", i);
        co_await asyncio::sleep(0);
        co_yield i;
    }
}

asyncio::AsyncGenerator<int> evens(asyncio::AsyncGenerator<int> items) {
    for (;;) {
        auto i = co_await items.next();
        if (!i) break;
        if (*i % 2 == 0) {
            print("even", *i);
            co_yield *i;
        }
    }
}

asyncio::AsyncGenerator<int> squares(asyncio::AsyncGenerator<int> items) {
    for (;;) {
        auto i = co_await items.next();
        if (!i) break;
        co_yield *i** i;
    }
}

asyncio::Coroutine<> amain() {
    int total = 0;
    auto items = squares(evens(source(6)));
    for (;;) {
        auto x = co_await items.next();
        if (!x) break;
        print("got", *x);
        total += *x;
    }
    print("total", total);
    auto g = squares(evens(source(100)));
    auto one = co_await g.next();
    print("one", one);
    co_await g.aclose();
    auto closed = co_await g.next();
    print("closed", closed);
}

int main() { asyncio::run(amain()); }
