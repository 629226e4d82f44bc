// Section 0.1, TSK-44: wait_for awaits the future itself: a future costs two iterations, a finished
// one and a coroutine that never suspends none (3.11: an extra task and an extra iteration).
#include "py.hpp"

using Loop = asyncio::AbstractEventLoop&;

struct Ticker {
    explicit Ticker(Loop l) : loop(l) { tick(); }
    void tick() {
        count += 1;
        handle = loop.call_soon([this] { tick(); });
    }
    Loop loop;
    int count = 0;
    asyncio::Handle handle;
};

asyncio::Coroutine<> cost(std::string label, asyncio::Coroutine<> (*body)(Loop)) {
    auto& loop = asyncio::get_running_loop();
    Ticker ticker(loop);
    co_await body(loop);
    print(label, ticker.count - 1);
    ticker.handle.cancel();
}

asyncio::Coroutine<int> nothing() { co_return 1; }

asyncio::Coroutine<> coroutine(Loop) { co_await asyncio::wait_for(nothing(), 10); }

asyncio::Coroutine<> done_future(Loop loop) {
    auto fut = loop.create_future<int>();
    fut.set_result(1);
    co_await asyncio::wait_for(fut, 10);
}

asyncio::Coroutine<> future(Loop loop) {
    auto fut = loop.create_future<int>();
    loop.call_soon([&] { fut.set_result(1); });
    co_await asyncio::wait_for(fut, 10);
}

asyncio::Coroutine<> forever(Loop loop) {
    auto fut = loop.create_future<int>();
    loop.call_soon([&] { fut.set_result(1); });
    co_await asyncio::wait_for(fut, std::nullopt);
}

asyncio::Coroutine<> task(Loop) {
    auto t = asyncio::create_task(nothing());
    co_await asyncio::wait_for(t, 10);
}

asyncio::Coroutine<> amain() {
    co_await cost("coroutine", coroutine);
    co_await cost("done future", done_future);
    co_await cost("future", future);
    co_await cost("future, no timeout", forever);
    co_await cost("task", task);
}

int main() { asyncio::run(amain()); }
