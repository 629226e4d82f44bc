// LIF-03: run_forever on the running loop, and on another loop inside it, raises and leaves the
// running loop untouched: batch, stop request and get_running_loop() survive. (Python 3.13.0 alone
// corrupts the running loop here; 3.11 and 3.13.1 do not.)
#include "py.hpp"

int main() {
    auto loop = asyncio::new_event_loop();
    auto other = asyncio::new_event_loop();
    other->call_soon([] { print("never"); });

    auto attempt = [&](std::string name, asyncio::LoopPtr victim) {
        try {
            victim->run_forever();
        } catch (const asyncio::RuntimeError& e) {
            print(name, "RuntimeError", asyncio::str(e));
        }
        print(&asyncio::get_running_loop() == loop.get(), victim->is_running());
    };

    loop->call_soon(attempt, "same", loop);
    loop->call_soon(attempt, "other", other);
    loop->call_soon([] { print("same batch"); });
    loop->call_soon([&] { loop->call_soon([&] { loop->stop(); }); });
    loop->run_forever();
    print("returned", loop->is_running(), other->is_running());
    other->close();
    loop->close();
}
