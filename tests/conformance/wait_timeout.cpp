// TSK-39: on timeout wait returns the unfinished in pending; it neither raises TimeoutError nor
// cancels them; timeout=0 still lets one generation of work through.
#include "py.hpp"

using Fut = asyncio::Future<std::string>;
using Tasks = std::vector<asyncio::Task<std::string>>;

asyncio::Coroutine<std::string> work(Fut fut) { co_return co_await fut; }

std::vector<std::string> names(const Tasks& tasks, const auto& group) {
    std::vector<std::string> found;
    for (const auto& t : tasks)
        if (group.contains(t)) found.push_back(t.get_name());
    return found;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<Fut> futs;
    for (int i = 0; i < 3; ++i) futs.push_back(loop.create_future<std::string>());
    Tasks tasks;
    for (int i = 0; i < 3; ++i) {
        const auto name = "t" + std::to_string(i);
        tasks.push_back(asyncio::create_task(work(futs[std::size_t(i)]), {.name = name}));
    }
    futs[1].set_result("one");
    auto r = co_await asyncio::wait(tasks, {.timeout = 0.01});
    std::vector<int> cancelling;
    for (const auto& t : tasks) cancelling.push_back(t.cancelling());
    print(names(tasks, r.done), names(tasks, r.pending), cancelling);
    r = co_await asyncio::wait(r.pending, {.timeout = 0});
    print(names(tasks, r.done), names(tasks, r.pending));
    futs[0].set_result("zero");
    futs[2].set_result("two");
    r = co_await asyncio::wait(r.pending, {.timeout = 1000});
    print(names(tasks, r.done), names(tasks, r.pending));
    std::vector<std::string> results;
    for (const auto& t : tasks) results.push_back(t.result());
    print(results);
    r = co_await asyncio::wait(tasks, {.timeout = 0});
    print(names(tasks, r.done), names(tasks, r.pending));
}

int main() { asyncio::run(amain()); }
