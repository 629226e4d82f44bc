// Pins TGP-03, TGP-08: CancelledError raised by the body itself (nobody called cancel) cancels the
// children and leaves the block as it is; no group, no count.
#include "py.hpp"

asyncio::Coroutine<> child() {
    co_await asyncio::try_finally([]() -> asyncio::Coroutine<> { co_await asyncio::sleep(10); },
                                  []() -> asyncio::Coroutine<> {
                                      co_await asyncio::sleep(0);
                                      print("child gone");
                                  });
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(child());
                                         co_await asyncio::sleep(0);
                                         throw asyncio::CancelledError("own");
                                     });
    } catch (const asyncio::CancelledError& e) {
        print("left", asyncio::repr(e), task.cancelling());
    }
    co_await asyncio::sleep(0);
    print("goes on");
}

int main() { asyncio::run(amain()); }
