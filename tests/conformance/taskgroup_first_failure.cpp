// Pins TGP-02, TGP-09: the first failing child cancels its sibling and interrupts a body that still
// runs; the parent's cancel request is withdrawn at exit, so the next await is not cancelled.
#include "py.hpp"

asyncio::Coroutine<> fail() {
    co_await asyncio::sleep(0);
    print("child fails");
    throw asyncio::ValueError("boom");
}

asyncio::Coroutine<> sibling() {
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        print("sibling cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(sibling());
                                         tg.create_task(fail());
                                         try {
                                             co_await asyncio::sleep(10);
                                         } catch (const asyncio::CancelledError&) {
                                             print("body cancelled", task.cancelling());
                                             throw;
                                         }
                                         print("not reached");
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(asyncio::str(g), g.exceptions());
    }
    print("cancelling", task.cancelling());
    co_await asyncio::sleep(0);
    print("goes on");
}

int main() { asyncio::run(amain()); }
