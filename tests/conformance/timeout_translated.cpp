// TMO-06, TMO-07: a body that turns the expiry's cancel into another exception keeps that one; a
// body that swallows it ends normally; expired() is true and the count is restored in both.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> translate() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        throw asyncio::ValueError("translated");
    }
}

Coroutine<> swallow() {
    auto me = asyncio::current_task();
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("swallowed", me.cancelling());
    }
    co_await asyncio::sleep(0);
    print("body goes on");
}

Coroutine<> amain() {
    auto me = asyncio::current_task();
    std::vector<Timeout> timeouts;
    try {
        co_await asyncio::async_with(asyncio::timeout(0.005), [&](Timeout t) -> Coroutine<> {
            timeouts.push_back(t);
            co_await translate();
        });
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e), timeouts[0].expired(), me.cancelling());
    }
    co_await asyncio::async_with(asyncio::timeout(0.005), [&](Timeout t) -> Coroutine<> {
        timeouts.push_back(t);
        co_await swallow();
    });
    print("no TimeoutError", timeouts[1].expired(), me.cancelling());
    try {
        co_await asyncio::async_with(asyncio::timeout(1000), [&](Timeout t) -> Coroutine<> {
            timeouts.push_back(t);
            throw asyncio::CancelledError("raised by the body");
            co_return;
        });
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), timeouts[2].expired(), me.cancelling());
    }
}

int main() { asyncio::run(amain()); }
