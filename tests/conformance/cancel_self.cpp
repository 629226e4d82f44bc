// TSK-14: a running task that cancels itself gets the exception at its next suspension; awaits that
// do not suspend are not interrupted; returning without suspending ends the task cancelled.
#include "py.hpp"

asyncio::Coroutine<std::string> quick() { co_return "quick"; }

asyncio::Coroutine<std::string> suspends() {
    auto& loop = asyncio::get_running_loop();
    auto done = loop.create_future<std::string>();
    done.set_result("done");
    asyncio::current_task().cancel("me");
    print(co_await quick());
    print(co_await done);
    try {
        co_await asyncio::sleep(0);
        print("must not get here");
    } catch (const asyncio::CancelledError& e) {
        print("at the suspension", asyncio::repr(e));
    }
    co_await asyncio::sleep(0);
    co_return "went on";
}

asyncio::Coroutine<std::string> returns() {
    asyncio::current_task().cancel("returning");
    co_return "lost value";
}

asyncio::Coroutine<std::string> raises() {
    asyncio::current_task().cancel();
    throw asyncio::ValueError("wins");
    co_return "";
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(suspends());
    print(co_await task);
    task = asyncio::create_task(returns());
    try {
        print(co_await task);
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), task.cancelled());
    }
    task = asyncio::create_task(raises());
    try {
        co_await task;
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e), task.cancelled(), task.cancelling());
    }
}

int main() { asyncio::run(amain()); }
