// FUT-06: a done callback may add and remove callbacks of its own future: the scheduled ones all
// run, an added one runs in the next iteration.
#include "py.hpp"

using Fut = asyncio::Future<int>;

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<int>();
    asyncio::CallbackId id_second{};

    auto added = [] { print("added"); };

    auto second = [] { print("second"); };

    std::function<void(Fut)> added_too = [&](Fut f) {
        print("added too");
        if (f.result() < 3) {
            auto nested = loop.create_future<int>();
            nested.add_done_callback(added_too);
            nested.set_result(f.result() + 1);
        }
    };

    auto first = [&](Fut f) {
        print("first");
        print("removed", f.remove_done_callback(id_second));
        f.add_done_callback(added);
        f.add_done_callback(added_too);
        loop.call_soon([] { print("soon from first"); });
    };

    fut.add_done_callback(first);
    id_second = fut.add_done_callback(second);
    fut.set_result(1);
    for (int i = 0; i < 5; ++i) {
        print("iteration", i);
        co_await asyncio::sleep(0);
    }
}

int main() { asyncio::run(amain()); }
