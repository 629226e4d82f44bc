// expect everywhere: this cannot be awaited: co_await takes coroutines, futures, tasks
// Something that nobody waits for.
#include <asyncio/asyncio.hpp>

#include <chrono>

asyncio::Coroutine<> amain() {
#ifdef SAFE
    co_await asyncio::sleep(std::chrono::seconds(5));
#else
    co_await std::chrono::seconds(5);
    co_await 5;
#endif
}
