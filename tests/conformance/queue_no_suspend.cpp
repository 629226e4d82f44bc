// Pins QUE-04, QUE-05: put with room and get with items never give up the turn; the nowait forms
// raise QueueFull and QueueEmpty instead of waiting.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::string> q(2);
    asyncio::get_running_loop().call_soon(tick, 1, 2);
    co_await q.put("a");
    co_await q.put("b");
    try {
        q.put_nowait("c");
    } catch (const asyncio::QueueFull& e) {
        print(asyncio::type_name(e), q.full());
    }
    const auto a = co_await q.get();
    const auto b = co_await q.get();
    print(a, b);
    try {
        q.get_nowait();
    } catch (const asyncio::QueueEmpty& e) {
        print(asyncio::type_name(e), q.empty());
    }
    print("no tick so far");
    co_await asyncio::sleep(0);
    print("one turn");
    asyncio::Queue<int> unbounded(-1);
    for (int i = 0; i < 100; ++i) unbounded.put_nowait(i);
    print(unbounded.full(), unbounded.qsize());
}

int main() { asyncio::run(amain()); }
