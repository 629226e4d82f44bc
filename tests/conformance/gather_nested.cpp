// TSK-35, TSK-36: cancelling the task that awaits nested gathers reaches the leaves in order, and
// the errors come back level by level.
#include "py.hpp"

asyncio::Coroutine<> leaf(std::string name) {
    print("start", name);
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("cancelled", name);
        throw;
    }
}

asyncio::Coroutine<> branch(std::string name) {
    try {
        co_await asyncio::gather(leaf(name + "1"), leaf(name + "2"));
    } catch (const asyncio::CancelledError&) {
        print("branch", name);
        throw;
    }
}

asyncio::Coroutine<> root() { co_await asyncio::gather(branch("a"), branch("b")); }

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(root());
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    print("cancel");
    task.cancel();
    for (int i = 0; i < 6; ++i) {
        co_await asyncio::sleep(0);
        print("iteration", i, task.done());
    }
    print(task.cancelled(), asyncio::all_tasks().size());
}

int main() { asyncio::run(amain()); }
