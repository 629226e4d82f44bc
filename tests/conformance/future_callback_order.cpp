// FUT-03, TSK-47: waiters and callbacks of one future are served strictly in registration order,
// one handle each, interleaved FIFO with call_soon (a LIFO or waiters-first port fails).
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<> waiter(std::string name, Fut fut) {
    print(name, "waits");
    print(name, "got", co_await fut);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<std::string>();
    fut.add_done_callback([] { print("callback 1"); });
    auto a = asyncio::create_task(waiter("a", fut));
    co_await asyncio::sleep(0);
    fut.add_done_callback([] { print("callback 2"); });
    auto b = asyncio::create_task(waiter("b", fut));
    co_await asyncio::sleep(0);
    fut.add_done_callback([] { print("callback 3"); });
    loop.call_soon([] { print("soon before"); });
    fut.set_result("value");
    loop.call_soon([] { print("soon after"); });
    print("main got", co_await fut);
    co_await asyncio::sleep(0);
    print(a.done(), b.done());
}

int main() { asyncio::run(amain()); }
