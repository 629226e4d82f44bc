// RUN-06: one Runner serves several run() calls with the same loop and the same base context; tasks
// left by one main go on in the next; a context of its own overrides.
#include "py.hpp"

asyncio::ContextVar<std::string> var{"var", "default"};

struct Box {
    asyncio::LoopPtr loop;
    asyncio::Task<void> task;
};

asyncio::Coroutine<> background() {
    for (int i = 0; i < 3; ++i) {
        print("background", i);
        co_await asyncio::sleep(0);
    }
}

asyncio::Coroutine<int> first(Box* box) {
    box->loop = asyncio::get_running_loop().shared_from_this();
    print("first sees", var.get());
    var.set("set by first");
    box->task = asyncio::create_task(background());
    co_await asyncio::sleep(0);
    co_return 1;
}

asyncio::Coroutine<int> second(Box* box) {
    print("second sees", var.get(), &asyncio::get_running_loop() == box->loop.get());
    co_await box->task;
    co_return 2;
}

asyncio::Coroutine<int> third() {
    print("third sees", var.get());
    co_return 3;
}

int main() {
    Box box;
    {
        asyncio::Runner runner;
        print(runner.run(first(&box)));
        print(runner.run(second(&box)));
        auto ctx = asyncio::copy_context();
        print(runner.run(third(), {.context = &ctx}));
        int result = runner.run(third());
        print(result, &runner.get_loop() == box.loop.get());
    }
    print(box.loop->is_closed(), var.get());
}
