// CTX-01: a task copies the context when it is created, not at its first step; its changes persist
// over its awaits and are invisible to the creator and to its siblings.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "default"};

asyncio::Coroutine<std::string> child(std::string name) {
    print(name, "starts with", var.get());
    var.set(name);
    co_await asyncio::sleep(0);
    print(name, "after a step", var.get());
    co_await asyncio::sleep(0);
    print(name, "at the end", var.get());
    co_return var.get();
}

asyncio::Coroutine<> amain() {
    print("main", var.get());
    var.set("at creation");
    auto a = asyncio::create_task(child("a"));
    auto b = asyncio::create_task(child("b"));
    var.set("changed before the first step");
    auto c = asyncio::create_task(child("c"));
    print("main", var.get());
    co_await asyncio::sleep(0);
    print("main", var.get());
    auto ra = co_await a;
    auto rb = co_await b;
    auto rc = co_await c;
    print(ra, rb, rc);
    print("main", var.get());
}

int main() {
    var.set("module");
    asyncio::run(amain());
    print("outside", var.get());
}
