// TSK-13: a task cancelled before its first step never executes its body and ends cancelled one
// iteration later; its arguments are released.
#include "py.hpp"

#include <memory>

struct Counted {
    ~Counted() { released += 1; }
    static inline int released = 0;
};

asyncio::Coroutine<> worker(std::shared_ptr<Counted>) {
    print("must not run");
    co_await asyncio::sleep(0);
}

asyncio::Coroutine<> cancel_early() {
    auto& loop = asyncio::get_running_loop();
    auto task = asyncio::create_task(worker(std::make_shared<Counted>()));
    task.add_done_callback([](asyncio::Task<void> t) { print("callback", t.cancelled()); });
    bool accepted = task.cancel("early");
    print(accepted, task.cancelled(), task.done());
    loop.call_soon([&] { print("next batch", task.cancelled()); });
    try {
        co_await task;
    } catch (const asyncio::CancelledError& e) {
        print(asyncio::repr(e), task.cancelled());
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    co_await asyncio::create_task(cancel_early());
    print("arguments released", Counted::released);
    std::vector<asyncio::Task<void>> tasks;
    loop.call_soon([&] { tasks[1].cancel(); });
    tasks.push_back(asyncio::create_task(worker(nullptr)));
    tasks.push_back(asyncio::create_task(worker(nullptr)));
    auto first = tasks[0], second = tasks[1];
    first.cancel();
    co_await asyncio::sleep(0);
    print(first.cancelled(), second.cancelled());
    co_await asyncio::sleep(0);
    print(second.cancelled());
}

int main() { asyncio::run(amain()); }
