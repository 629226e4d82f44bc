// TSK-42, TSK-22: the caller is cancelled while wait_for waits for an expired inner that is slow to
// end: the outside cancel wins over TimeoutError; an inner that refuses twice still gives its
// value, and the caller keeps the count.
#include "py.hpp"

asyncio::Coroutine<std::string> slow(bool refuse) {
    for (int i = 0; i < 2; ++i) {
        try {
            co_await asyncio::sleep(1000);
        } catch (const asyncio::CancelledError& e) {
            print("inner", asyncio::repr(e));
        }
    }
    if (!refuse) throw asyncio::CancelledError("gives in");
    co_return "refused twice";
}

asyncio::Coroutine<> caller(asyncio::Task<std::string> inner) {
    auto me = asyncio::current_task();
    try {
        print("got", co_await asyncio::wait_for(inner, 0.005));
    } catch (const asyncio::TimeoutError& e) {
        print("caller", asyncio::repr(e), me.cancelling());
    } catch (const asyncio::CancelledError& e) {
        print("caller", asyncio::repr(e), me.cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    for (int refuse = 0; refuse < 2; ++refuse) {
        auto inner = asyncio::create_task(slow(refuse));
        auto task = asyncio::create_task(caller(inner));
        co_await asyncio::sleep(0.02);
        print("expired", inner.cancelling(), task.cancelling());
        task.cancel("outside");
        co_await asyncio::wait(std::vector(1, task));
        print(task.cancelled(), inner.cancelled(), task.cancelling());
    }
}

int main() { asyncio::run(amain()); }
