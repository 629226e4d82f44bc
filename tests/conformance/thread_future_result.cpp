// Pins SCH-06, FUT-03: a thread completes a future through call_soon_threadsafe; waiters resume in
// order on the loop, two iterations later, and the thread runs none of their code.
#include "thread.hpp"

asyncio::Coroutine<> waiter(asyncio::Future<int> future, std::string name) {
    const int result = co_await future;
    print(name, result);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto future = loop.create_future<int>();
    future.add_done_callback([](asyncio::Future<int> f) { print("callback", f.result()); });
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b", "c"})
        tasks.push_back(asyncio::create_task(waiter(future, name)));
    co_await asyncio::sleep(0);

    auto worker = [&] { loop.call_soon_threadsafe([future] { future.set_result(42); }); };

    std::thread thread(worker);
    thread.join();
    print("thread ended", future.done());
    co_await asyncio::sleep(0);
    co_await asyncio::gather(tasks);
    print("done", future.result());
}

int main() { asyncio::run(amain()); }
