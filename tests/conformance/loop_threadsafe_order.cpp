// SCH-06: call_soon_threadsafe made on the loop's own thread keeps its place among call_soon calls,
// and calls made by another thread keep that thread's order.
#include "py.hpp"

#include <thread>

int main() {
    auto loop = asyncio::new_event_loop();

    auto other = [&] {
        for (int i = 0; i < 4; ++i) loop->call_soon_threadsafe([i] { print("thread", i); });
    };

    auto first = [&] {
        loop->call_soon([] { print("soon 1"); });
        loop->call_soon_threadsafe([] { print("safe 1"); });
        loop->call_soon([] { print("soon 2"); });
        loop->call_soon_threadsafe([] { print("safe 2"); });
        auto cancelled = loop->call_soon_threadsafe([] { print("cancelled"); });
        cancelled.cancel();
        loop->call_soon([] { print("soon 3"); });
        std::thread thread(other);
        thread.join();
        print("first done");
    };

    loop->call_soon(first);
    loop->call_later(0.01, [&] { loop->stop(); });
    loop->run_forever();
    loop->close();
}
