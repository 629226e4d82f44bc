// TSK-07, TSK-16, TSK-18: awaiting a task that is already cancelled raises without an iteration and
// does not count as a request; swallowing it leaves the awaiter untouched.
#include "py.hpp"

asyncio::Coroutine<> stuck() { co_await asyncio::sleep(1000); }

asyncio::Coroutine<> awaits(asyncio::Task<void> task) {
    co_await task;
    print("not reached");
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto me = asyncio::current_task();
    auto task = asyncio::create_task(stuck());
    co_await asyncio::sleep(0);
    task.cancel("once");
    co_await asyncio::wait(std::vector(1, task));
    loop.call_soon([] { print("an iteration passed"); });
    try {
        co_await task;
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::type_name(e), me.cancelling());
    }
    print(task.cancel(), me.cancelled());
    co_await asyncio::sleep(0);
    print("main goes on");
    auto other = asyncio::create_task(awaits(task));
    co_await asyncio::wait(std::vector(1, other));
    print(other.cancelled(), other.cancelling());
    auto pending = asyncio::create_task(stuck());
    auto waiting = asyncio::create_task(awaits(pending));
    co_await asyncio::sleep(0);
    pending.cancel("inner only");
    co_await asyncio::wait(std::vector(1, waiting));
    print(waiting.cancelled(), waiting.cancelling(), pending.cancelled());
}

int main() { asyncio::run(amain()); }
