// TSK-45: as_completed delivers in the order of completion, not of the arguments; errors are raised
// by the one that is next; equal inputs collapse to one.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("ends", name);
    if (name == "bad") throw asyncio::ValueError(name);
    co_return name;
}

asyncio::Coroutine<> amain() {
    std::vector<asyncio::Task<std::string>> tasks;
    tasks.push_back(asyncio::create_task(work("c", 6)));
    tasks.push_back(asyncio::create_task(work("a", 0)));
    tasks.push_back(asyncio::create_task(work("bad", 4)));
    tasks.push_back(asyncio::create_task(work("b", 2)));
    auto iterator = asyncio::as_completed(tasks);
    for (;;) {
        auto earliest = co_await iterator.next();
        if (!earliest) break;
        try {
            print("got", co_await *earliest);
        } catch (const asyncio::ValueError& e) {
            print("raised", asyncio::repr(e));
        }
    }
    std::vector<asyncio::Task<std::string>> some(2, tasks[0]);
    some[1] = tasks[1];
    some.push_back(tasks[0]);
    auto again = asyncio::as_completed(some);
    for (;;) {
        auto earliest = co_await again.next();
        if (!earliest) break;
        co_await *earliest;
        print("one of two");
    }
    std::vector<bool> done;
    for (const auto& t : tasks) done.push_back(t.done());
    print(done);
}

int main() { asyncio::run(amain()); }
