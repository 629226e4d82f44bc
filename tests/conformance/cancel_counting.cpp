// TSK-11, TSK-15: every cancel() of an unfinished task counts and returns true, also while one is
// pending; it takes effect at the next step (cancelled() stays false); on a done task it is
// refused.
#include "py.hpp"

asyncio::Coroutine<> worker() {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("worker sees", task.cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(worker());
    co_await asyncio::sleep(0);
    print("before", task.cancelling());
    for (int i = 0; i < 3; ++i) {
        bool accepted = task.cancel();
        print(accepted, task.cancelling(), task.cancelled(), task.done());
    }
    co_await asyncio::sleep(0);
    print("after one iteration", task.cancelled(), task.done(), task.cancelling());
    bool refused = task.cancel();
    print(refused, task.cancelling());
    try {
        co_await task;
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), task.cancelling());
    }
    auto me = asyncio::current_task();
    int before = me.cancelling();
    print("main", before, me.uncancel());
}

int main() { asyncio::run(amain()); }
