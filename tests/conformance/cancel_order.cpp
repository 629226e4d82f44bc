// G-04, TSK-12: tasks cancelled in one batch unwind in the order of the cancel() calls, in the next
// iteration, FIFO with call_soon; their done callbacks follow one iteration later.
#include "py.hpp"

#include <map>

struct Finally {
    explicit Finally(std::string n) : name(n) {}
    ~Finally() { print("finally", name); }
    std::string name;
};

asyncio::Coroutine<> worker(std::string name) {
    Finally guard(name);
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("cancelled", name);
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::map<std::string, asyncio::Task<void>> tasks;
    for (auto n : {"a", "b", "c", "d"}) tasks[n] = asyncio::create_task(worker(n));
    for (const auto& entry : tasks) {
        const std::string name = entry.first;
        entry.second.add_done_callback([name] { print("done callback", name); });
    }
    co_await asyncio::sleep(0);
    loop.call_soon([] { print("soon 1"); });
    tasks["c"].cancel();
    tasks["a"].cancel();
    loop.call_soon([] { print("soon 2"); });
    tasks["d"].cancel();
    print("requested");
    co_await asyncio::sleep(0);
    std::vector<std::string> done;
    for (const auto& entry : tasks)
        if (entry.second.done()) done.push_back(entry.first);
    print("main", done);
    co_await asyncio::sleep(0);
    tasks["b"].cancel();
    co_await asyncio::wait(std::vector(1, tasks["b"]));
    print("end");
}

int main() { asyncio::run(amain()); }
