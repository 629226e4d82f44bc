// TSK-28, TSK-08: inside the eager step current_task() is the new task; the creator is restored
// afterwards, also when the step throws; eager tasks nest.
#include "py.hpp"

asyncio::Coroutine<> leaf(asyncio::TaskRef creator, bool fail) {
    print("leaf", asyncio::current_task() == creator, asyncio::all_tasks().size());
    if (fail) throw asyncio::ValueError("leaf");
    co_return;
}

asyncio::Coroutine<> branch(asyncio::TaskRef creator) {
    auto me = asyncio::current_task();
    print("branch", me == creator);
    auto inner = asyncio::create_task(leaf(me, false));
    print("branch again", asyncio::current_task() == me, inner.done());
    co_await asyncio::sleep(0);
    print("branch resumed", asyncio::current_task() == me);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto main = asyncio::current_task();
    loop.set_task_factory(asyncio::eager_task_factory);
    auto task = asyncio::create_task(branch(main));
    print("main", asyncio::current_task() == main, asyncio::all_tasks().size());
    auto failed = asyncio::create_task(leaf(main, true));
    print("main", asyncio::current_task() == main, asyncio::repr(failed.exception()));
    loop.call_soon([] { print("callback", !asyncio::current_task()); });
    co_await task;
    print("main", asyncio::current_task() == main, asyncio::all_tasks().size());
}

int main() { asyncio::run(amain()); }
