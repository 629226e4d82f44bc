// Pins TGP-06, TSK-13: a body that raises before its children had their first step: they are
// cancelled and their code never runs (an eager or synchronous start would print).
#include "py.hpp"

asyncio::Coroutine<> child(std::string name) {
    print("never printed", name);
    co_return;
}

asyncio::Coroutine<> amain() {
    std::vector<asyncio::Task<>> tasks;
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tasks.push_back(tg.create_task(child("a")));
                                         tasks.push_back(tg.create_task(child("b")));
                                         print("body raises");
                                         throw asyncio::ValueError("early");
                                         co_return;
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(g.exceptions());
    }
    std::vector<bool> done, cancelled;
    for (const auto& t : tasks) {
        done.push_back(t.done());
        cancelled.push_back(t.cancelled());
    }
    print(done, cancelled);
    print("cancelling", asyncio::current_task().cancelling());
}

int main() { asyncio::run(amain()); }
