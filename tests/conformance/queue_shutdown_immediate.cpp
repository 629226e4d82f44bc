// Pins QUE-08: shutdown(immediate=True) drops the items and counts them as done: join wakes only
// when the items already taken are done too; repeating it is allowed. (Python 3.13)
#include "py.hpp"

template <class T>
asyncio::Coroutine<> joiner(asyncio::Queue<T> q) {
    co_await q.join();
    print("joined");
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<int> q;
    for (int i = 0; i < 3; ++i) q.put_nowait(i);
    const int took = co_await q.get();
    print("took", took);
    auto task = asyncio::create_task(joiner(q));
    co_await asyncio::sleep(0);
    q.shutdown(true);
    print("shutdown", q.qsize());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("one item is still being worked on", task.done());
    q.shutdown();
    q.shutdown(true);
    q.task_done();
    co_await task;
    try {
        co_await q.get();
    } catch (const asyncio::QueueShutDown& e) {
        print(asyncio::type_name(e));
    }
    try {
        q.task_done();
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }

    asyncio::Queue<std::string> other;
    other.put_nowait("dropped");
    task = asyncio::create_task(joiner(other));
    co_await asyncio::sleep(0);
    other.shutdown(true);
    co_await task;
    print(other.empty());
}

int main() { asyncio::run(amain()); }
