// TSK-17, TSK-19, G-08: clean-up that awaits runs to its end after one cancel (the request was
// delivered once); a second cancel interrupts the clean-up itself.
#include "py.hpp"

asyncio::Coroutine<> cleanup(std::string name) {
    try {
        print("cleanup", name);
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("cleanup finished", name);
    } catch (const asyncio::CancelledError& e) {
        print("cleanup interrupted", name, asyncio::repr(e));
        throw;
    }
}

asyncio::Coroutine<> body() { co_await asyncio::sleep(1000); }

asyncio::Coroutine<> worker(std::string name) {
    co_await asyncio::try_finally(body, [&] { return cleanup(name); });
}

asyncio::Coroutine<> amain() {
    for (std::string name : {"once", "twice"}) {
        auto task = asyncio::create_task(worker(name));
        co_await asyncio::sleep(0);
        task.cancel("first");
        co_await asyncio::sleep(0);
        print("in the clean-up", task.done());
        if (name == "twice") task.cancel("second");
        try {
            co_await task;
        } catch (const asyncio::CancelledError& e) {
            print("main", asyncio::repr(e), task.cancelling());
        }
    }
}

int main() { asyncio::run(amain()); }
