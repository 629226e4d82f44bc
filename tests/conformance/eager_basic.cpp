// TSK-25, TSK-26: an eager task starts inside create_task; one that never suspends is finished when
// create_task returns, costs no iteration, and its late callbacks still go through call_soon.
#include "py.hpp"

using StrTask = asyncio::Task<std::string>;

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    print("start", name);
    for (int i = 0; i < turns; ++i) {
        co_await asyncio::sleep(0);
        print(name, i);
    }
    co_return name;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_task_factory(asyncio::eager_task_factory);
    loop.call_soon([] { print("first iteration"); });
    auto quick = asyncio::create_task(work("quick", 0));
    print("created", quick.done());
    quick.add_done_callback([](StrTask t) { print("callback", t.result()); });
    print("callback added");
    print(co_await quick);
    auto slow = asyncio::create_task(work("slow", 2));
    auto other = asyncio::create_task(work("other", 1));
    print("both suspended", slow.done(), other.done());
    print(co_await slow);
    print(other.done(), other.result());
    loop.set_task_factory({});
    auto lazy = asyncio::create_task(work("lazy", 0));
    print("lazy", lazy.done());
    co_await lazy;
}

int main() { asyncio::run(amain()); }
