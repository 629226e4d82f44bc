// LIF-02: stop() before run_forever() makes it run exactly one iteration (queued callbacks do run,
// a due timer too) without blocking on a distant timer.
#include "py.hpp"

int main() {
    auto loop = asyncio::new_event_loop();

    auto again = [&](std::string name) {
        print(name);
        loop->call_soon([name] { print(name + " child"); });
    };

    loop->call_later(3600, [] { print("never"); });
    loop->call_later(0, [] { print("due timer"); });
    loop->call_soon(again, "queued");
    loop->stop();
    loop->run_forever();
    print("one iteration done");
    loop->stop();
    loop->stop();
    loop->run_forever();
    print("two stops are one");
    loop->stop();
    loop->run_forever();
    print("empty iteration");
    auto fut = loop->create_future();
    loop->stop();
    try {
        loop->run_until_complete(fut);
    } catch (const asyncio::RuntimeError& e) {
        print("RuntimeError", asyncio::str(e));
    }
    fut.cancel();
    loop->close();
}
