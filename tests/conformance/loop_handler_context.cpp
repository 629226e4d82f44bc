// EXH-05: the exception handler runs in the context of the handle that failed, not in the one of
// whoever installed it; called directly, in the current one.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "default"};

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler in", var.get(), "for", asyncio::repr(context.exception));
}

void bad(std::string text) { throw asyncio::ValueError(text); }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_exception_handler(handler);
    var.set("one");
    loop.call_soon(bad, "first");
    auto ctx = asyncio::copy_context();
    ctx.run([] { var.set("in ctx"); });
    loop.call_soon({.context = &ctx}, bad, "second");
    var.set("two");
    loop.call_later(0, bad, "third");
    auto fut = loop.create_future();
    fut.add_done_callback([] { bad("fourth"); });
    fut.set_result();
    var.set("three");
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    loop.call_exception_handler(
        {.message = "direct", .exception = std::make_exception_ptr(asyncio::ValueError("direct"))});
}

int main() { asyncio::run(amain()); }
