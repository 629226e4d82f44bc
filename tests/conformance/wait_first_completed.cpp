// TSK-39, TSK-40: FIRST_COMPLETED returns after the first finisher; done holds everything finished
// by the time of resumption, not just the trigger; the others keep running.
#include "py.hpp"

using StrTask = asyncio::Task<std::string>;

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("ends", name);
    co_return name;
}

std::vector<std::string> names(const std::vector<StrTask>& tasks, const auto& group) {
    std::vector<std::string> found;
    for (const auto& t : tasks)
        if (group.contains(t)) found.push_back(t.get_name());
    return found;
}

StrTask start(std::string name, int turns) {
    return asyncio::create_task(work(name, turns), {.name = name});
}

asyncio::Coroutine<> amain() {
    std::vector<StrTask> tasks;
    tasks.push_back(start("d", 9));
    tasks.push_back(start("a", 1));
    tasks.push_back(start("b", 2));
    tasks.push_back(start("c", 3));
    tasks.push_back(start("e", 5));
    auto r = co_await asyncio::wait(tasks, {.return_when = asyncio::FIRST_COMPLETED});
    print("done", names(tasks, r.done), "pending", names(tasks, r.pending));
    while (r.pending.size()) {
        r = co_await asyncio::wait(r.pending, {.return_when = asyncio::FIRST_COMPLETED});
        print("done", names(tasks, r.done), "pending", names(tasks, r.pending));
    }
    auto finished = start("f", 0);
    co_await finished;
    std::vector<StrTask> more;
    more.push_back(start("g", 50));
    more.push_back(finished);
    r = co_await asyncio::wait(more, {.return_when = asyncio::FIRST_COMPLETED});
    print(names(more, r.done), names(more, r.pending));
    more[0].cancel();
}

int main() { asyncio::run(amain()); }
