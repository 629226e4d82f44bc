// TSK-35: with return_exceptions a cancelled gather still raises CancelledError to its awaiter; a
// task that awaits the gather and is cancelled goes the same way.
#include "py.hpp"

asyncio::Coroutine<> work(std::string name) {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("cancelled", name);
        throw;
    }
}

asyncio::Coroutine<> fail() {
    throw asyncio::ValueError("early");
    co_return;
}

asyncio::Coroutine<> parent() {
    auto all = asyncio::gather(asyncio::return_exceptions, work("a"), fail(), work("b"));
    auto outcome = co_await all;
    print("not reached", std::tuple_size_v<decltype(outcome)>);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto task = asyncio::create_task(parent());
    for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
    task.cancel();
    loop.call_soon([] { print("next batch"); });
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print("parent", task.cancelled(), task.cancelling());
    }
    std::vector<asyncio::Task<void>> children;
    for (auto n : {"c", "d"}) children.push_back(asyncio::create_task(work(n)));
    auto both = asyncio::gather(asyncio::return_exceptions, children);
    co_await asyncio::sleep(0);
    both.cancel();
    try {
        co_await both;
    } catch (const asyncio::CancelledError&) {
        std::vector<bool> cancelled;
        for (const auto& c : children) cancelled.push_back(c.cancelled());
        print("both", both.done(), cancelled);
    }
}

int main() { asyncio::run(amain()); }
