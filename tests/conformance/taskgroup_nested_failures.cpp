// Pins TGP-10: inner and outer group fail in the same iteration; the inner one must not swallow the
// cancel that the outer one sent to the parent. (Python 3.13; older ones hang or lose it)
#include "py.hpp"

asyncio::Coroutine<> fail(std::string name) {
    co_await asyncio::sleep(0);
    print("fails", name);
    throw asyncio::ValueError(name);
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(
            asyncio::TaskGroup{}, [&](asyncio::TaskGroup outer) -> asyncio::Coroutine<> {
                outer.create_task(fail("outer child"));
                try {
                    co_await asyncio::async_with(
                        asyncio::TaskGroup{}, [](asyncio::TaskGroup inner) -> asyncio::Coroutine<> {
                            inner.create_task(fail("inner child"));
                            co_return;
                        });
                } catch (const asyncio::ExceptionGroup& g) {
                    print("inner", g.exceptions(), task.cancelling());
                }
                print("between");
                try {
                    co_await asyncio::sleep(10);
                    print("not reached");
                } catch (const asyncio::CancelledError&) {
                    print("outer cancels the body", task.cancelling());
                    throw;
                }
            });
    } catch (const asyncio::ExceptionGroup& g) {
        print("outer", g.exceptions(), task.cancelling());
    }
    co_await asyncio::sleep(0);
    print("cancelling", task.cancelling());
}

int main() { asyncio::run(amain()); }
