// Pins QUE-01, QUE-04: blocked putters go in first come first served, one get admits one, and the
// queue never exceeds its size.
#include "py.hpp"

asyncio::Coroutine<> putter(asyncio::Queue<int> q, int item) {
    co_await q.put(item);
    print("put", item, q.qsize(), q.full());
}

std::vector<bool> done(const std::vector<asyncio::Task<>>& tasks) {
    std::vector<bool> flags;
    for (const auto& t : tasks) flags.push_back(t.done());
    return flags;
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<int> q(2);
    print(q.maxsize(), q.full(), q.empty());
    std::vector<asyncio::Task<>> tasks;
    for (int i = 0; i < 5; ++i) tasks.push_back(asyncio::create_task(putter(q, i)));
    co_await asyncio::sleep(0);
    print("waiting", done(tasks));
    const int first = q.get_nowait();
    print("got", first, q.qsize());
    co_await asyncio::sleep(0);
    print("waiting", done(tasks));
    for (int i = 0; i < 4; ++i) {
        const int item = co_await q.get();
        print("got", item, q.qsize());
        co_await asyncio::sleep(0);
    }
    print(q.empty());
}

int main() { asyncio::run(amain()); }
