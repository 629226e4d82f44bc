// TSK-39: wait returns when all are done, never raises the children's exceptions and never cancels;
// done is everything, pending is empty; finished inputs cost no iteration.
#include "py.hpp"

using StrTask = asyncio::Task<std::string>;

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("ends", name);
    if (name == "bad") throw asyncio::ValueError(name);
    co_return name;
}

std::vector<std::string> names(const std::vector<StrTask>& tasks, const auto& group) {
    std::vector<std::string> found;
    for (const auto& t : tasks)
        if (group.contains(t)) found.push_back(t.get_name());
    return found;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<StrTask> tasks;
    tasks.push_back(asyncio::create_task(work("a", 3), {.name = "a"}));
    tasks.push_back(asyncio::create_task(work("bad", 1), {.name = "bad"}));
    tasks.push_back(asyncio::create_task(work("c", 2), {.name = "c"}));
    tasks[2].cancel();
    auto r = co_await asyncio::wait(tasks);
    print(names(tasks, r.done), names(tasks, r.pending), r.done.size(), r.pending.size());
    print(tasks[0].result(), asyncio::repr(tasks[1].exception()), tasks[2].cancelled());
    loop.call_soon([] { print("an iteration passed"); });
    r = co_await asyncio::wait(tasks);
    print("again", r.done.size(), r.pending.size());
    co_await asyncio::sleep(0);
    std::vector<StrTask> twice(2, tasks[0]);
    twice.push_back(tasks[1]);
    r = co_await asyncio::wait(twice);
    print("duplicates", r.done.size(), r.pending.size());
}

int main() { asyncio::run(amain()); }
