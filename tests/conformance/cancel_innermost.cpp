// G-05, TSK-12: the CancelledError appears at the innermost await of the chain and travels outward
// through every frame, within one step.
#include "py.hpp"

asyncio::Coroutine<int> level(int depth) {
    try {
        if (depth == 0)
            co_await asyncio::sleep(1000);
        else
            co_await level(depth - 1);
        print("not reached", depth);
    } catch (const asyncio::CancelledError& e) {
        print("level", depth, asyncio::repr(e));
        if (depth == 1) throw asyncio::CancelledError("replaced");
        throw;
    }
    co_return depth;
}

asyncio::Coroutine<std::string> swallower() {
    try {
        co_await level(2);
    } catch (const asyncio::CancelledError& e) {
        print("swallower", asyncio::repr(e));
    }
    co_return co_await asyncio::sleep(0, std::string("swallowed at the top"));
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto task = asyncio::create_task(level(3));
    co_await asyncio::sleep(0);
    task.cancel("deep");
    loop.call_soon([] { print("after the unwinding"); });
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled());
    auto other = asyncio::create_task(swallower());
    co_await asyncio::sleep(0);
    other.cancel();
    print(co_await other);
}

int main() { asyncio::run(amain()); }
