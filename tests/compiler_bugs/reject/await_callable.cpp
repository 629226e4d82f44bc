// expect everywhere: a function cannot be awaited, .*write co_await f\(\)
// A coroutine function without its call.
#include <asyncio/asyncio.hpp>

static asyncio::Coroutine<int> work() { co_return 1; }

asyncio::Coroutine<> amain() {
    const auto lambda = []() -> asyncio::Coroutine<> { co_return; };
#ifdef SAFE
    co_await work();
    co_await lambda();
#else
    int n = co_await work;
    co_await lambda;
    static_cast<void>(n);
#endif
}
