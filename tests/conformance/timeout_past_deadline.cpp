// TMO-03: a deadline in the past expires by call_soon: a body that never suspends completes, one
// that suspends only in sleep(0) is interrupted; a blocking await costs two iterations.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<std::string> quick() { co_return "quick"; }

Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    for (int delay = 0; delay > -2; --delay) {
        auto t = asyncio::timeout(delay);
        co_await asyncio::async_with(
            t, [&](Timeout) -> Coroutine<> { print(co_await quick(), t.expired()); });
        co_await asyncio::sleep(0);
        print("after", t.expired());
        try {
            co_await asyncio::async_with(asyncio::timeout(delay), [](Timeout) -> Coroutine<> {
                co_await asyncio::sleep(0);
                print("not reached");
            });
        } catch (const asyncio::TimeoutError& e) {
            print(asyncio::repr(e));
        }
    }
    try {
        auto late = asyncio::timeout_at(loop.time() - 10);
        co_await asyncio::async_with(late, [&](Timeout t) -> Coroutine<> {
            loop.call_soon([&] { print("behind the expiry", t.expired()); });
            loop.call_soon([&] { loop.call_soon([] { print("second iteration"); }); });
            co_await asyncio::sleep(1000);
        });
    } catch (const asyncio::TimeoutError&) {
        print("timed out", asyncio::current_task().cancelling());
    }
}

int main() { asyncio::run(amain()); }
