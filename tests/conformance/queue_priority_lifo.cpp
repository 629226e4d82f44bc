// Pins QUE-09, QUE-01: smallest first and last first; blocked getters of both are still served in
// the order they came.
#include "py.hpp"

template <class Q>
asyncio::Coroutine<> getter(Q q, std::string name) {
    const int item = co_await q.get();
    print(name, "got", item);
}

template <class Q>
asyncio::Coroutine<> serve_three(Q q) {
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b", "c"}) tasks.push_back(asyncio::create_task(getter(q, name)));
    co_await asyncio::sleep(0);
    for (int item : {30, 10, 20}) q.put_nowait(item);
    co_await asyncio::gather(tasks);
}

asyncio::Coroutine<> amain() {
    asyncio::PriorityQueue<int> heap;
    asyncio::LifoQueue<int> stack;
    for (int item : {5, 1, 4, 1, 3}) {
        heap.put_nowait(item);
        stack.put_nowait(item);
    }
    std::vector<int> from_heap, from_stack;
    for (int i = 0; i < 5; ++i) from_heap.push_back(co_await heap.get());
    print(from_heap);
    for (int i = 0; i < 5; ++i) from_stack.push_back(co_await stack.get());
    print(from_stack);
    co_await serve_three(heap);
    co_await serve_three(stack);
    asyncio::PriorityQueue<int> full(1);
    full.put_nowait(2);
    auto putter = asyncio::create_task(full.put(1));
    co_await asyncio::sleep(0);
    const bool was_full = full.full();
    const int smallest = co_await full.get();
    print(was_full, smallest, putter.done());
    co_await putter;
    print(full.get_nowait());
}

int main() { asyncio::run(amain()); }
