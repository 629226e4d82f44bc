// expect everywhere: (?s)(?=.*with call_soon\(\))(?=.*call_soon_threadsafe\(\))(?=.*call_at\(\))
// A coroutine function as a callback (SCH-10): nobody would await what the call gives.
#include <asyncio/asyncio.hpp>

static asyncio::Coroutine<> work(int) { co_return; }

void schedule(asyncio::AbstractEventLoop& loop) {
#ifdef SAFE
    loop.create_task(work(1));
#else
    loop.call_soon(work, 1);
    loop.call_soon_threadsafe([]() -> asyncio::Coroutine<> { co_return; });
    loop.call_later(1, work, 1);
#endif
}
