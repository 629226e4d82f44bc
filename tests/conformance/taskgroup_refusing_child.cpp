// Pins TGP-01, TGP-02: a sibling that swallows its cancellation is waited for to its very end, and
// is cancelled once only (edge, not level).
#include "py.hpp"

asyncio::Coroutine<std::string> stubborn() {
    for (int i = 0; i < 3; ++i) {
        try {
            co_await asyncio::sleep(i ? 0 : 10);
            print("turn", i);
        } catch (const asyncio::CancelledError&) {
            print("refused", i, asyncio::current_task().cancelling());
        }
    }
    co_return "stubborn result";
}

asyncio::Coroutine<> fail() {
    throw asyncio::RuntimeError("first");
    co_return;
}

asyncio::Coroutine<> amain() {
    asyncio::Task<std::string> task;
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         task = tg.create_task(stubborn());
                                         co_await asyncio::sleep(0);
                                         tg.create_task(fail());
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(g.exceptions());
    }
    print(task.done(), task.cancelled(), task.result());
}

int main() { asyncio::run(amain()); }
