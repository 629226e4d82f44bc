// Choosing between results. `c ? co_await f() : std::string()` is destroyed twice by GCC before 13;
// if/else, arithmetic results and a choice that has a name are safe.
#include "mini.hpp"

static Coroutine<Probe> make(int value) {
    co_await Yield();
    co_return Probe(value);
}
static Coroutine<int> number(int value) {
    co_await Yield();
    co_return value;
}

static Coroutine<int> choose(bool left) {
    Probe chosen(0);
    if (left) {
        chosen = co_await make(1);
    } else {
        chosen = co_await make(2);
    }
    int arithmetic = left ? co_await number(10) : co_await number(20);
    auto named = left ? make(100) : make(200);
    Probe third = co_await std::move(named);
    co_return chosen.use() + arithmetic + third.use();
}

static Coroutine<> amain() {
    int left = co_await choose(true);
    int right = co_await choose(false);
    check(left == 111 && right == 222);
}

int main() { return mini::finish(amain()); }
