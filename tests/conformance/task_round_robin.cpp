// G-01, SCH-01: tasks that yield with sleep(0) take turns strictly FIFO with each other and with a
// self-rescheduling callback; a task that is not suspended is never interrupted.
#include "py.hpp"

asyncio::Coroutine<> worker(std::string name, int turns) {
    for (int i = 0; i < turns; ++i) {
        print(name, i);
        if (i == 1) print(name, "keeps the loop");
        co_await asyncio::sleep(0);
    }
    print(name, "done");
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();

    std::function<void(int)> tick = [&](int left) {
        print("tick", left);
        if (left) loop.call_soon(tick, left - 1);
    };

    auto a = asyncio::create_task(worker("a", 3));
    loop.call_soon(tick, 4);
    auto b = asyncio::create_task(worker("b", 2));
    auto c = asyncio::create_task(worker("c", 4));
    co_await c;
    print(a.done(), b.done());
}

int main() { asyncio::run(amain()); }
