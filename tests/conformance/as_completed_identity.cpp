// TSK-45: asynchronous iteration yields the original task objects, finished (also the cancelled and
// the failed ones, without raising), in completion order.
#include "py.hpp"

#include <algorithm>

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    if (name == "bad") throw asyncio::ValueError(name);
    co_return name;
}

asyncio::Task<std::string> start(std::string name, int turns) {
    return asyncio::create_task(work(name, turns), {.name = name});
}

asyncio::Coroutine<> amain() {
    std::vector<asyncio::Task<std::string>> tasks;
    tasks.push_back(start("slow", 7));
    tasks.push_back(start("bad", 3));
    tasks.push_back(start("victim", 1000));
    tasks.push_back(start("quick", 0));
    co_await asyncio::sleep(0);
    tasks[2].cancel();
    auto iterator = asyncio::as_completed(tasks);
    for (;;) {
        auto earliest = co_await iterator.next();
        if (!earliest) break;
        auto index = std::size_t(std::find(tasks.begin(), tasks.end(), *earliest) - tasks.begin());
        print(index, tasks.at(index).get_name(), earliest->done(), earliest->cancelled());
        try {
            print(co_await *earliest);
        } catch (const asyncio::ValueError& e) {
            print(asyncio::repr(e));
        } catch (const asyncio::CancelledError&) {
            print("CancelledError");
        }
    }
}

int main() { asyncio::run(amain()); }
