// Section 0.1: gather, shield, wait, as_completed and TaskGroup of one trivial child cost three
// iterations: the child, the aggregating done callback, the waiter's wake-up.
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

asyncio::Coroutine<int> nothing() { co_return 1; }

asyncio::Coroutine<> gather_one() { co_await asyncio::gather(nothing()); }

asyncio::Coroutine<> gather_three() { co_await asyncio::gather(nothing(), nothing(), nothing()); }

asyncio::Coroutine<> shield_one() { co_await asyncio::shield(nothing()); }

asyncio::Coroutine<> wait_one() {
    auto tasks = std::vector(1, asyncio::create_task(nothing()));
    co_await asyncio::wait(tasks);
}

asyncio::Coroutine<> as_completed_one() {
    auto tasks = std::vector(1, asyncio::create_task(nothing()));
    auto iterator = asyncio::as_completed(tasks);
    for (;;) {
        auto earliest = co_await iterator.next();
        if (!earliest) break;
        co_await *earliest;
    }
}

asyncio::Coroutine<> group_one() {
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     tg.create_task(nothing());
                                     co_return;
                                 });
}

asyncio::Coroutine<> amain() {
    co_await cost("gather", gather_one);
    co_await cost("gather of three", gather_three);
    co_await cost("shield", shield_one);
    co_await cost("wait", wait_one);
    co_await cost("as_completed", as_completed_one);
    co_await cost("TaskGroup", group_one);
}

int main() { asyncio::run(amain()); }
