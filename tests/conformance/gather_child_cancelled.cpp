// TSK-34: a cancelled child counts as one that raised CancelledError: the gather is finished with
// an exception (cancelled() is false), siblings go on, the awaiter's cancelling() stays 0.
#include "py.hpp"

asyncio::Coroutine<std::string> work(int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("work ends");
    co_return "value";
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto victim = asyncio::create_task(work(1000));
    auto other = asyncio::create_task(work(4));
    auto both = asyncio::gather(victim, other);
    co_await asyncio::sleep(0);
    loop.call_soon([&] { victim.cancel("child"); });
    try {
        co_await both;
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), both.done(), both.cancelled());
    }
    print(asyncio::current_task().cancelling(), victim.cancelled(), other.done());
    try {
        print(both.exception());
    } catch (const asyncio::CancelledError&) {
        print("exception() raised");
    }
    print(co_await other);
    auto fut = loop.create_future<std::string>();
    auto outcomes = asyncio::gather(asyncio::return_exceptions, fut, work(1));
    fut.cancel("slot");
    auto result = co_await outcomes;
    auto& [first, second] = result;
    print(first.exception(), py::repr(second.value()), outcomes.cancelled());
}

int main() { asyncio::run(amain()); }
