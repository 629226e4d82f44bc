// TSK-19, TSK-22: another exception thrown while unwinding a cancellation wins: the task ends with
// it and is not cancelled; the count stays.
#include "py.hpp"

asyncio::Coroutine<> worker() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        throw asyncio::ValueError("while unwinding");
    }
}

asyncio::Coroutine<> middle() {
    try {
        co_await worker();
    } catch (const asyncio::ValueError& e) {
        print("middle", asyncio::repr(e));
        throw asyncio::RuntimeError("translated");
    }
}

asyncio::Coroutine<> amain() {
    for (auto body : {worker, middle}) {
        auto task = asyncio::create_task(body());
        co_await asyncio::sleep(0);
        task.cancel();
        co_await asyncio::wait(std::vector(1, task));
        print(task.exception(), task.cancelled(), task.cancelling());
        try {
            co_await task;
        } catch (const asyncio::Exception& e) {
            print("main", asyncio::repr(e));
        }
    }
}

int main() { asyncio::run(amain()); }
