// expect everywhere: (?s)create_task\(\) takes a coroutine.*create_task\(\) takes a coroutine
// What is no coroutine, or one in a variable, is told what to write.
#include <asyncio/asyncio.hpp>

static asyncio::Coroutine<> work(int) { co_return; }
static int plain(int x) { return x; }

asyncio::Coroutine<> starts() {
    auto coroutine = work(1);
#ifdef SAFE
    co_await asyncio::create_task(std::move(coroutine));
    co_await asyncio::create_task(work, plain(1));
#else
    asyncio::create_task(coroutine);
    asyncio::create_task(plain, 1);
    co_return;
#endif
}
