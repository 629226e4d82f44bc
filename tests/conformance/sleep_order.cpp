// TSK-30, SCH-03: sleepers wake by deadline, not in creation order; equal sleeps keep their order;
// sleeping tasks do not hold up the ones that are ready.
#include "py.hpp"

asyncio::Coroutine<std::string> sleeper(std::string name, double delay) {
    co_await asyncio::sleep(delay);
    print("woke", name);
    co_return name;
}

asyncio::Coroutine<> busy() {
    for (int i = 0; i < 3; ++i) {
        print("busy", i);
        co_await asyncio::sleep(0);
    }
}

asyncio::Coroutine<> amain() {
    std::vector<asyncio::Task<std::string>> tasks;
    tasks.push_back(asyncio::create_task(sleeper("60ms", 0.06)));
    tasks.push_back(asyncio::create_task(sleeper("20ms", 0.02)));
    tasks.push_back(asyncio::create_task(sleeper("40ms", 0.04)));
    tasks.push_back(asyncio::create_task(sleeper("now", 0)));
    auto other = asyncio::create_task(busy());
    auto results = co_await asyncio::gather(tasks);
    print(results);
    auto one = asyncio::create_task(sleeper("one", 0.01));
    auto two = asyncio::create_task(sleeper("two", 0.01));
    tasks.assign(1, two);
    tasks.push_back(one);
    print(co_await asyncio::gather(tasks));
    print(co_await sleeper("inline", 0.001));
}

int main() { asyncio::run(amain()); }
