// TMO-13: the known wart kept for parity: timeout(0) entered after an outside cancel() that is not
// delivered yet swallows that cancel (cpython#134471).
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> blocks(Timeout) { co_await asyncio::sleep(1000); }

Coroutine<std::string> worker() {
    auto me = asyncio::current_task();
    me.cancel("outside, not delivered");
    print("before", me.cancelling());
    try {
        co_await asyncio::async_with(asyncio::timeout(0), blocks);
    } catch (const asyncio::TimeoutError& e) {
        print(asyncio::repr(e), me.cancelling());
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), me.cancelling());
        throw;
    }
    co_await asyncio::sleep(0);
    print("went on", me.cancelling());
    co_return "value";
}

Coroutine<> amain() {
    auto task = asyncio::create_task(worker());
    try {
        print(co_await task);
    } catch (const asyncio::CancelledError& e) {
        print("main", asyncio::repr(e));
    }
    print(task.cancelled(), task.cancelling());
}

int main() { asyncio::run(amain()); }
