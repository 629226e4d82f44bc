// TSK-20: uncancel() returns what is left and never goes below 0; reaching 0 withdraws a request
// that was not delivered yet, so the body runs as if nobody had cancelled.
#include "py.hpp"

asyncio::Coroutine<std::string> worker() {
    print("worker runs");
    co_await asyncio::sleep(0);
    print("worker ends");
    co_return "value";
}

asyncio::Coroutine<> itself() {
    auto task = asyncio::current_task();
    task.cancel();
    task.cancel();
    print("left", task.uncancel());
    print("left", task.uncancel());
    co_await asyncio::sleep(0);
    print("not interrupted");
    task.cancel();
    task.cancel();
    print("left", task.uncancel());
    try {
        co_await asyncio::sleep(0);
    } catch (const asyncio::CancelledError&) {
        print("one request was left");
    }
}

// print(task.uncancel(), task.cancelling()) in Python's order of evaluation.
void show(asyncio::Task<std::string> task) {
    int left = task.uncancel();
    print(left, task.cancelling());
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(worker());
    show(task);
    task.cancel();
    show(task);
    show(task);
    print(co_await task);
    print(task.cancelled());
    co_await asyncio::create_task(itself());
    task = asyncio::create_task(worker());
    task.cancel();
    task.cancel();
    show(task);
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print("cancelled", task.cancelled());
    }
}

int main() { asyncio::run(amain()); }
