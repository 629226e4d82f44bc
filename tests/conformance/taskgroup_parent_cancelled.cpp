// Pins TGP-07, TGP-08, TGP-09: cancelling the parent while it waits cancels the child once, waits
// for its clean-up even if cancelled again meanwhile, then CancelledError leaves the block.
#include "py.hpp"

asyncio::Coroutine<> child() {
    std::exception_ptr cancelled;
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        print("child cancelled");
        cancelled = std::current_exception();
    }
    if (cancelled) {
        for (int i = 0; i < 5; ++i) {
            co_await asyncio::sleep(0);
            print("clean-up", i);
        }
        std::rethrow_exception(cancelled);
    }
}

asyncio::Coroutine<> parent() {
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(child());
                                         print("body done");
                                         co_return;
                                     });
    } catch (const asyncio::CancelledError&) {
        print("parent cancelled", asyncio::current_task().cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(parent());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    for (int i = 0; i < 3; ++i) {
        const bool accepted = task.cancel();
        print("cancel", i, accepted, task.cancelling());
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("done", task.done());
    }
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print("awaited", task.cancelled(), task.cancelling());
    }
}

int main() { asyncio::run(amain()); }
