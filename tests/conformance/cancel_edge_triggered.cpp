// TSK-17: one request gives one throw: later awaits are not interrupted unless cancel() is called
// again, even though cancelling() stays above 0.
#include "py.hpp"

asyncio::Coroutine<std::string> worker() {
    auto task = asyncio::current_task();
    for (int round = 0; round < 3; ++round) {
        try {
            co_await asyncio::sleep(1000);
        } catch (const asyncio::CancelledError& e) {
            print("round", round, asyncio::repr(e), task.cancelling());
        }
        co_await asyncio::sleep(0);
        print("yielded");
        auto& loop = asyncio::get_running_loop();
        auto fut = loop.create_future<int>();
        loop.call_soon([&] { fut.set_result(round); });
        print("future", co_await fut);
    }
    co_return "end";
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(worker());
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        print("cancel", round);
        task.cancel(std::to_string(round));
    }
    print(co_await task);
    print(task.cancelled(), task.cancelling());
}

int main() { asyncio::run(amain()); }
