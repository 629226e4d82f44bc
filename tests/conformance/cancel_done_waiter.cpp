// TSK-12: the awaited future is already done when cancel() comes (the wake-up is queued): the next
// step throws CancelledError instead of delivering the result, which stays on the future.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<> waiter(Fut fut) {
    try {
        print("result", co_await fut);
    } catch (const asyncio::CancelledError& e) {
        print("waiter", asyncio::repr(e));
        throw;
    } catch (const asyncio::ValueError& e) {
        print("waiter", asyncio::repr(e));
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<std::string>();
    auto task = asyncio::create_task(waiter(fut));
    co_await asyncio::sleep(0);
    fut.set_result("lost");
    bool accepted = task.cancel("too late for the result");
    print(accepted, fut.cancelled(), task.cancelling());
    co_await asyncio::wait(std::vector(1, task));
    print("task", task.cancelled(), "future", fut.result());

    auto failed = loop.create_future<std::string>();
    task = asyncio::create_task(waiter(failed));
    co_await asyncio::sleep(0);
    failed.set_exception(asyncio::ValueError("lost too"));
    task.cancel();
    co_await asyncio::wait(std::vector(1, task));
    print("task", task.cancelled(), "future", asyncio::repr(failed.exception()));

    fut = loop.create_future<std::string>();
    task = asyncio::create_task(waiter(fut));
    co_await asyncio::sleep(0);
    task.cancel("first");
    print("future", fut.cancelled());
    co_await asyncio::wait(std::vector(1, task));
    print("task", task.cancelled());
}

int main() { asyncio::run(amain()); }
