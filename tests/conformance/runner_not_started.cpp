// RUN-03, TSK-13: leftovers that never started are cancelled without executing their body; what was
// queued when main ended still runs, and what main's own done callback started is a leftover too.
#include "py.hpp"

using Tasks = std::vector<asyncio::Task<void>>;

asyncio::Coroutine<> never(std::string name) {
    print("must not run", name);
    co_return;
}

asyncio::Coroutine<> leftover() {
    print("leftover starts");
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("leftover ends");
        throw;
    }
}

asyncio::Coroutine<int> amain(Tasks* tasks) {
    tasks->push_back(asyncio::create_task(leftover()));
    co_await asyncio::sleep(0);

    auto ended = [tasks](asyncio::FutureRef main) {
        print("main ended", main.done());
        tasks->push_back(asyncio::create_task(never("created by the callback")));
    };

    asyncio::current_task().add_done_callback(ended);
    asyncio::get_running_loop().call_soon([] { print("queued callback still runs"); });
    print("main returns");
    co_return 3;
}

int main() {
    Tasks tasks;
    print(asyncio::run(amain(&tasks)));
    std::vector<bool> cancelled;
    for (const auto& t : tasks) cancelled.push_back(t.cancelled());
    print(cancelled);
}
