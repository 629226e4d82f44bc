// TSK-37, TSK-42: wait_for(shield(task), t), the idiom for a deadline that must not kill the work:
// the caller times out at once, the work goes on, and a second attempt gets its result.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<std::string> work(Fut fut) {
    try {
        co_return co_await fut;
    } catch (const asyncio::CancelledError&) {
        print("must not be cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<std::string>();
    auto task = asyncio::create_task(work(fut));
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            print(co_await asyncio::wait_for(asyncio::shield(task), 0.005));
        } catch (const asyncio::TimeoutError& e) {
            print("attempt", attempt, asyncio::repr(e), task.done(), task.cancelling());
        }
    }
    try {
        co_await asyncio::wait_for(asyncio::shield(task), 0);
    } catch (const asyncio::TimeoutError&) {
        print("timeout 0", task.done());
    }
    fut.set_result("value");
    print(co_await asyncio::wait_for(asyncio::shield(task), 1000));
    print(co_await asyncio::wait_for(asyncio::shield(task), 0));
    print(task.cancelled(), asyncio::current_task().cancelling());
}

int main() { asyncio::run(amain()); }
