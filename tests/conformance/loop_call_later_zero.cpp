// SCH-03: call_later(0), a negative delay and call_at(past) all go through the timer path: never
// synchronous, behind the callbacks queued later in the same callback, one firing per iteration.
#include "py.hpp"

int main() {
    auto loop = asyncio::new_event_loop();

    std::function<void(int)> soon = [&](int n) {
        print("soon chain", n);
        if (n) loop->call_soon(soon, n - 1);
    };

    std::function<void(int)> later = [&](int n) {
        print("timer chain", n);
        if (n)
            loop->call_later(0, later, n - 1);
        else
            loop->stop();
    };

    auto start = [&] {
        print("start");
        loop->call_later(0, [] { print("later 0"); });
        loop->call_later(-1, [] { print("later -1"); });
        loop->call_at(loop->time() - 2, [] { print("at past"); });
        loop->call_soon([] { print("soon, scheduled last"); });
        loop->call_soon(soon, 3);
        loop->call_later(0, later, 3);
    };

    loop->call_soon(start);
    loop->run_forever();
    loop->close();
}
