// Pins TGP-01, TGP-18: a value returned from inside the block leaves only after the children have
// ended, and is lost to the group if one of them fails.
#include "py.hpp"

asyncio::Coroutine<> child(int turns, bool fail) {
    for (int i = 0; i < turns; ++i) {
        co_await asyncio::sleep(0);
        print("turn", i);
    }
    if (fail) throw asyncio::ValueError("child");
}

asyncio::Coroutine<int> compute(bool fail) {
    co_return co_await asyncio::async_with(asyncio::TaskGroup{},
                                           [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<int> {
                                               tg.create_task(child(2, fail));
                                               print("returning");
                                               co_return 42;
                                           });
}

asyncio::Coroutine<> amain() {
    print(co_await compute(false));
    try {
        print(co_await compute(true));
    } catch (const asyncio::ExceptionGroup& g) {
        print(g.exceptions());
    }
}

int main() { asyncio::run(amain()); }
