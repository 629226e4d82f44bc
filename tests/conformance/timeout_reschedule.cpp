// TMO-11: reschedule moves the deadline (None disarms, the past fires in the next iteration); the
// timer is dropped on every exit and never fires into later code.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto me = asyncio::current_task();
    co_await asyncio::async_with(asyncio::timeout(0.005), [](Timeout t) -> Coroutine<> {
        t.reschedule(std::nullopt);
        print(t.when());
        co_await asyncio::sleep(0.02);
        print("disarmed", t.expired());
    });
    co_await asyncio::async_with(asyncio::timeout(0.005), [&](Timeout t) -> Coroutine<> {
        const double when = loop.time() + 1000;
        t.reschedule(when);
        print(t.when() == when);
        co_await asyncio::sleep(0.02);
        print("moved later", t.expired());
    });
    try {
        co_await asyncio::async_with(asyncio::timeout(1000), [&](Timeout t) -> Coroutine<> {
            t.reschedule(loop.time() - 1);
            print("moved to the past", t.expired());
            co_await asyncio::sleep(0);
            print("not reached");
        });
    } catch (const asyncio::TimeoutError& e) {
        print(asyncio::repr(e), me.cancelling());
    }
    try {
        co_await asyncio::async_with(asyncio::timeout(0.005), [](Timeout) -> Coroutine<> {
            throw asyncio::ValueError("early exit");
            co_return;
        });
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
    co_await asyncio::sleep(0.02);
    print("no late expiry", me.cancelling());
}

int main() { asyncio::run(amain()); }
