// G-05: a coroutine object does nothing until it is awaited; awaiting runs it inline in the
// caller's task, in the order of the awaits, not of the calls.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name) {
    print("enter", name, asyncio::current_task().get_name());
    co_await asyncio::sleep(0);
    print("leave", name);
    for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
    co_return name;
}

asyncio::Coroutine<> amain() {
    asyncio::current_task().set_name("main");
    auto first = work("first");
    auto second = work("second");
    print("both created");
    asyncio::get_running_loop().call_soon([] { print("soon"); });
    co_await asyncio::sleep(0);
    print("still nothing");
    auto b = co_await std::move(second);
    auto a = co_await std::move(first);
    print(a, b);
    auto third = work("third");
    auto task = asyncio::create_task(std::move(third), {.name = "task"});
    print("task created");
    print(co_await task);
}

int main() { asyncio::run(amain()); }
