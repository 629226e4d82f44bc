// TSK-23: cancelling a task inside sleep removes its timer: the stale deadline neither wakes the
// next sleep of that task early nor keeps the loop busy.
#include "py.hpp"

asyncio::Coroutine<std::string> worker(std::string name) {
    try {
        co_await asyncio::sleep(0.01);
        print("not reached");
    } catch (const asyncio::CancelledError&) {
        print(name, "first sleep cancelled");
    }
    co_await asyncio::sleep(0.04);
    print(name, "second sleep over");
    co_return name;
}

asyncio::Coroutine<> distant() { co_await asyncio::sleep(3600); }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto a = asyncio::create_task(worker("a"));
    auto far = asyncio::create_task(distant());
    co_await asyncio::sleep(0);
    a.cancel();
    far.cancel();
    loop.call_soon([] { print("next batch"); });
    loop.call_later(0.02, [] { print("past the stale deadline"); });
    print(co_await a);
    try {
        co_await far;
    } catch (const asyncio::CancelledError&) {
        print("far cancelled", far.cancelled());
    }
    auto task = asyncio::create_task(asyncio::sleep(0, std::string("started late")));
    task.cancel();
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled());
}

int main() { asyncio::run(amain()); }
