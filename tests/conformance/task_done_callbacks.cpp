// TSK-47, FUT-03: at completion a task schedules its done callbacks and waiters in registration
// order for the next iteration; the code after the last step's batch cannot see them run early.
#include "py.hpp"

using IntTask = asyncio::Task<int>;

asyncio::Coroutine<int> child() {
    auto& loop = asyncio::get_running_loop();
    print("child");
    loop.call_soon([] { print("soon from child"); });
    co_return 1;
}

asyncio::Coroutine<> waiter(IntTask task) { print("waiter", co_await task); }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto task = asyncio::create_task(child());
    task.add_done_callback([&](IntTask t) { print("cb 1", t.result(), t == task); });
    auto w = asyncio::create_task(waiter(task));
    loop.call_soon([&] { task.add_done_callback([] { print("cb 2"); }); });
    loop.call_soon([&] { print("same batch, done", task.done()); });
    co_await asyncio::sleep(0);
    print("main, done", task.done(), w.done());
    co_await asyncio::sleep(0);
    task.add_done_callback([] { print("cb 3"); });
    print("cb 3 added");
    co_await asyncio::sleep(0);
    print(w.done());
}

int main() { asyncio::run(amain()); }
