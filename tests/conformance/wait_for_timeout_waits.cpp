// TSK-42: on expiry wait_for cancels the inner and waits for it to end before raising TimeoutError;
// an inner that raises something else passes that on.
#include "py.hpp"

struct Finally {
    ~Finally() { print("inner ends"); }
};

asyncio::Coroutine<> slow(bool error) {
    [[maybe_unused]] Finally guard;
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("cancel seen");
        if (error) throw asyncio::ValueError("while unwinding");
        throw;
    }
}

asyncio::Coroutine<> cleanup() {
    auto body = []() -> asyncio::Coroutine<> { co_await asyncio::sleep(1000); };
    auto finally = []() -> asyncio::Coroutine<> {
        for (int i = 0; i < 3; ++i) {
            co_await asyncio::sleep(0);
            print("cleanup", i);
        }
    };
    co_await asyncio::try_finally(body, finally);
}

asyncio::Coroutine<> amain() {
    for (int error = 0; error < 2; ++error) {
        auto task = asyncio::create_task(slow(error));
        try {
            co_await asyncio::wait_for(task, 0.01);
        } catch (const asyncio::TimeoutError& e) {
            print(asyncio::repr(e));
        } catch (const asyncio::ValueError& e) {
            print(asyncio::repr(e));
        }
        print(task.done(), task.cancelled());
    }
    auto task = asyncio::create_task(cleanup());
    try {
        co_await asyncio::wait_for(task, 0.01);
    } catch (const asyncio::TimeoutError&) {
        print("timed out", task.done(), task.cancelled());
    }
    print(asyncio::current_task().cancelling());
}

int main() { asyncio::run(amain()); }
