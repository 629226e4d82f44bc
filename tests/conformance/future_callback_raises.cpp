// FUT-04: a callback that throws is reported through the exception handler ("Exception in
// callback"), the other callbacks and the awaiting task are not affected.
#include "py.hpp"

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler:", context.message.substr(0, 21), asyncio::repr(context.exception));
}

void bad(asyncio::Future<std::string>) {
    print("bad");
    throw asyncio::ValueError("from callback");
}

asyncio::Coroutine<std::string> child() { co_return "child result"; }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_exception_handler(handler);
    auto fut = loop.create_future<std::string>();
    fut.add_done_callback([] { print("one"); });
    fut.add_done_callback(bad);
    fut.add_done_callback([] { print("three"); });
    loop.call_soon([&] { fut.set_result("ok"); });
    print(co_await fut);

    auto task = asyncio::create_task(child());
    task.add_done_callback(bad);
    print(co_await task);
    task.add_done_callback(bad);
    co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
