// Pins QUE-06: join waits until task_done was called for every item, items taken but unfinished
// count; on an untouched queue it returns without a turn of the loop.
#include "py.hpp"

asyncio::Coroutine<> worker(asyncio::Queue<int> q) {
    for (;;) {
        const int item = co_await q.get();
        co_await asyncio::sleep(0);
        print("worked on", item);
        q.task_done();
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<int> q;
    try {
        q.task_done();
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    std::vector<std::string> marker;
    asyncio::get_running_loop().call_soon([&] { marker.push_back("turn"); });
    co_await q.join();
    print("nothing to wait for", marker);
    for (int i = 0; i < 4; ++i) q.put_nowait(i);
    std::vector<asyncio::Task<>> workers;
    for (int i = 0; i < 2; ++i) workers.push_back(asyncio::create_task(worker(q)));
    co_await q.join();
    print("joined", q.empty());
    for (const auto& w : workers) w.cancel();
    auto results = co_await asyncio::gather(asyncio::return_exceptions, workers);
    std::vector<bool> cancelled;
    for (const auto& r : results) cancelled.push_back(r.is<asyncio::CancelledError>());
    print(cancelled);
    try {
        q.task_done();
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
}

int main() { asyncio::run(amain()); }
