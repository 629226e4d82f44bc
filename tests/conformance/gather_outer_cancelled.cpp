// TSK-35: cancelling the gather cancels every unfinished child, not the gather itself: it ends
// (with CancelledError, cancelled() false) when a child does; a child that refuses runs on.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name, bool stubborn) {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError& e) {
        print(name, asyncio::repr(e));
        if (!stubborn) throw;
    }
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print(name, "ends");
    co_return name;
}

asyncio::Coroutine<std::string> quick() { co_return "quick"; }

asyncio::Coroutine<> amain() {
    auto q = asyncio::create_task(quick());
    auto a = asyncio::create_task(work("a", false));
    auto b = asyncio::create_task(work("b", true));
    auto both = asyncio::gather(q, a, b);
    co_await asyncio::sleep(0);
    bool accepted = both.cancel("stop");
    print(accepted, both.done(), q.cancelled(), q.cancelling(), a.cancelling(), b.cancelling());
    co_await asyncio::sleep(0);
    print("one iteration later", a.done(), b.done(), both.done());
    try {
        co_await both;
    } catch (const asyncio::CancelledError&) {
        print("CancelledError", both.cancelled());
    }
    print(a.cancelled(), b.done(), b.cancelling());
    print(co_await b, b.cancelled());
    bool refused = both.cancel();
    print(refused);
}

int main() { asyncio::run(amain()); }
