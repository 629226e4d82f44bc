// Pins LCK-05 and section 0.1: wait() on a set event does not suspend, a blocked one resumes two
// iterations after the set(), in arrival order; a cancelled waiter drops out and the rest is
// untouched.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::Coroutine<> waiter(asyncio::Event event, std::string name) {
    try {
        co_await event.wait();
        print(name, "resumed");
        co_await event.wait();
        print(name, "passed without a turn");
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Event event;
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b", "c"})
        tasks.push_back(asyncio::create_task(waiter(event, name)));
    co_await asyncio::sleep(0);
    asyncio::get_running_loop().call_soon(tick, 1, 5);
    tasks[1].cancel();
    asyncio::get_running_loop().call_soon([event] { event.set(); });
    co_await asyncio::gather(tasks);
    print("all done");
}

int main() { asyncio::run(amain()); }
