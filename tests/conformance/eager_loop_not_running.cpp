// TSK-25: with an eager factory a task created while the loop does not run is scheduled normally,
// FIFO with call_soon.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name) {
    print("start", name);
    co_await asyncio::sleep(0);
    print("end", name);
    co_return name;
}

asyncio::Coroutine<std::string> parent() {
    print("parent");
    auto task = asyncio::create_task(work("eager"));
    print("child created", task.done());
    co_return co_await task;
}

int main() {
    auto loop = asyncio::new_event_loop();
    loop->set_task_factory(asyncio::eager_task_factory);
    loop->call_soon([] { print("soon 1"); });
    auto task = loop->create_task(work("lazy"));
    loop->call_soon([] { print("soon 2"); });
    print("created", task.done());
    print(loop->run_until_complete(task));
    print(loop->run_until_complete(parent()));
    loop->close();
}
