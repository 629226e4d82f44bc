// SCH-01, G-04: the wake-up of a task queues like any call_soon: behind what was scheduled before
// the future completed, in front of what was scheduled after.
#include "py.hpp"

asyncio::Coroutine<> waiter(std::string name, asyncio::Future<int> fut) {
    print(name, co_await fut);
    asyncio::get_running_loop().call_soon([name] { print("soon from", name); });
    co_await asyncio::sleep(0);
    print(name, "end");
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto one = loop.create_future<int>(), two = loop.create_future<int>();
    auto a = asyncio::create_task(waiter("a", one));
    auto b = asyncio::create_task(waiter("b", two));
    co_await asyncio::sleep(0);
    loop.call_soon([] { print("before"); });
    two.set_result(2);
    loop.call_soon([] { print("between"); });
    one.set_result(1);
    loop.call_soon([] { print("after"); });
    print("set");
    co_await asyncio::sleep(0);
    print("main");
    co_await a;
    co_await b;
}

int main() { asyncio::run(amain()); }
