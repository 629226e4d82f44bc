// TMO-09: both deadlines of nested timeouts expire in one iteration: each cancel is counted, each
// exit withdraws its own; which of them raises is decided by the counts alone.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> run(double outer_delay, double inner_delay) {
    auto me = asyncio::current_task();
    auto outer = asyncio::timeout(outer_delay), inner = asyncio::timeout(inner_delay);
    auto block = [&](Timeout) -> Coroutine<> {
        try {
            co_await asyncio::sleep(1000);
        } catch (const asyncio::CancelledError&) {
            print("cancelled", outer.expired(), inner.expired(), me.cancelling());
            throw;
        }
    };
    auto outer_block = [&](Timeout) -> Coroutine<> {
        try {
            co_await asyncio::async_with(inner, block);
        } catch (const asyncio::TimeoutError&) {
            print("inner TimeoutError", me.cancelling());
            throw;
        } catch (const asyncio::CancelledError&) {
            print("between: CancelledError", me.cancelling());
            throw;
        }
    };
    try {
        co_await asyncio::async_with(outer, outer_block);
    } catch (const asyncio::TimeoutError&) {
        print("outer TimeoutError", outer.expired(), inner.expired());
    }
    print("end", me.cancelling());
}

Coroutine<> amain() {
    co_await run(0, 0);
    co_await run(-1, 0);
    co_await asyncio::sleep(0);
    print("not interrupted later");
}

int main() { asyncio::run(amain()); }
