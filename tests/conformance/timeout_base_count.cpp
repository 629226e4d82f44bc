// TMO-10: a timeout entered while a cancellation is already counted (in a clean-up) still converts:
// the count at entry is the base, not zero.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> blocks(Timeout) { co_await asyncio::sleep(1000); }

Coroutine<> yields(Timeout) { co_await asyncio::sleep(0); }

Coroutine<std::string> worker() {
    auto me = asyncio::current_task();
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("cancelled", me.cancelling());
    }
    try {
        co_await asyncio::async_with(asyncio::timeout(0.005), blocks);
    } catch (const asyncio::TimeoutError& e) {
        print("clean-up", asyncio::repr(e), me.cancelling());
    }
    try {
        co_await asyncio::async_with(asyncio::timeout(0), blocks);
    } catch (const asyncio::TimeoutError& e) {
        print("clean-up", asyncio::repr(e), me.cancelling());
    }
    co_await asyncio::async_with(asyncio::timeout(1000), yields);
    int before = me.cancelling();
    print("in time", before, me.uncancel());
    co_return "value";
}

Coroutine<> amain() {
    auto task = asyncio::create_task(worker());
    co_await asyncio::sleep(0);
    task.cancel();
    print(co_await task);
    print(task.cancelled());
}

int main() { asyncio::run(amain()); }
