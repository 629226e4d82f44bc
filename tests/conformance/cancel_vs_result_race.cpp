// TSK-12, TSK-41: cancel() and completion of the awaited task in one batch, in both orders: neither
// the cancel nor the inner task's own result may get lost.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;

asyncio::Coroutine<std::string> inner(Fut fut) { co_return co_await fut; }

asyncio::Coroutine<> outer(asyncio::Task<std::string> task) {
    try {
        print("outer got", co_await task);
    } catch (const asyncio::CancelledError&) {
        print("outer cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    for (int delay = 0; delay < 4; ++delay) {
        auto fut = loop.create_future<std::string>();
        auto i = asyncio::create_task(inner(fut));
        auto o = asyncio::create_task(outer(i));
        co_await asyncio::sleep(0);
        fut.set_result("value");
        for (int n = 0; n < delay; ++n) co_await asyncio::sleep(0);
        bool accepted = o.cancel();
        print("delay", delay, accepted, i.done(), o.done());
        std::vector<asyncio::TaskRef> both;
        both.push_back(i);
        both.push_back(o);
        co_await asyncio::wait(both);
        print("inner", i.cancelled(), "outer", o.cancelled());
    }
}

int main() { asyncio::run(amain()); }
