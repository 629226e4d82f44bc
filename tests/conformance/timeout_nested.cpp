// TMO-09: nested timeouts: the inner one expiring does not disturb the outer, the outer one
// expiring passes through the inner untouched; the count after all exits is the one before.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;
using Delay = std::optional<asyncio::Seconds>;

Coroutine<> run(Delay outer_delay, Delay inner_delay) {
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
        bool timed_out = false;
        try {
            co_await asyncio::async_with(inner, block);
        } catch (const asyncio::TimeoutError&) {
            timed_out = true;
        }
        if (timed_out) {
            print("inner timed out", outer.expired(), inner.expired(), me.cancelling());
            co_await asyncio::sleep(0);
            print("outer body goes on");
        }
    };
    try {
        co_await asyncio::async_with(outer, outer_block);
    } catch (const asyncio::TimeoutError&) {
        print("outer timed out", outer.expired(), inner.expired(), me.cancelling());
    }
    print("end", me.cancelling());
}

Coroutine<> amain() {
    co_await run(1000, 0.005);
    co_await run(0.005, 1000);
    co_await run(0.005, std::nullopt);
}

int main() { asyncio::run(amain()); }
