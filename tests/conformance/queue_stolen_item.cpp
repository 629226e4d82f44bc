// Pins QUE-02: a woken getter finds its item taken by somebody else: it waits again, behind the
// getters that came meanwhile; nothing is handed over directly.
#include "py.hpp"

asyncio::Coroutine<> getter(asyncio::Queue<std::string> q, std::string name) {
    const auto item = co_await q.get();
    print(name, "got", item);
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<std::string> q;
    auto a = asyncio::create_task(getter(q, "a"));
    co_await asyncio::sleep(0);
    auto b = asyncio::create_task(getter(q, "b"));
    q.put_nowait("first");
    const auto stolen = co_await q.get();
    print("stolen", stolen, q.qsize());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print(a.done(), b.done());
    q.put_nowait("second");
    co_await asyncio::sleep(0);
    q.put_nowait("third");
    co_await asyncio::gather(a, b);
    print(q.empty());
}

int main() { asyncio::run(amain()); }
