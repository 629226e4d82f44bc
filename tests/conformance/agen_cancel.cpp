// Pins AGN-03, TSK-13, AGN-05: cancelling the consumer while it waits inside the generator throws
// at the generator's await; its clean-up, awaits included, runs before the task ends.
#include "py.hpp"

asyncio::AsyncGenerator<int> source() {
    std::exception_ptr error;
    try {
        try {
            co_yield 1;
            co_await asyncio::sleep(10);
            co_yield 2;
        } catch (const asyncio::CancelledError&) {
            print("generator cancelled");
            throw;
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await asyncio::sleep(0);
    print("generator cleaned up");
    if (error) std::rethrow_exception(error);
}

asyncio::Coroutine<> consumer(asyncio::AsyncGenerator<int>& g) {
    try {
        for (;;) {
            auto x = co_await g.next();
            if (!x) break;
            print("got", *x);
        }
    } catch (const asyncio::CancelledError&) {
        print("consumer cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto g = source();
    auto task = asyncio::create_task(consumer(g));
    co_await asyncio::sleep(0);
    task.cancel();
    std::vector<asyncio::Task<>> tasks{task};
    co_await asyncio::wait(tasks);
    auto end = co_await g.next();
    print(task.cancelled(), end);
}

int main() { asyncio::run(amain()); }
