// TMO-04, TMO-01: a timeout cancels only the task that entered it, not its children; a child's
// CancelledError inside the block is not taken for the expiry.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> child(std::string name) {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
        throw;
    }
}

Coroutine<> amain() {
    auto me = asyncio::current_task();
    auto a = asyncio::create_task(child("a"));
    try {
        co_await asyncio::async_with(asyncio::timeout(0.005), [&](Timeout) -> Coroutine<> {
            co_await asyncio::wait(std::vector(1, a));
        });
    } catch (const asyncio::TimeoutError& e) {
        print(asyncio::repr(e), a.done(), me.cancelling());
    }
    try {
        co_await asyncio::async_with(asyncio::timeout(0.005),
                                     [&](Timeout) -> Coroutine<> { co_await a; });
    } catch (const asyncio::TimeoutError& e) {
        print(asyncio::repr(e), a.cancelled(), me.cancelling());
    }
    auto b = asyncio::create_task(child("b"));
    std::vector<Timeout> timeouts;
    try {
        co_await asyncio::async_with(asyncio::timeout(1000), [&](Timeout t) -> Coroutine<> {
            timeouts.push_back(t);
            co_await asyncio::sleep(0);
            b.cancel("not the timeout");
            co_await b;
        });
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), timeouts[0].expired(), me.cancelling());
    }
    auto c = asyncio::create_task(child("c"));
    try {
        co_await asyncio::async_with(asyncio::timeout(0.005),
                                     [&](Timeout) -> Coroutine<> { co_await asyncio::shield(c); });
    } catch (const asyncio::TimeoutError& e) {
        print(asyncio::repr(e), c.done(), me.cancelling());
    }
    c.cancel();
    co_await asyncio::wait(std::vector(1, c));
}

int main() { asyncio::run(amain()); }
