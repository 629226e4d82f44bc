// CTX-01, CTX-04: a task resumes in its own context whoever completes its future, and the
// completer's context does not leak into it (nor the task's into the completer).
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::ContextVar<std::string> var{"var", "default"};

asyncio::Coroutine<> waiter(Fut fut) {
    var.set("waiter's");
    auto by = co_await fut;
    print("waiter resumed by", by, "in", var.get());
    var.set("changed by the waiter");
}

asyncio::Coroutine<> completer(Fut fut) {
    var.set("completer's");
    fut.set_result("completer");
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("completer still in", var.get());
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    var.set("main's");
    auto fut = loop.create_future<std::string>();
    auto w = asyncio::create_task(waiter(fut));
    co_await asyncio::sleep(0);
    auto c = asyncio::create_task(completer(fut));
    co_await c;
    print("main in", var.get(), w.done());

    fut = loop.create_future<std::string>();
    w = asyncio::create_task(waiter(fut));
    auto ctx = asyncio::copy_context();
    ctx.run([] { var.set("callback's"); });
    co_await asyncio::sleep(0);
    loop.call_soon({.context = &ctx}, [&] { fut.set_result("callback"); });
    co_await w;
    print("main in", var.get(), "callback in", ctx.run([] { return var.get(); }));
}

int main() { asyncio::run(amain()); }
