// Pins QUE-03: a putter cancelled after a get made room passes the room on to the next putter, and
// its own item never appears.
#include "py.hpp"

asyncio::Coroutine<> putter(asyncio::Queue<std::string> q, std::string item) {
    try {
        co_await q.put(item);
        print("put", item);
    } catch (const asyncio::CancelledError&) {
        print("cancelled", item, q.full());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::string> q(1);
    q.put_nowait("x");
    auto a = asyncio::create_task(putter(q, "a"));
    auto b = asyncio::create_task(putter(q, "b"));
    co_await asyncio::sleep(0);
    const auto x = q.get_nowait();
    print("got", x, "cancel a", a.cancel());
    std::vector<asyncio::Task<>> both{a, b};
    co_await asyncio::wait(both);
    print(a.cancelled(), b.cancelled());
    const auto item = co_await q.get();
    print("got", item, q.empty());
}

int main() { asyncio::run(amain()); }
