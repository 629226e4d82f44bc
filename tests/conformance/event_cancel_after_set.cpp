// Pins LCK-05, TSK-12: a waiter that set() has woken and that is cancelled before its step is
// cancelled (the True is lost), while its neighbours get their True.
#include "py.hpp"

asyncio::Coroutine<> waiter(asyncio::Event event, std::string name) {
    try {
        const bool result = co_await event.wait();
        print(name, result);
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled although set", event.is_set());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Event event;
    auto a = asyncio::create_task(waiter(event, "a"));
    auto b = asyncio::create_task(waiter(event, "b"));
    co_await asyncio::sleep(0);
    event.set();
    print("cancel", a.cancel());
    std::vector<asyncio::Task<>> both{a, b};
    co_await asyncio::wait(both);
    print(a.cancelled(), b.cancelled());
}

int main() { asyncio::run(amain()); }
