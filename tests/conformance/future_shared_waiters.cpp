// TSK-12, FUT-01: cancelling one of two tasks that await a future cancels the future itself, so the
// other waiter gets CancelledError too, in registration order.
#include "py.hpp"

using Fut = asyncio::Future<int>;

asyncio::Coroutine<> waiter(std::string name, Fut fut) {
    try {
        print(name, co_await fut);
    } catch (const asyncio::CancelledError& e) {
        print(name, asyncio::repr(e), asyncio::current_task().cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<int>();
    fut.add_done_callback([](Fut f) { print("callback", f.cancelled()); });
    auto a = asyncio::create_task(waiter("a", fut));
    auto b = asyncio::create_task(waiter("b", fut));
    co_await asyncio::sleep(0);
    b.cancel("stop b");
    print("future", fut.cancelled(), "tasks", a.cancelled(), b.cancelled());
    co_await asyncio::sleep(0);
    print("tasks", a.cancelled(), b.cancelled());
    print(a.cancelling(), b.cancelling());
    try {
        fut.set_result(1);
    } catch (const asyncio::InvalidStateError&) {
        print("InvalidStateError");
    }
}

int main() { asyncio::run(amain()); }
