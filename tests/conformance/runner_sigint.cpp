// RUN-10, RUN-11: SIGINT cancels the main task and wakes a blocked loop; run() then raises
// KeyboardInterrupt; a main that swallows the cancellation makes run() return its value.
#include "py.hpp"

#include <csignal>

asyncio::Coroutine<> background() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("background cancelled at shutdown");
        throw;
    }
}

asyncio::Coroutine<std::string> amain(bool swallow) {
    auto task = asyncio::create_task(background());
    co_await asyncio::sleep(0);
    std::raise(SIGINT);
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("main cancelled", asyncio::current_task().cancelling(), task.done());
        if (!swallow) throw;
    }
    co_await asyncio::sleep(0);
    print("main goes on", task.done());
    co_return "value";
}

int main() {
    for (bool swallow : {false, true}) {
        try {
            print(asyncio::run(amain(swallow)));
        } catch (const asyncio::KeyboardInterrupt&) {
            print("KeyboardInterrupt");
        }
    }
}
