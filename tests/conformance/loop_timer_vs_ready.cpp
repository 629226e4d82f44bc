// G-02: in one iteration the handles already queued run before the due timers, whichever was
// scheduled first; a blocked callback makes a timer late, never early.
#include "py.hpp"

#include <thread>

int main() {
    auto loop = asyncio::new_event_loop();

    auto fourth = [&] {
        print("fourth");
        loop->stop();
    };

    auto third = [&] { print("third"); };

    auto timer = [&] {
        print("timer, same iteration as second");
        loop->call_soon(fourth);
    };

    auto second = [&] {
        print("second, with the timer already due");
        loop->call_soon(third);
    };

    auto first = [&] {
        print("first");
        loop->call_later(0.001, timer);
        loop->call_soon(second);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    };

    loop->call_soon(first);
    loop->run_forever();
    loop->close();
}
