// TSK-44: a coroutine given to wait_for runs inside the caller's task: same current_task(), same
// context (a variable set inside is visible after), no task of its own; errors pass through.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "unset"};

asyncio::Coroutine<std::string> inner(int turns) {
    print("inner runs in", asyncio::current_task().get_name(), asyncio::all_tasks().size());
    var.set("set inside");
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    if (turns == 2) throw asyncio::ValueError("inner");
    co_return "value";
}

asyncio::Coroutine<> amain() {
    asyncio::current_task().set_name("main");
    print(co_await asyncio::wait_for(inner(1), 10));
    print(var.get());
    print(co_await asyncio::wait_for(inner(0), std::nullopt));
    try {
        co_await asyncio::wait_for(inner(2), 10);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    auto task = asyncio::create_task(inner(1), {.name = "own task"});
    print(co_await asyncio::wait_for(task, 10));
    print(asyncio::current_task().cancelling());
}

int main() { asyncio::run(amain()); }
