// TSK-25, CTX-01: the eager step runs in the task's own copy of the context; the creator's context
// is back after create_task, and the rest of the task continues in its copy.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "default"};

asyncio::Coroutine<> child(std::string name, int turns) {
    print(name, "starts with", var.get());
    var.set(name);
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print(name, "ends with", var.get());
}

asyncio::Coroutine<> amain() {
    asyncio::get_running_loop().set_task_factory(asyncio::eager_task_factory);
    var.set("main");
    auto a = asyncio::create_task(child("a", 0));
    print("main", var.get(), a.done());
    auto b = asyncio::create_task(child("b", 2));
    print("main", var.get(), b.done());
    var.set("main changed");
    co_await b;
    auto ctx = asyncio::copy_context();
    auto c = asyncio::create_task(child("c", 1), {.context = &ctx});
    print("main", var.get(), "ctx", ctx.run([] { return var.get(); }));
    co_await c;
    print("main", var.get(), "ctx", ctx.run([] { return var.get(); }));
}

int main() { asyncio::run(amain()); }
