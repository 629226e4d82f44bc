// expect everywhere: (?s)(?=.*async_with\(manager, body\))(?=.*co_await lock\.scoped\(\))
// Context managers are entered, not awaited; a lock has two ways.
#include <asyncio/asyncio.hpp>

asyncio::Coroutine<> amain(asyncio::Lock lock) {
#ifdef SAFE
    const auto guard = co_await lock.scoped();
    co_await asyncio::async_with(asyncio::timeout(1), asyncio::TaskGroup{},
                                 []() -> asyncio::Coroutine<> { co_return; });
#else
    co_await asyncio::timeout(1);
    co_await asyncio::TaskGroup{};
    co_await lock;
#endif
}
