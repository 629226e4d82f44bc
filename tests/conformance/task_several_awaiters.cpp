// TSK-07, TSK-47: several tasks await one task: all get its result (or the same error) in the order
// in which they began to wait, one iteration after it finished.
#include "py.hpp"

asyncio::Coroutine<int> target(bool fail) {
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("target ends");
    if (fail) throw asyncio::ValueError("shared");
    co_return 10;
}

asyncio::Coroutine<> waiter(std::string name, asyncio::Task<int> task) {
    try {
        print(name, co_await task);
    } catch (const asyncio::ValueError& e) {
        print(name, asyncio::repr(e));
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    for (int fail = 0; fail < 2; ++fail) {
        auto task = asyncio::create_task(target(fail));
        std::vector<asyncio::Task<void>> waiters;
        for (auto n : {"a", "b", "c"}) waiters.push_back(asyncio::create_task(waiter(n, task)));
        task.add_done_callback([&] { loop.call_soon([] { print("after the waiters"); }); });
        co_await waiters[2];
        auto late = asyncio::create_task(waiter("late", task));
        co_await late;
        std::vector<bool> done;
        for (const auto& w : waiters) done.push_back(w.done());
        print(done);
    }
}

int main() { asyncio::run(amain()); }
