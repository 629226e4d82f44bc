// FUT-03, G-04: completing a future never runs callbacks inside set_result; each is one call_soon
// in registration order, also for callbacks added to a future that is already done.
#include "py.hpp"

using Fut = asyncio::Future<int>;

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<int>();
    fut.add_done_callback([](Fut f) { print("cb 1", f.result()); });
    fut.add_done_callback([&](Fut f) { print("cb 2", f == fut); });
    loop.call_soon([] { print("queued before"); });
    print("before set_result");
    fut.set_result(42);
    print("after set_result");
    loop.call_soon([] { print("queued after"); });
    fut.add_done_callback([] { print("cb 3, added when done"); });
    print("after add");
    co_await asyncio::sleep(0);
    print("resumed");
    auto failed = loop.create_future<int>();
    failed.add_done_callback([](Fut f) { print("failed cb", asyncio::repr(f.exception())); });
    failed.set_exception(asyncio::ValueError("x"));
    print("after set_exception");
    auto cancelled = loop.create_future<int>();
    cancelled.add_done_callback([](Fut f) { print("cancelled cb", f.cancelled()); });
    cancelled.cancel();
    print("after cancel");
    co_await asyncio::sleep(0);
}

int main() { asyncio::run(amain()); }
