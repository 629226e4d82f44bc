// Pins TGP-03: a child that ends cancelled (from outside, or raising CancelledError itself) is no
// failure: siblings, body and parent go on and nothing is raised.
#include "py.hpp"

asyncio::Coroutine<> worker(std::string name) {
    try {
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print(name, "finished");
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
        throw;
    }
}

asyncio::Coroutine<> quits() {
    print("quits");
    throw asyncio::CancelledError();
    co_return;
}

asyncio::Coroutine<> amain() {
    asyncio::Task<> a, b, c;
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     a = tg.create_task(worker("a"));
                                     b = tg.create_task(worker("b"));
                                     c = tg.create_task(quits());
                                     co_await asyncio::sleep(0);
                                     print("cancel", a.cancel());
                                     co_await asyncio::sleep(0);
                                     print("body goes on");
                                 });
    print(a.cancelled(), b.cancelled(), c.cancelled());
    print("cancelling", asyncio::current_task().cancelling());
}

int main() { asyncio::run(amain()); }
