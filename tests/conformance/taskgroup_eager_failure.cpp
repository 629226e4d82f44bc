// Pins TGP-14, TSK-25: eager children run inside create_task; one that fails at once must not
// interrupt the body before its next suspension, because the failure goes through a done callback.
// (Python 3.14)
#include "py.hpp"

asyncio::Coroutine<> fail() {
    print("eager child raises");
    throw asyncio::ValueError("eager");
    co_return;
}

asyncio::Coroutine<> waits() {
    print("eager child starts");
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        print("eager child cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::get_running_loop().set_task_factory(asyncio::eager_task_factory);
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         auto failed = tg.create_task(fail());
                                         print("created", failed.done(), task.cancelling());
                                         tg.create_task(waits());
                                         print("body still here", task.cancelling());
                                         try {
                                             co_await asyncio::sleep(10);
                                         } catch (const asyncio::CancelledError&) {
                                             print("body cancelled", task.cancelling());
                                             throw;
                                         }
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(g.exceptions(), task.cancelling());
    }
}

int main() { asyncio::run(amain()); }
