// Section 0.1, G-05: awaits that cost no iteration (finished coroutine, done future and task,
// gather(), empty TaskGroup, free lock and queue) and sleep(0), which costs exactly one.
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

asyncio::Coroutine<> cost(std::string label, asyncio::Coroutine<> (*body)()) {
    Ticker ticker(asyncio::get_running_loop());
    co_await body();
    print(label, ticker.count - 1);
    ticker.handle.cancel();
}

asyncio::Coroutine<> nothing() { co_return; }

asyncio::Coroutine<> nested() {
    co_await nothing();
    co_await nothing();
}

asyncio::Coroutine<> done_future() {
    auto fut = asyncio::get_running_loop().create_future<int>();
    fut.set_result(1);
    co_await fut;
}

asyncio::Coroutine<> empty_gather() { co_await asyncio::gather(); }

asyncio::Coroutine<> empty_group() {
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [](asyncio::TaskGroup) -> asyncio::Coroutine<> { co_return; });
}

asyncio::Coroutine<> free_lock() {
    asyncio::Lock lock;
    co_await lock.acquire();
    lock.release();
}

asyncio::Coroutine<> filled_queue() {
    asyncio::Queue<int> queue;
    co_await queue.put(1);
    co_await queue.get();
}

asyncio::Coroutine<> set_event() {
    asyncio::Event event;
    event.set();
    co_await event.wait();
}

asyncio::Coroutine<> sleep_zero() { co_await asyncio::sleep(0); }

asyncio::Coroutine<> sleep_twice() {
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(-1);
}

asyncio::Coroutine<> amain() {
    co_await cost("coroutine", nothing);
    co_await cost("nested coroutines", nested);
    co_await cost("done future", done_future);
    co_await cost("gather of nothing", empty_gather);
    co_await cost("empty TaskGroup", empty_group);
    co_await cost("free Lock", free_lock);
    co_await cost("filled Queue", filled_queue);
    co_await cost("set Event", set_event);
    co_await cost("sleep(0)", sleep_zero);
    co_await cost("sleep(0) and sleep(-1)", sleep_twice);
}

int main() { asyncio::run(amain()); }
