// TSK-18: raising a fresh CancelledError with no cancel() request marks the task cancelled, with
// that exception's message; awaiting a cancelled future inside a task does the same.
#include "py.hpp"

asyncio::Coroutine<> fresh() {
    co_await asyncio::sleep(0);
    throw asyncio::CancelledError("fresh");
}

asyncio::Coroutine<> passes_on(asyncio::Future<void> fut) { co_await fut; }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto task = asyncio::create_task(fresh());
    try {
        co_await task;
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), task.cancelled(), task.cancelling());
    }
    auto fut = loop.create_future();
    fut.cancel("future");
    task = asyncio::create_task(passes_on(fut));
    try {
        co_await task;
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), task.cancelled(), task.cancelling());
    }
    try {
        task.exception();
    } catch (const asyncio::CancelledError&) {
        print("exception() raises CancelledError");
    }
    try {
        co_await fresh();
    } catch (const asyncio::CancelledError& e) {
        print("inline", asyncio::repr(e), asyncio::current_task().cancelling());
    }
}

int main() { asyncio::run(amain()); }
