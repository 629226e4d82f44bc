// TMO-04, TMO-05, TMO-12: expiry cancels the task once; at exit that cancel is withdrawn and turned
// into TimeoutError (an OSError); a body that ends in time is left alone.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> amain() {
    auto me = asyncio::current_task();
    std::vector<Timeout> seen;
    try {
        co_await asyncio::async_with(asyncio::timeout(0.01), [&](Timeout t) -> Coroutine<> {
            seen.push_back(t);
            print(t.expired(), t.when() != std::nullopt);
            try {
                co_await asyncio::sleep(1000);
            } catch (const asyncio::CancelledError& e) {
                print("inside", asyncio::repr(e), t.expired(), me.cancelling());
                throw;
            }
        });
    } catch (const asyncio::OSError& e) {
        const bool is_timeout = dynamic_cast<const asyncio::TimeoutError*>(&e) != nullptr;
        print(asyncio::repr(e), is_timeout, seen[0].expired(), me.cancelling());
    }
    co_await asyncio::async_with(asyncio::timeout(1000), [&](Timeout t) -> Coroutine<> {
        seen.push_back(t);
        co_await asyncio::sleep(0);
        print("in time");
    });
    print(seen[1].expired(), me.cancelling());
    co_await asyncio::async_with(asyncio::timeout(std::nullopt), [&](Timeout t) -> Coroutine<> {
        print(t.when(), t.expired());
        co_await asyncio::sleep(0);
    });
    try {
        co_await asyncio::async_with(asyncio::timeout(1000), [&](Timeout) -> Coroutine<> {
            throw asyncio::ValueError("from the body");
            co_return;
        });
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e), me.cancelling());
    }
}

int main() { asyncio::run(amain()); }
