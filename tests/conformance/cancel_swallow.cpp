// TSK-16: swallowing CancelledError is legal: the task goes on, finishes normally, cancelled() is
// false, cancelling() stays above 0 until uncancel().
#include "py.hpp"

asyncio::Coroutine<std::string> stubborn(bool withdraw) {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("swallowed", task.cancelling());
    }
    if (withdraw) print("uncancel", task.uncancel());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("still here", task.cancelling());
    co_return "value";
}

asyncio::Coroutine<> amain() {
    for (int withdraw = 0; withdraw < 2; ++withdraw) {
        auto task = asyncio::create_task(stubborn(withdraw));
        co_await asyncio::sleep(0);
        task.cancel();
        co_await asyncio::sleep(0);
        print("after the cancel", task.done(), task.cancelling());
        print(co_await task);
        print(task.cancelled(), task.cancelling());
    }
}

int main() { asyncio::run(amain()); }
