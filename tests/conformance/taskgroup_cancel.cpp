// Pins TGP-17: cancel() stops body and children and the block ends without an error; repeating it,
// or calling it after the end, does nothing; called before entry it acts at the first suspension of
// the body.
#include "py.hpp"

asyncio::Coroutine<> child() {
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        print("child cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::current_task();
    asyncio::TaskGroup tg;
    co_await asyncio::async_with(tg, [&](asyncio::TaskGroup) -> asyncio::Coroutine<> {
        tg.create_task(child());
        co_await asyncio::sleep(0);
        tg.cancel();
        tg.cancel();
        print("after cancel", task.cancelling());
        co_await asyncio::sleep(10);
        print("not reached");
    });
    print("left", task.cancelling());
    tg.cancel();
    co_await asyncio::sleep(0);
    print("harmless", task.cancelling());

    asyncio::TaskGroup early;
    early.cancel();
    co_await asyncio::async_with(early, [&](asyncio::TaskGroup) -> asyncio::Coroutine<> {
        print("body starts", task.cancelling());
        co_await asyncio::sleep(0);
        print("not reached");
    });
    print("left", task.cancelling());
}

int main() { asyncio::run(amain()); }
