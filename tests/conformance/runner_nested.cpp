// RUN-01: run() and Runner.run() inside a running loop raise RuntimeError with the documented texts
// and do not start the coroutine; the running loop goes on.
#include "py.hpp"

asyncio::Coroutine<> inner() {
    print("must not start");
    co_return;
}

asyncio::Coroutine<std::string> amain() {
    auto& loop = asyncio::get_running_loop();
    try {
        asyncio::run(inner());
    } catch (const asyncio::RuntimeError& e) {
        print("RuntimeError", asyncio::str(e));
    }
    asyncio::Runner runner;
    try {
        runner.run(inner());
    } catch (const asyncio::RuntimeError& e) {
        print("RuntimeError", asyncio::str(e));
    }
    runner.close();
    co_await asyncio::sleep(0);
    print(&asyncio::get_running_loop() == &loop, loop.is_closed());
    co_return "main went on";
}

int main() {
    print(asyncio::run(amain()));
    print(asyncio::run(amain()));
}
