// TSK-40: FIRST_EXCEPTION returns on the first failure, a cancelled child does not count as one;
// without a failure it waits for all.
#include "py.hpp"

asyncio::Coroutine<> work(std::string name, int turns, bool fail) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("ends", name);
    if (fail) throw asyncio::ValueError(name);
}

using Tasks = std::vector<asyncio::Task<void>>;

std::vector<std::string> names(const Tasks& tasks, const auto& group) {
    std::vector<std::string> found;
    for (const auto& t : tasks)
        if (group.contains(t)) found.push_back(t.get_name());
    return found;
}

asyncio::Task<void> start(std::string name, int turns, bool fail) {
    return asyncio::create_task(work(name, turns, fail), {.name = name});
}

asyncio::Coroutine<> amain() {
    for (int without = 0; without < 2; ++without) {
        const bool fail = !without;
        Tasks tasks;
        tasks.push_back(start("a", 1, false));
        tasks.push_back(start("b", 30, false));
        tasks.push_back(start("bad", 6, fail));
        tasks.push_back(start("d", 8, false));
        co_await asyncio::sleep(0);
        tasks[1].cancel();
        auto r = co_await asyncio::wait(tasks, {.return_when = asyncio::FIRST_EXCEPTION});
        print("done", names(tasks, r.done), "pending", names(tasks, r.pending));
        std::vector<bool> cancelled;
        for (const auto& t : tasks) cancelled.push_back(t.cancelled());
        print("cancelled", cancelled);
        if (r.pending.size()) {
            r = co_await asyncio::wait(r.pending);
            print("rest", names(tasks, r.done));
        }
        if (fail) print(tasks[2].exception());
    }
}

int main() { asyncio::run(amain()); }
