// TSK-05, TSK-07, TSK-11: a task's states, result and stored exception; a finished task can be
// awaited again at no cost, and cancel() on it is refused.
#include "py.hpp"

asyncio::Coroutine<int> value() {
    co_await asyncio::sleep(0);
    co_return 7;
}

asyncio::Coroutine<int> fail() {
    co_await asyncio::sleep(0);
    throw asyncio::ValueError("failed");
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto good = asyncio::create_task(value());
    auto bad = asyncio::create_task(fail());
    for (int step = 0; step < 3; ++step) {
        print("step", step, good.done(), bad.done());
        co_await asyncio::sleep(0);
    }
    try {
        asyncio::create_task(value()).result();
    } catch (const asyncio::InvalidStateError&) {
        print("InvalidStateError");
    }
    print(good.result(), good.exception(), good.cancelled());
    print(bad.exception(), bad.cancelled());
    bool refused = good.cancel();
    print("cancel", refused, good.cancelling(), good.cancelled());
    loop.call_soon([] { print("an iteration passed"); });
    int first = co_await good;
    int second = co_await good;
    print(first + second);
    for (int i = 0; i < 2; ++i) {
        try {
            co_await bad;
        } catch (const asyncio::ValueError& e) {
            print(asyncio::repr(e), std::current_exception() == bad.exception());
        }
    }
    co_await asyncio::sleep(0);
}

int main() { asyncio::run(amain()); }
