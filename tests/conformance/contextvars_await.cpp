// CTX-02: awaiting a coroutine directly shares the context, create_task, gather and TaskGroup
// children get copies; an exception does not undo a change.
#include "py.hpp"

asyncio::ContextVar<int> var{"var", 0};

asyncio::Coroutine<int> bump(int amount) {
    var.set(var.get() + amount);
    co_await asyncio::sleep(0);
    co_return var.get();
}

asyncio::Coroutine<> bump_and_fail() {
    var.set(100);
    throw asyncio::ValueError("failed");
    co_return;
}

asyncio::Coroutine<> amain() {
    int result = co_await bump(1);
    print(result, var.get());
    result = co_await bump(1);
    print(result, var.get());
    result = co_await asyncio::create_task(bump(10));
    print(result, var.get());
    auto results = co_await asyncio::gather(bump(20), bump(30));
    print(std::get<0>(results), std::get<1>(results), var.get());
    asyncio::Task<int> task;
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     task = tg.create_task(bump(40));
                                     co_return;
                                 });
    print(task.result(), var.get());
    result = co_await asyncio::shield(bump(50));
    print(result, var.get());
    try {
        co_await bump_and_fail();
    } catch (const asyncio::ValueError&) {
        print("failed", var.get());
    }
}

int main() { asyncio::run(amain()); }
