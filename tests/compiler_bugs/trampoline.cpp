// The trampoline needs no tail call, so neither a million awaits of coroutines that return at once
// nor a chain of a hundred thousand coroutines grows the stack, whatever the optimisation. (GCC at
// -O0 and -O1, and at -O2 with a sanitizer, overflows the stack with symmetric transfer.)
#include "mini.hpp"

#include <stdexcept>

static Coroutine<int> ready(int value) { co_return value; }

static Coroutine<long> many(int count) {
    long sum = 0;
    for (int i = 0; i < count; ++i) sum += co_await ready(i & 1);
    co_return sum;
}
static Coroutine<long> chain(int depth) {
    if (depth == 0) {
        co_await Yield();
        co_return 0;
    }
    long below = co_await chain(depth - 1);
    co_return below + 1;
}
static Coroutine<long> throwing_chain(int depth) {
    if (depth == 0) throw std::runtime_error("bottom");
    long below = co_await throwing_chain(depth - 1);
    co_return below + 1;
}

static Coroutine<> amain() {
    long sum = co_await many(1'000'000);
    check(sum == 500'000);
    long depth = co_await chain(100'000);
    check(depth == 100'000);
    std::string error;
    try {
        co_await throwing_chain(1'000);
    } catch (const std::runtime_error& e) {
        error = e.what();
    }
    check(error == "bottom");
}

int main() { return mini::finish(amain()); }
