// Pins TGP-01, TGP-12: leaving the block waits for all children, also those spawned while it
// already waits; a port that joins a snapshot of the children, or starts them eagerly, prints
// another order.
#include "py.hpp"

asyncio::Coroutine<> child(asyncio::TaskGroup tg, std::string name, int depth) {
    print("start", name, depth);
    co_await asyncio::sleep(0);
    if (depth > 0) {
        tg.create_task(child(tg, name, depth - 1));
        print("spawned", name, depth);
    }
    co_await asyncio::sleep(0);
    print("end", name, depth);
}

asyncio::Coroutine<> amain() {
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     tg.create_task(child(tg, "a", 2));
                                     tg.create_task(child(tg, "b", 0));
                                     print("body done");
                                     co_return;
                                 });
    print("group done");
}

int main() { asyncio::run(amain()); }
