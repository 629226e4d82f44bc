// FUT-07: "Task exception was never retrieved" for a dropped failed task, with its name reachable;
// a cancelled task and a retrieved one report nothing, a cancelled waiter is not a retrieval.
#include "py.hpp"

using IntTask = asyncio::Task<int>;

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler:", context.message, asyncio::repr(context.exception));
}

asyncio::Coroutine<int> fail(std::string text) {
    co_await asyncio::sleep(0);
    throw asyncio::ValueError(text);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_exception_handler(handler);
    auto task = asyncio::create_task(fail("dropped after the end"));
    for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
    print("finished, still held");
    task = IntTask();
    co_await asyncio::sleep(0);
    task = asyncio::create_task(fail("read"));
    co_await asyncio::wait(std::vector(1, task));
    print(asyncio::repr(task.exception()));
    task = IntTask();
    task = asyncio::create_task(fail("cancelled"));
    task.cancel();
    co_await asyncio::wait(std::vector(1, task));
    task = IntTask();
    co_await asyncio::sleep(0);
    task = asyncio::create_task(fail("awaited"));
    try {
        co_await task;
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    task = IntTask();
    print("end");
}

int main() { asyncio::run(amain()); }
