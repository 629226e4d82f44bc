// Pins QUE-03: a getter cancelled after a put woke it passes the wake-up on; the item is neither
// lost nor delivered to the cancelled one.
#include "py.hpp"

asyncio::Coroutine<> getter(asyncio::Queue<std::string> q, std::string name) {
    try {
        const auto item = co_await q.get();
        print(name, "got", item);
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled", q.qsize());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::string> q;
    auto a = asyncio::create_task(getter(q, "a"));
    auto b = asyncio::create_task(getter(q, "b"));
    auto c = asyncio::create_task(getter(q, "c"));
    co_await asyncio::sleep(0);
    b.cancel();
    q.put_nowait("item");
    print("put, cancel a", a.cancel());
    std::vector<asyncio::Task<>> all{a, b, c};
    co_await asyncio::wait(all);
    print(a.cancelled(), b.cancelled(), c.cancelled(), q.empty());
}

int main() { asyncio::run(amain()); }
