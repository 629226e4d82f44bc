// TSK-08, TSK-44: current_task() is set only while a step runs: each task sees itself after every
// suspension, callbacks see none, awaited coroutines see their caller's task.
#include "py.hpp"

std::string current() {
    auto task = asyncio::current_task();
    return task ? task.get_name() : "None";
}

asyncio::Coroutine<> inner(std::string where) {
    print("inner of", where, current());
    co_await asyncio::sleep(0);
    print("inner of", where, current());
}

asyncio::Coroutine<> child(std::string name) {
    print(name, current());
    co_await inner(name);
    co_await asyncio::sleep(0);
    print(name, current());
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    asyncio::current_task().set_name("main");
    auto a = asyncio::create_task(child("a"), {.name = "a"});
    auto b = asyncio::create_task(child("b"), {.name = "b"});
    loop.call_soon([] { print("callback", current()); });
    a.add_done_callback([] { print("done callback", current()); });
    print(current(), asyncio::current_task() == a);
    co_await inner("main");
    co_await a;
    co_await b;
    print(current());
}

int main() { asyncio::run(amain()); }
