// FUT-07: "Future exception was never retrieved" is reported once when the last handle dies unread;
// result(), exception(), awaiting and cancel() each count as retrieval.
#include "py.hpp"

using Fut = asyncio::Future<int>;

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler:", context.message, asyncio::repr(context.exception), bool(context.future));
}

Fut failed(asyncio::AbstractEventLoop& loop, std::string text) {
    auto fut = loop.create_future<int>();
    fut.set_exception(asyncio::ValueError(text));
    return fut;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_exception_handler(handler);
    auto fut = failed(loop, "unread");
    auto copy = fut;
    fut = Fut();
    co_await asyncio::sleep(0);
    print("a handle is left", copy.done());
    copy = Fut();
    co_await asyncio::sleep(0);
    fut = failed(loop, "exception read");
    print(asyncio::repr(fut.exception()));
    fut = failed(loop, "result read");
    try {
        fut.result();
    } catch (const asyncio::ValueError& e) {
        print(asyncio::str(e));
    }
    fut = failed(loop, "awaited");
    try {
        co_await fut;
    } catch (const asyncio::ValueError& e) {
        print(asyncio::str(e));
    }
    fut = failed(loop, "cancel called");
    print(fut.cancel());
    fut = failed(loop, "callback only");
    fut.add_done_callback([] { print("callback does not read"); });
    co_await asyncio::sleep(0);
    fut = Fut();
    co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
