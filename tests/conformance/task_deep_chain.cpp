// G-05, section 0.1: a deep chain of awaited coroutines that never suspend costs no iteration; one
// suspension at the bottom of the chain costs exactly one, results and errors travel up inline.
#include "py.hpp"

asyncio::Coroutine<int> chain(int depth, bool yields) {
    if (depth == 0) {
        if (yields) co_await asyncio::sleep(0);
        co_return 1;
    }
    int below = co_await chain(depth - 1, yields);
    co_return below + 1;
}

asyncio::Coroutine<int> failing(int depth) {
    if (depth == 0) throw asyncio::ValueError("bottom");
    int below = co_await failing(depth - 1);
    co_return below;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.call_soon([] { print("tick 1"); });
    loop.call_soon([&] { loop.call_soon([] { print("tick 2"); }); });
    print(co_await chain(300, false));
    print(co_await chain(200, false));
    try {
        co_await failing(300);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    print("no iteration so far");
    print(co_await chain(300, true));
    co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
