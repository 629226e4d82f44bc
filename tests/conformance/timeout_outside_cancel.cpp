// TMO-05, TMO-08: an outside cancel is never turned into TimeoutError: alone, and when the deadline
// expires too (the count is above the one at entry), CancelledError propagates.
#include "py.hpp"

#include <thread>

asyncio::Coroutine<> worker(double delay) {
    auto me = asyncio::current_task();
    auto t = asyncio::timeout(delay);
    try {
        co_await asyncio::async_with(t, [&](asyncio::Timeout) -> asyncio::Coroutine<> {
            try {
                co_await asyncio::sleep(1000);
            } catch (const asyncio::CancelledError& e) {
                print("inside", asyncio::repr(e), me.cancelling(), t.expired());
                throw;
            }
        });
    } catch (const asyncio::TimeoutError&) {
        print("must not time out");
    } catch (const asyncio::CancelledError& e) {
        print("outside", asyncio::repr(e), me.cancelling(), t.expired());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto task = asyncio::create_task(worker(1000));
    co_await asyncio::sleep(0);
    task.cancel("alone");
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled());
    task = asyncio::create_task(worker(0.005));
    co_await asyncio::sleep(0);
    loop.call_later(0.001, [&] { task.cancel("with the deadline"); });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    co_await asyncio::wait(std::vector(1, task));
    print(task.cancelled(), task.cancelling());
}

int main() { asyncio::run(amain()); }
