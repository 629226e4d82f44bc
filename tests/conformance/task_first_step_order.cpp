// TSK-01, TSK-02: creating a task only queues its first step: nothing runs synchronously, first
// steps run in creation order, FIFO with call_soon.
#include "py.hpp"

asyncio::Coroutine<> child(std::string name) {
    print("start", name);
    co_await asyncio::sleep(0);
    print("end", name);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.call_soon([] { print("soon 1"); });
    auto a = asyncio::create_task(child("a"));
    loop.call_soon([] { print("soon 2"); });
    auto b = asyncio::create_task(child("b"));
    loop.call_soon([] { print("soon 3"); });
    print("created", a.done(), b.done());
    co_await asyncio::sleep(0);
    print("main, after the first steps");
    auto c = asyncio::create_task(child("c"));
    co_await c;
    print("c awaited", a.done(), b.done());
}

int main() { asyncio::run(amain()); }
