// TSK-39, TSK-40: the timeout of wait and the completion of a child in one batch, in both orders,
// and a cancel of the waiter in that batch: done is what is done on resumption, the cancel is not
// lost.
#include "py.hpp"

#include <thread>

using namespace std::chrono_literals;

asyncio::Coroutine<> waiter(asyncio::Future<void> fut) {
    try {
        auto r = co_await asyncio::wait(std::vector(1, fut), {.timeout = 0.01});
        print("done", r.done.size(), "pending", r.pending.size());
    } catch (const asyncio::CancelledError& e) {
        print("waiter", asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    for (double when : {0.005, 0.015}) {
        auto fut = loop.create_future();
        auto task = asyncio::create_task(waiter(fut));
        co_await asyncio::sleep(0);
        loop.call_later(when, [&] { fut.set_result(); });
        std::this_thread::sleep_for(30ms);
        co_await asyncio::wait(std::vector(1, task));
    }
    auto fut = loop.create_future();
    auto task = asyncio::create_task(waiter(fut));
    co_await asyncio::sleep(0);
    loop.call_later(0.015, [&] { task.cancel("after the timeout"); });
    std::this_thread::sleep_for(30ms);
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled(), fut.done());
    fut.set_result();
    auto r = co_await asyncio::wait(std::vector(1, fut), {.timeout = 0.01});
    print("done", r.done.size(), "pending", r.pending.size());
}

int main() { asyncio::run(amain()); }
