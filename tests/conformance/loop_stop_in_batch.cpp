// LIF-01: stop() from inside a batch lets the whole batch run; what the batch scheduled stays
// queued for the next run.
#include "py.hpp"

int main() {
    auto loop = asyncio::new_event_loop();

    auto first = [&] {
        print("first");
        loop->call_soon([] { print("scheduled by first"); });
    };

    auto stopper = [&] {
        print("stopper");
        loop->stop();
        loop->call_soon([] { print("scheduled after stop"); });
    };

    auto last = [&] {
        print("last of the batch");
        loop->call_soon([] { print("scheduled by last"); });
    };

    loop->call_soon(first);
    loop->call_soon(stopper);
    loop->call_soon(last);
    loop->run_forever();
    print("returned", loop->is_running());
    loop->call_soon([] { print("between runs"); });
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    print("returned again");
    loop->close();
}
