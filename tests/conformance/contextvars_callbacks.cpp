// SCH-09, FUT-03, CTX-04: call_soon, call_later and done callbacks run in a copy of the context
// taken when they were registered; context= runs them in that very context.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "default"};

void show(std::string name) {
    print(name, var.get());
    var.set("set by " + name);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future();
    var.set("one");
    loop.call_soon(show, "soon");
    fut.add_done_callback([] { show("done callback 1"); });
    var.set("two");
    loop.call_later(0, show, "later");
    fut.add_done_callback([] { show("done callback 2"); });
    auto ctx = asyncio::copy_context();
    ctx.run([] { var.set("in ctx"); });
    loop.call_soon({.context = &ctx}, show, "with context");
    loop.call_soon({.context = &ctx}, show, "same context");
    fut.add_done_callback([] { show("done with context"); }, {.context = &ctx});
    var.set("three");
    fut.set_result();
    print("main", var.get());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("main", var.get());
    print("ctx", ctx.run([] { return var.get(); }));
}

int main() { asyncio::run(amain()); }
