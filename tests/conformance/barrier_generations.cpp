// Pins LCK-14, LCK-17: each generation hands out the indices 0..n-1 once, in arrival order;
// n_waiting counts only while filling; whoever comes while the old generation drains joins the next
// one.
#include "py.hpp"

asyncio::Coroutine<> party(asyncio::Barrier barrier, std::string name, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        const auto index = co_await barrier.wait();
        print(name, "round", i, "index", index, "waiting", barrier.n_waiting());
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Barrier barrier(3);
    print(barrier.parties(), barrier.n_waiting(), barrier.broken());
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b", "c"})
        tasks.push_back(asyncio::create_task(party(barrier, name, 2)));
    co_await asyncio::sleep(0);
    print("all arrived", barrier.n_waiting());
    co_await asyncio::gather(tasks);
    auto one = asyncio::create_task(party(barrier, "x", 1));
    co_await asyncio::sleep(0);
    print("filling", barrier.n_waiting());
    co_await asyncio::gather(party(barrier, "y", 1), party(barrier, "z", 1), one);
    print(barrier.n_waiting(), barrier.broken());
}

int main() { asyncio::run(amain()); }
