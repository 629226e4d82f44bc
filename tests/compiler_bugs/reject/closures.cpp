// expect: (?s)(?=.*closure twice)(?=.*::create_task\()(?=.*::async_with\()(?=.*to_thread)(?=.*OwnT)
// A temporary closure that owns something, in an await: GCC before 13 destroys it twice, so the
// functions that take a callable refuse it, also behind own(), and say what to do instead.
#include <asyncio/asyncio.hpp>

#include <string>
#include <utility>

asyncio::Coroutine<> amain() {
    std::string text = "a text that is too long for a small buffer";
#ifdef SAFE
    const auto named = [text]() -> asyncio::Coroutine<> { co_return; };
    co_await asyncio::create_task(named);
    co_await asyncio::async_with(asyncio::Lock(), asyncio::own(named));
    co_await asyncio::to_thread([](std::string) {}, text);
    asyncio::Own wrapped([text]() -> asyncio::Coroutine<> { co_return; });
    co_await asyncio::create_task(std::move(wrapped));
    co_await asyncio::create_task([&text]() -> asyncio::Coroutine<> {
        text.clear();
        co_return;
    });
#else
    co_await asyncio::create_task([text]() -> asyncio::Coroutine<> { co_return; });
    co_await asyncio::async_with(asyncio::Lock(), [text]() -> asyncio::Coroutine<> { co_return; });
    co_await asyncio::to_thread([text] {});
    co_await asyncio::create_task(asyncio::own([text]() -> asyncio::Coroutine<> { co_return; }));
#endif
}
