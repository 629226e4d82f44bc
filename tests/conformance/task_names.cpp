// TSK-03: default names are Task-<n> from one counter in creation order (the main task of run() is
// Task-1); a task created with an explicit name does not use up a number (3.12).
#include "py.hpp"

asyncio::Coroutine<std::string> who() { co_return asyncio::current_task().get_name(); }

asyncio::Coroutine<> amain() {
    auto main = asyncio::current_task();
    print(main.get_name());
    auto a = asyncio::create_task(who());
    auto b = asyncio::create_task(who(), {.name = "bee"});
    auto c = asyncio::create_task(who());
    print(a.get_name(), b.get_name());
    int first = std::stoi(a.get_name().substr(5));
    print(first, std::stoi(c.get_name().substr(5)) - first);
    c.set_name("sea");
    auto name_a = co_await a;
    auto name_b = co_await b;
    auto name_c = co_await c;
    print(name_a, name_b, name_c);
    auto d = asyncio::create_task(who());
    d.set_name(std::to_string(15));
    print(co_await d);
    print(co_await who());
    main.set_name("renamed");
    print(co_await who(), asyncio::current_task().get_name());
    a.set_name("after the end");
    print(a.get_name());
}

int main() { asyncio::run(amain()); }
