// Pins TGP-11, TGP-13: create_task is refused before entry, while aborting and after the end, and a
// group is entered once; the refused coroutine never starts.
#include "py.hpp"

asyncio::Coroutine<> child() {
    print("child runs");
    co_return;
}

void refused(asyncio::TaskGroup tg) {
    auto coro = child();
    try {
        tg.create_task(std::move(coro));
        print("accepted");
    } catch (const asyncio::RuntimeError& e) {
        for (std::string text : {"has not been entered", "is finished", "is shutting down"})
            if (asyncio::str(e).find(text) != std::string::npos) print("refused:", text);
    }
}

asyncio::Coroutine<> late(asyncio::TaskGroup tg) {
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        refused(tg);
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::TaskGroup tg;
    refused(tg);
    try {
        co_await asyncio::async_with(tg, [&](asyncio::TaskGroup) -> asyncio::Coroutine<> {
            tg.create_task(late(tg));
            co_await asyncio::sleep(0);
            try {
                co_await asyncio::async_with(tg, [](asyncio::TaskGroup) -> asyncio::Coroutine<> {
                    print("not reached");
                    co_return;
                });
            } catch (const asyncio::RuntimeError& e) {
                print(asyncio::str(e).find("has already been entered") != std::string::npos);
            }
            throw asyncio::ValueError("stop");
        });
    } catch (const asyncio::ExceptionGroup& g) {
        print(g.exceptions());
    }
    refused(tg);
}

int main() { asyncio::run(amain()); }
