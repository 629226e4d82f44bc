// G-04, FUT-03: a chain of futures completed by each other's callbacks takes one iteration per
// link: completion is never propagated synchronously, however long the chain.
#include "py.hpp"

using Fut = asyncio::Future<int>;

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<Fut> links;
    for (int i = 0; i < 5; ++i) links.push_back(loop.create_future<int>());
    int ticks = 0;

    std::function<void()> tick = [&] {
        ticks += 1;
        if (!links.back().done()) loop.call_soon(tick);
    };

    auto forward = [&](Fut source, Fut target) {
        target.set_result(source.result() + 1);
        print("forwarded", source.result(), "tick", ticks, target.done());
    };

    for (std::size_t i = 0; i + 1 < links.size(); ++i)
        links[i].add_done_callback([&forward, t = links[i + 1]](Fut s) { forward(s, t); });
    loop.call_soon(tick);
    links[0].set_result(0);
    print("nothing forwarded yet", links[1].done());
    int last = co_await links.back();
    print(last, ticks);
    std::vector<Fut> failing;
    for (int i = 0; i < 2; ++i) failing.push_back(loop.create_future<int>());
    failing[0].add_done_callback([&](Fut f) { failing[1].set_exception(f.exception()); });
    failing[0].set_exception(asyncio::ValueError("relayed"));
    try {
        co_await failing[1];
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e), std::current_exception() == failing[0].exception());
    }
}

int main() { asyncio::run(amain()); }
