// TSK-13, TSK-26: an eager task that is suspended is cancelled like any other; one that is finished
// refuses; a cancelled one cannot have skipped its start.
#include "py.hpp"

asyncio::Coroutine<> work(std::string name) {
    print("start", name);
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError& e) {
        print(name, asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<std::string> quick() { co_return "quick"; }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_task_factory(asyncio::eager_task_factory);
    auto task = asyncio::create_task(work("a"));
    bool accepted = task.cancel("stop");
    print(accepted, task.cancelling(), task.cancelled());
    loop.call_soon([] { print("behind the wake-up"); });
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print("cancelled", task.cancelled());
    }
    auto done = asyncio::create_task(quick());
    bool refused = done.cancel();
    print(refused, done.cancelled(), done.result());
    try {
        co_await asyncio::async_with(asyncio::timeout(0),
                                     [](asyncio::Timeout) -> asyncio::Coroutine<> {
                                         co_await asyncio::create_task(work("b"));
                                     });
    } catch (const asyncio::TimeoutError& e) {
        print(asyncio::repr(e), asyncio::current_task().cancelling());
    }
}

int main() { asyncio::run(amain()); }
