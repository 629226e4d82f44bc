// TSK-27: an exception raised in the eager step is stored in the task, not thrown from create_task;
// so is a CancelledError, which makes the task cancelled.
#include "py.hpp"

asyncio::Coroutine<> fail() {
    print("fails at once");
    throw asyncio::ValueError("eager");
    co_return;
}

asyncio::Coroutine<> cancels() {
    throw asyncio::CancelledError("by itself");
    co_return;
}

asyncio::Coroutine<> self_cancel() {
    asyncio::current_task().cancel("requested");
    try {
        co_await asyncio::sleep(0);
    } catch (const asyncio::CancelledError& e) {
        print("next suspension", asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::get_running_loop().set_task_factory(asyncio::eager_task_factory);
    auto task = asyncio::create_task(fail());
    print("created", task.done(), asyncio::repr(task.exception()));
    try {
        co_await task;
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    task = asyncio::create_task(cancels());
    print("created", task.done(), task.cancelled());
    task = asyncio::create_task(self_cancel());
    print("created", task.done(), task.cancelling());
    try {
        co_await task;
    } catch (const asyncio::CancelledError& e) {
        print("main", asyncio::repr(e), task.cancelled());
    }
}

int main() { asyncio::run(amain()); }
