// RUN-03: on every exit run() cancels leftovers, runs them to their end (they may still await),
// then closes asynchronous generators, then joins the executor, then closes the loop.
#include "py.hpp"

#include <thread>

using namespace std::chrono_literals;

asyncio::Coroutine<> leftover() {
    bool cancelled = false;
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        cancelled = true;
    }
    if (cancelled) {
        print("leftover cancelled");
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("leftover finished");
        throw asyncio::CancelledError();
    }
}

asyncio::AsyncGenerator<int> numbers() {
    try {
        co_yield 1;
        co_yield 2;
    } catch (const asyncio::GeneratorExit&) {
        print("generator closed");
        throw;
    }
}

void blocking() {
    std::this_thread::sleep_for(50ms);
    print("executor job finished");
}

struct Box {
    asyncio::LoopPtr loop;
    asyncio::Task<void> task;
    std::optional<asyncio::AsyncGenerator<int>> generator;
};

asyncio::Coroutine<std::string> amain(Box* box) {
    auto& loop = asyncio::get_running_loop();
    box->loop = loop.shared_from_this();
    box->task = asyncio::create_task(leftover());
    box->generator.emplace(numbers());
    auto number = co_await box->generator->next();
    print(number);
    loop.run_in_executor(nullptr, blocking);
    co_await asyncio::sleep(0);
    print("main returns");
    co_return "result";
}

int main() {
    Box box;
    print(asyncio::run(amain(&box)));
    print(box.loop->is_closed(), box.task.cancelled());
}
