// TSK-45, TSK-12: a task cancelled while it waits for the next completion leaves the children
// running and loses no completion: another consumer goes on with the same iterator.
#include "py.hpp"

using Fut = asyncio::Future<void>;
using Tasks = std::vector<asyncio::Task<std::string>>;
using Iterator = decltype(asyncio::as_completed(std::declval<Tasks&>()));

asyncio::Coroutine<std::string> work(std::string name, Fut fut) {
    co_await fut;
    co_return name;
}

asyncio::Coroutine<> consume(std::string name, Iterator* iterator, int count) {
    try {
        for (int i = 0; i < count; ++i) {
            auto earliest = co_await iterator->next();
            print(name, "got", co_await *earliest);
        }
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<Fut> futs;
    for (int i = 0; i < 4; ++i) futs.push_back(loop.create_future());
    Tasks tasks;
    for (const auto& f : futs)
        tasks.push_back(asyncio::create_task(work("t" + std::to_string(tasks.size()), f)));
    auto iterator = asyncio::as_completed(tasks);
    auto first = asyncio::create_task(consume("first", &iterator, 4));
    futs[2].set_result();
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    first.cancel();
    co_await asyncio::wait(std::vector(1, first));
    std::vector<bool> done;
    std::vector<int> cancelling;
    for (const auto& t : tasks) done.push_back(t.done()), cancelling.push_back(t.cancelling());
    print(first.cancelled(), done, cancelling);
    futs[3].set_result();
    futs[0].set_result();
    auto second = asyncio::create_task(consume("second", &iterator, 2));
    co_await second;
    futs[1].set_result();
    print(co_await tasks[1]);
}

int main() { asyncio::run(amain()); }
