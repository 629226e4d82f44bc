// TSK-42, TSK-43: cancelling the task in wait_for cancels the inner and propagates CancelledError,
// also when the inner finishes in the same batch: an outer cancellation is never lost.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<std::string> inner(Fut fut) {
    try {
        co_return co_await fut;
    } catch (const asyncio::CancelledError& e) {
        print("inner", asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> caller(Fut aw) {
    try {
        print("got", co_await asyncio::wait_for(aw, 1000));
    } catch (const asyncio::CancelledError& e) {
        print("caller", asyncio::repr(e), asyncio::current_task().cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto i = asyncio::create_task(inner(loop.create_future<std::string>()));
    auto task = asyncio::create_task(caller(i));
    co_await asyncio::sleep(0);
    task.cancel("outside");
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled(), i.cancelled());

    auto fut = loop.create_future<std::string>();
    task = asyncio::create_task(caller(fut));
    co_await asyncio::sleep(0);
    fut.set_result("same batch");
    task.cancel("not lost");
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled(), fut.result());

    i = asyncio::create_task(inner(loop.create_future<std::string>()));
    task = asyncio::create_task(caller(i));
    co_await asyncio::sleep(0);
    i.cancel("inner only");
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled(), task.cancelling());
}

int main() { asyncio::run(amain()); }
