// TSK-41: wait_for(timeout <= 0): a finished future gives its value, anything else is cancelled and
// awaited and TimeoutError raised; a coroutine never starts.
#include "py.hpp"

asyncio::Coroutine<> work(std::string name) {
    print("must not start", name);
    co_await asyncio::sleep(0);
}

asyncio::Coroutine<std::string> stubborn(bool error) {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("stubborn sees the cancel");
    }
    co_await asyncio::sleep(0);
    if (error) throw asyncio::ValueError("instead");
    co_return "in spite of the cancel";
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<std::string>();
    fut.set_result("ready");
    print(co_await asyncio::wait_for(fut, 0));
    for (int timeout = 0; timeout > -2; --timeout) {
        try {
            co_await asyncio::wait_for(work(std::to_string(timeout)), timeout);
        } catch (const asyncio::TimeoutError& e) {
            print(asyncio::repr(e), asyncio::current_task().cancelling());
        }
    }
    auto pending = loop.create_future();
    try {
        co_await asyncio::wait_for(pending, 0);
    } catch (const asyncio::TimeoutError&) {
        print("pending cancelled", pending.cancelled());
    }
    for (int error = 0; error < 2; ++error) {
        auto task = asyncio::create_task(stubborn(error));
        co_await asyncio::sleep(0);
        try {
            print(co_await asyncio::wait_for(task, 0));
        } catch (const asyncio::ValueError& e) {
            print(asyncio::repr(e));
        }
        print(task.cancelled());
    }
}

int main() { asyncio::run(amain()); }
