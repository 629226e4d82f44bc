// expect everywhere: one by one: write co_await it\.next\(\)
// What gives its items one by one is not awaited as a whole.
#include <asyncio/asyncio.hpp>

#include <vector>

asyncio::Coroutine<> amain(std::vector<asyncio::Task<int>> tasks,
                           asyncio::AsyncGenerator<int> generator) {
#ifdef SAFE
    const auto completed = asyncio::as_completed(tasks);
    for (;;) {
        const auto task = co_await completed.next();
        if (!task) break;
    }
    co_await generator.next();
#else
    co_await asyncio::as_completed(tasks);
    co_await generator;
#endif
}
