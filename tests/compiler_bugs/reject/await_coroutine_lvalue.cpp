// expect everywhere: (?s)(?=.*co_await std::move\(c\))(?=.*Coroutine<int> ?&)(?=.*Sleep<void> ?&)
// Awaiting takes a coroutine away, so it has to be given away; so has a library awaitable.
#include <asyncio/asyncio.hpp>

static asyncio::Coroutine<int> work() { co_return 1; }

asyncio::Coroutine<int> amain() {
    auto coroutine = work();
    auto sleep = asyncio::sleep(1);
#ifdef SAFE
    co_await std::move(sleep);
    co_return co_await std::move(coroutine);
#else
    co_await sleep;
    co_return co_await coroutine;
#endif
}
