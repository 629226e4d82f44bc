// Pins QUE-03, TMO-04: an item put in the very turn in which the getter's timeout has fired stays
// in the queue; it is not lost with the cancelled get.
#include "py.hpp"

asyncio::Coroutine<> getter(asyncio::Queue<std::string> q) {
    try {
        co_await asyncio::async_with(asyncio::timeout(0),
                                     [&](asyncio::Timeout) -> asyncio::Coroutine<> {
                                         const auto item = co_await q.get();
                                         print("got", item);
                                     });
    } catch (const asyncio::TimeoutError&) {
        print("timed out", q.qsize());
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::string> q;
    auto task = asyncio::create_task(getter(q));
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    q.put_nowait("item");
    co_await task;
    print("still there", q.get_nowait());

    task = asyncio::create_task(getter(q));
    co_await asyncio::sleep(0);
    q.put_nowait("item");
    co_await task;
    print("left", q.qsize());
}

int main() { asyncio::run(amain()); }
