// TSK-23, TSK-30: a cancelled sleep raises at once; cancelling during sleep(0) is delivered at the
// very next step; a sleep whose timer fired in the cancel's batch is cancelled all the same.
#include "py.hpp"

#include <thread>

asyncio::Coroutine<> sleeper(double delay) {
    try {
        co_await asyncio::sleep(delay);
        print("slept", delay);
    } catch (const asyncio::CancelledError& e) {
        print("cancelled", delay, asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    for (double delay : {1000.0, 0.0, -1.0}) {
        auto task = asyncio::create_task(sleeper(delay));
        co_await asyncio::sleep(0);
        bool accepted = task.cancel("in the sleep");
        loop.call_soon([] { print("next batch"); });
        co_await asyncio::wait(std::vector(1, task));
        print(accepted, task.cancelled());
    }
    auto task = asyncio::create_task(sleeper(0.001));
    co_await asyncio::sleep(0);
    loop.call_later(0.002, [&] { task.cancel("both timers due"); });
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled());
}

int main() { asyncio::run(amain()); }
