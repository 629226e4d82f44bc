// Pins TGP-14, TGP-17: a child that ends the group from inside its eager first step is not
// registered yet; it is cancelled right after, like the body at its next await.
#include "py.hpp"

asyncio::Coroutine<> child(asyncio::TaskGroup tg) {
    print("eager child starts");
    tg.cancel();
    try {
        co_await asyncio::sleep(10);
        print("not reached");
    } catch (const asyncio::CancelledError&) {
        print("eager child cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::get_running_loop().set_task_factory(asyncio::eager_task_factory);
    auto parent = asyncio::current_task();
    std::vector<asyncio::Task<>> tasks;
    co_await asyncio::async_with(
        asyncio::TaskGroup{}, [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
            tasks.push_back(tg.create_task(child(tg)));
            print("created", tasks[0].done(), tasks[0].cancelling(), parent.cancelling());
            co_await asyncio::sleep(0);
            print("not reached");
        });
    print("left", tasks[0].cancelled(), parent.cancelling());
}

int main() { asyncio::run(amain()); }
