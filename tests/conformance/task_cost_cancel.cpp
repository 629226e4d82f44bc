// Section 0.1: awaiting a cancelled task costs two iterations (its step or inner wake-up, then the
// waiter's wake-up), also deep in a chain; timeout(0) around a blocking await costs two.
#include "py.hpp"

struct Ticker {
    explicit Ticker(asyncio::AbstractEventLoop& l) : loop(l) { tick(); }
    void tick() {
        count += 1;
        handle = loop.call_soon([this] { tick(); });
    }
    asyncio::AbstractEventLoop& loop;
    int count = 0;
    asyncio::Handle handle;
};

asyncio::Coroutine<> sleeper(int depth) {
    if (depth)
        co_await sleeper(depth - 1);
    else
        co_await asyncio::sleep(1000);
}

asyncio::Coroutine<> not_started() {
    Ticker ticker(asyncio::get_running_loop());
    auto task = asyncio::create_task(sleeper(0));
    task.cancel();
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print("not started", ticker.count - 1);
    }
    ticker.handle.cancel();
}

asyncio::Coroutine<> cost(std::string label, asyncio::Task<void> task) {
    Ticker ticker(asyncio::get_running_loop());
    task.cancel();
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print(label, ticker.count - 1);
    }
    ticker.handle.cancel();
}

asyncio::Coroutine<> expire() {
    Ticker ticker(asyncio::get_running_loop());
    try {
        co_await asyncio::async_with(
            asyncio::timeout(0),
            [](asyncio::Timeout) -> asyncio::Coroutine<> { co_await asyncio::sleep(1000); });
    } catch (const asyncio::TimeoutError&) {
        print("timeout(0)", ticker.count - 1);
    }
    ticker.handle.cancel();
}

asyncio::Coroutine<> outer(asyncio::Task<void> task) { co_await task; }

asyncio::Coroutine<> amain() {
    co_await not_started();
    auto sleeping = asyncio::create_task(sleeper(0));
    co_await asyncio::sleep(0);
    co_await cost("sleeping", sleeping);
    auto deep = asyncio::create_task(sleeper(50));
    co_await asyncio::sleep(0);
    co_await cost("deep in a chain", deep);
    auto inner = asyncio::create_task(sleeper(0));
    auto waiting = asyncio::create_task(outer(inner));
    co_await asyncio::sleep(0);
    co_await cost("waiting for a task", waiting);
    print(inner.cancelled());
    co_await expire();
}

int main() { asyncio::run(amain()); }
