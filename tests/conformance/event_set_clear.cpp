// Pins LCK-05: set() wakes all present waiters in order; a clear() right after does not put them
// back, and whoever comes later waits again.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Event event, std::string name) {
    const bool result = co_await event.wait();
    print(name, result, event.is_set());
}

asyncio::Coroutine<> amain() {
    asyncio::Event event;
    std::vector<asyncio::Task<>> first;
    for (std::string name : {"a", "b", "c"})
        first.push_back(asyncio::create_task(waiter(event, name)));
    co_await asyncio::sleep(0);
    event.set();
    event.clear();
    auto late = asyncio::create_task(waiter(event, "late"));
    print("set and cleared", event.is_set());
    co_await asyncio::gather(first);
    co_await asyncio::sleep(0);
    print("late done", late.done());
    event.set();
    event.set();
    co_await late;
    print(co_await event.wait());
}

int main() { asyncio::run(amain()); }
