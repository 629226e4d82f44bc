// TSK-22, DESIGN 1.3: cancelling a task that awaits a task cancels the inner one first; an inner
// task that refuses gives its value to the outer, which is then not cancelled (count stays 1).
#include "py.hpp"

asyncio::Coroutine<std::string> inner(bool refuse) {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError& e) {
        print("inner", asyncio::repr(e), asyncio::current_task().cancelling());
        if (!refuse) throw;
    }
    co_await asyncio::sleep(0);
    co_return "inner value";
}

asyncio::Coroutine<std::string> outer(asyncio::Task<std::string> task) {
    auto me = asyncio::current_task();
    try {
        auto value = co_await task;
        print("outer got", value, me.cancelling());
        co_return "outer value";
    } catch (const asyncio::CancelledError& e) {
        print("outer", asyncio::repr(e), me.cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    for (int refuse = 0; refuse < 2; ++refuse) {
        auto i = asyncio::create_task(inner(refuse));
        auto o = asyncio::create_task(outer(i));
        co_await asyncio::sleep(0);
        o.cancel("stop");
        print("requested", i.cancelling(), o.cancelling());
        co_await asyncio::wait(std::vector(1, o));
        print("inner", i.cancelled(), "outer", o.cancelled(), o.cancelling());
    }
}

int main() { asyncio::run(amain()); }
