// Section 0.1, G-04: awaits that cost two iterations: the one that completes the future and the one
// of the wake-up (0 or 1 means synchronous callbacks, 3 a relay through an extra handle).
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

asyncio::Coroutine<> nothing() { co_return; }

asyncio::Coroutine<> future(Loop loop) {
    auto fut = loop.create_future<int>();
    loop.call_soon([&] { fut.set_result(1); });
    co_await fut;
}

asyncio::Coroutine<> task(Loop) {
    auto t = asyncio::create_task(nothing());
    co_await t;
}

asyncio::Coroutine<> contended_lock(Loop loop) {
    asyncio::Lock lock;
    co_await lock.acquire();
    loop.call_soon([&] { lock.release(); });
    co_await lock.acquire();
}

asyncio::Coroutine<> event_wait(Loop loop) {
    asyncio::Event event;
    loop.call_soon([&] { event.set(); });
    co_await event.wait();
}

asyncio::Coroutine<> queue_get(Loop loop) {
    asyncio::Queue<int> queue;
    loop.call_soon([&] { queue.put_nowait(1); });
    co_await queue.get();
}

asyncio::Coroutine<> queue_put(Loop loop) {
    asyncio::Queue<int> queue(1);
    queue.put_nowait(1);
    loop.call_soon([&] { queue.get_nowait(); });
    co_await queue.put(2);
}

asyncio::Coroutine<> semaphore_acquire(Loop loop) {
    asyncio::Semaphore semaphore(0);
    loop.call_soon([&] { semaphore.release(); });
    co_await semaphore.acquire();
}

asyncio::Coroutine<> amain() {
    co_await cost("future", future);
    co_await cost("task", task);
    co_await cost("contended Lock", contended_lock);
    co_await cost("Event", event_wait);
    co_await cost("Queue.get", queue_get);
    co_await cost("Queue.put", queue_put);
    co_await cost("Semaphore", semaphore_acquire);
}

int main() { asyncio::run(amain()); }
