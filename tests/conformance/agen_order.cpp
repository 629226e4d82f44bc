// Pins AGN-03, G-05: a generator is lazy and runs inside the consumer's step: next() that does not
// suspend costs no turn of the loop; an await inside it suspends the consumer.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::AsyncGenerator<int> numbers(int count) {
    print("started");
    for (int i = 0; i < count; ++i) {
        if (i == 2) {
            co_await asyncio::sleep(0);
            print("slept");
        }
        print("yield", i);
        co_yield i;
        print("after", i);
    }
    print("exhausted");
}

asyncio::Coroutine<> amain() {
    auto g = numbers(4);
    print("created");
    asyncio::get_running_loop().call_soon(tick, 1, 3);
    for (;;) {
        auto x = co_await g.next();
        if (!x) break;
        print("got", *x);
        if (*x == 3) co_await asyncio::sleep(0);
    }
    auto end = co_await g.next();
    print("end", end);
}

int main() { asyncio::run(amain()); }
