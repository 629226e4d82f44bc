// Pins TGP-07, TGP-09: an outside cancel arrives while waiting and a child then fails: the group is
// raised, the count is kept, and the cancellation is delivered again at the next await. (Python
// 3.13)
#include "py.hpp"

asyncio::Coroutine<> fails_when_cancelled() {
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        print("child turns cancel into an error");
        throw asyncio::ValueError("cleanup");
    }
}

asyncio::Coroutine<> parent() {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(fails_when_cancelled());
                                         co_return;
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print("group", g.exceptions(), task.cancelling());
    }
    print("still running");
    try {
        co_await asyncio::sleep(0);
        print("not reached");
    } catch (const asyncio::CancelledError&) {
        print("cancelled at the next await", task.cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(parent());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    task.cancel();
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print("cancelled", task.cancelled());
    }
}

int main() { asyncio::run(amain()); }
