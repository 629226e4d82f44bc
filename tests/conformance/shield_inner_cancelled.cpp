// TSK-37: an inner that is cancelled cancels the shield; an inner that fails or returns passes that
// on, one iteration later than awaiting it directly.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<std::string> work(int turns, bool fail) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    if (fail) throw asyncio::ValueError("inner");
    co_return "value";
}

asyncio::Coroutine<> through(std::string name, Fut shield) {
    try {
        print(name, co_await shield);
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled", shield.cancelled());
    } catch (const asyncio::ValueError& e) {
        print(name, asyncio::repr(e), shield.exception() == std::current_exception());
    }
}

asyncio::Coroutine<> inner_first(Fut inner) { print("direct", co_await inner); }

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto inner = asyncio::create_task(work(1000, false));
    auto shield = asyncio::shield(inner);
    co_await asyncio::sleep(0);
    inner.cancel();
    co_await through("cancelled inner", shield);
    print(asyncio::current_task().cancelling());
    co_await through("failing inner", asyncio::shield(work(1, true)));
    inner = asyncio::create_task(work(0, false));
    shield = asyncio::shield(inner);
    inner.add_done_callback([&] { loop.call_soon([] { print("after the shield"); }); });
    auto task = asyncio::create_task(inner_first(inner));
    co_await through("shield", shield);
    co_await task;
}

int main() { asyncio::run(amain()); }
