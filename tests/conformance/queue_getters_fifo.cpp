// Pins QUE-01, QUE-02: waiting getters are served first come first served, one put wakes one; the
// put itself runs nobody, and the item is still counted until the getter runs.
#include "py.hpp"

asyncio::Coroutine<> getter(asyncio::Queue<int> q, std::string name) {
    const int item = co_await q.get();
    print(name, "got", item);
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<int> q;
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b", "c"}) tasks.push_back(asyncio::create_task(getter(q, name)));
    co_await asyncio::sleep(0);
    q.put_nowait(1);
    q.put_nowait(2);
    print("put two", q.qsize());
    co_await asyncio::sleep(0);
    std::vector<bool> done;
    for (const auto& t : tasks) done.push_back(t.done());
    print("a turn later", q.qsize(), done);
    co_await q.put(3);
    print("put does not switch", q.qsize());
    co_await asyncio::gather(tasks);
    print(q.qsize(), q.empty());
}

int main() { asyncio::run(amain()); }
