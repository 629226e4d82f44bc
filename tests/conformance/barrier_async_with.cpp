// Pins LCK-17, LCK-14: `async with barrier` yields the index; nobody enters the block before the
// last party has come; parties < 1 are refused.
#include "py.hpp"

asyncio::Coroutine<> party(asyncio::Barrier barrier, std::string name) {
    print(name, "arrives");
    co_await asyncio::async_with(barrier, [&](auto index) -> asyncio::Coroutine<> {
        print(name, "inside", index);
        co_await asyncio::sleep(0);
    });
    print(name, "left");
}

asyncio::Coroutine<> amain() {
    try {
        asyncio::Barrier(0);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::type_name(e));
    }
    asyncio::Barrier barrier(3);
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     for (std::string name : {"a", "b", "c"}) {
                                         tg.create_task(party(barrier, name));
                                         co_await asyncio::sleep(0);
                                         co_await asyncio::sleep(0);
                                         print("waiting", barrier.n_waiting());
                                     }
                                 });
}

int main() { asyncio::run(amain()); }
