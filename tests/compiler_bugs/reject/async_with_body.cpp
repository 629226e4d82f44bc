// expect everywhere: (?s)(?=.*is a coroutine f)(?=.*takes what)(?=.*is the body)(?=.*is a manager)
// async_with() with a body that awaits nothing, one that wants other values, none, and no manager.
#include <asyncio/asyncio.hpp>

using asyncio::async_with;
using asyncio::Coroutine;

asyncio::Coroutine<> amain(asyncio::Lock lock) {
#ifdef SAFE
    co_await async_with(asyncio::TaskGroup{}, [](asyncio::TaskGroup) -> Coroutine<> { co_return; });
    co_await async_with(lock, []() -> Coroutine<> { co_return; });
#else
    co_await async_with(asyncio::TaskGroup{}, [](asyncio::TaskGroup) {});
    co_await async_with(lock, [](bool) -> Coroutine<> { co_return; });
    co_await async_with(lock, asyncio::timeout(1));
    co_await async_with(lock, 1, []() -> Coroutine<> { co_return; });
#endif
}
