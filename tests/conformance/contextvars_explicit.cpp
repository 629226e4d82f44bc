// CTX-03, CTX-01: create_task(context=ctx) runs every step in that very context: two tasks may
// share it (they see each other's changes), the creator can look into it afterwards.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "default"};

asyncio::Coroutine<std::string> child(std::string name) {
    print(name, "sees", var.get());
    var.set("set by " + name);
    co_await asyncio::sleep(0);
    print(name, "sees", var.get());
    co_await asyncio::sleep(0);
    co_return var.get();
}

asyncio::Coroutine<> amain() {
    auto ctx = asyncio::copy_context();
    ctx.run([] { var.set("prepared"); });
    auto a = asyncio::create_task(child("a"), {.context = &ctx});
    auto b = asyncio::create_task(child("b"), {.context = &ctx});
    auto c = asyncio::create_task(child("c"));
    print("main", var.get());
    auto ra = co_await a;
    auto rb = co_await b;
    auto rc = co_await c;
    print(ra, rb, rc);
    print("main", var.get(), "ctx", ctx.run([] { return var.get(); }));

    auto nested = [&] {
        try {
            ctx.run([] { var.get(); });
        } catch (const asyncio::RuntimeError& e) {
            const auto text = asyncio::str(e);
            print("RuntimeError", text.find("is already entered") != text.npos);
        }
    };

    ctx.run(nested);
}

int main() { asyncio::run(amain()); }
