// SCH-03: timers fire by deadline, not by registration; all that are due in one iteration fire in
// that iteration, before the callbacks they schedule; equal deadlines keep insertion order.
#include "py.hpp"

#include <thread>

void fire(asyncio::LoopPtr loop, std::string name) {
    print("fire", name);
    loop->call_soon([name] { print("child of", name); });
}

int main() {
    auto loop = asyncio::new_event_loop();

    auto setup = [&] {
        const double now = loop->time();
        loop->call_at(now + 0.004, fire, loop, "4ms");
        loop->call_at(now + 0.001, fire, loop, "1ms");
        loop->call_at(now + 0.003, fire, loop, "3ms");
        loop->call_at(now + 0.002, fire, loop, "2ms");
        loop->call_at(now - 5, fire, loop, "past");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        print("late by 20 ms");
    };

    auto ties = [&] {
        const double when = loop->time() + 0.002;
        loop->call_at(when, [] { print("tie 1"); });
        loop->call_at(when, [] { print("tie 2"); });
        loop->call_at(when + 0.03, [&] { loop->stop(); });
    };

    loop->call_soon(setup);
    loop->call_later(0.06, ties);
    loop->run_forever();
    loop->close();
}
