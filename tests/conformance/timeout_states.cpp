// TMO-01, TMO-02: entering twice and reschedule() before entry, while expiring and after exit are
// RuntimeErrors with the documented texts.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();

    auto attempt = [&](Timeout t) {
        try {
            t.reschedule(loop.time() + 1);
        } catch (const asyncio::RuntimeError& e) {
            print("RuntimeError", asyncio::str(e));
        }
    };

    auto t = asyncio::timeout(1000);
    attempt(t);
    co_await asyncio::async_with(t, [&](Timeout) -> Coroutine<> {
        attempt(t);
        print("active", t.when().value() < loop.time() + 2);
        co_return;
    });
    attempt(t);
    try {
        co_await asyncio::async_with(t, [](Timeout) -> Coroutine<> {
            print("not reached");
            co_return;
        });
    } catch (const asyncio::RuntimeError& e) {
        print("RuntimeError", asyncio::str(e));
    }
    auto expiring = asyncio::timeout(0);
    try {
        co_await asyncio::async_with(expiring, [&](Timeout) -> Coroutine<> {
            try {
                co_await asyncio::sleep(1000);
            } catch (const asyncio::CancelledError&) {
                attempt(expiring);
                throw;
            }
        });
    } catch (const asyncio::TimeoutError&) {
        attempt(expiring);
    }
}

int main() { asyncio::run(amain()); }
