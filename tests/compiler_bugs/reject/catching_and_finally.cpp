// expect everywhere: (?s)(?=.*catching\(\) t)(?=.*std::move\(c\))(?=.*body of try)(?=.*cleanup of)
// catching() and try_finally() with something that is not awaited.
#include <asyncio/asyncio.hpp>

using asyncio::catching;
using asyncio::Coroutine;
using asyncio::try_finally;

static Coroutine<> work() { co_return; }
static int plain() { return 1; }

asyncio::Coroutine<> amain() {
    auto coroutine = work();
#ifdef SAFE
    co_await catching<asyncio::ValueError>(std::move(coroutine));
    co_await catching<asyncio::ValueError>(work);
    co_await try_finally(work, work);
#else
    co_await catching<asyncio::ValueError>(coroutine);
    co_await catching<asyncio::ValueError>(plain);
    co_await try_finally(plain, work);
    co_await try_finally(work, plain);
#endif
    plain();
}
