// TSK-40, TSK-39: cancelling the waiter leaves the children running and removes its callbacks;
// empty input is ValueError "Set of Tasks/Futures is empty.".
#include "py.hpp"

using Tasks = std::vector<asyncio::Task<std::string>>;

asyncio::Coroutine<std::string> work(std::string name) {
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    print("ends", name);
    co_return name;
}

asyncio::Coroutine<> waiter(Tasks tasks) {
    try {
        co_await asyncio::wait(tasks);
    } catch (const asyncio::CancelledError& e) {
        print("waiter", asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> amain() {
    Tasks tasks;
    for (auto n : {"a", "b"}) tasks.push_back(asyncio::create_task(work(n)));
    auto w = asyncio::create_task(waiter(tasks));
    co_await asyncio::sleep(0);
    w.cancel("stop waiting");
    co_await asyncio::sleep(0);
    std::vector<int> cancelling;
    std::vector<bool> done;
    for (const auto& t : tasks) cancelling.push_back(t.cancelling()), done.push_back(t.done());
    print(w.cancelled(), cancelling, done);
    auto r = co_await asyncio::wait(tasks);
    print(r.done.size(), r.pending.size());
    Tasks none;
    try {
        co_await asyncio::wait(none);
    } catch (const asyncio::ValueError& e) {
        print("ValueError", asyncio::str(e));
    }
}

int main() { asyncio::run(amain()); }
