// Pins TGP-09: a group used for clean-up while the parent already has a cancel request outstanding
// restores exactly the count it found, with and without a failing child. (Python 3.13)
#include "py.hpp"

asyncio::Coroutine<> child(bool fail) {
    co_await asyncio::sleep(0);
    if (fail) throw asyncio::ValueError("cleanup failed");
    print("cleaned");
}

asyncio::Coroutine<> cleanup(bool fail) {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         print("entered with", task.cancelling());
                                         tg.create_task(child(fail));
                                         co_return;
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(g.exceptions());
    }
    print("left with", task.cancelling());
}

asyncio::Coroutine<> victim(bool fail) {
    co_await asyncio::try_finally([]() -> asyncio::Coroutine<> { co_await asyncio::sleep(10); },
                                  [&]() -> asyncio::Coroutine<> { co_await cleanup(fail); });
}

asyncio::Coroutine<> amain() {
    for (bool fail : {false, true}) {
        auto task = asyncio::create_task(victim(fail));
        co_await asyncio::sleep(0);
        task.cancel();
        try {
            co_await task;
        } catch (const asyncio::CancelledError&) {
            print("cancelled", task.cancelled(), task.cancelling());
        }
    }
}

int main() { asyncio::run(amain()); }
