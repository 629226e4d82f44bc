// Pins TGP-02, TGP-04: a body that swallows the group's cancel and ends normally still gets the
// group raised at exit, and the request is withdrawn once.
#include "py.hpp"

asyncio::Coroutine<> fail() {
    co_await asyncio::sleep(0);
    throw asyncio::ValueError("child");
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(fail());
                                         try {
                                             co_await asyncio::sleep(10);
                                         } catch (const asyncio::CancelledError&) {
                                             print("swallowed", task.cancelling());
                                         }
                                         co_await asyncio::sleep(0);
                                         print("body ends normally");
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(asyncio::str(g), g.exceptions());
    }
    print("cancelling", task.cancelling());
}

int main() { asyncio::run(amain()); }
