// Pins STR-06, G-04 and section 0.1: feed_data runs nobody: a blocked read resumes two iterations
// later and then takes all that was fed meanwhile.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::Coroutine<> read(asyncio::StreamReader reader) {
    for (;;) {
        const auto data = co_await reader.read(100);
        print("read", py::bytes(data));
        if (data.empty()) break;
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    asyncio::StreamReader reader(asyncio::StreamReaderOptions{});
    auto task = asyncio::create_task(read(reader));
    co_await asyncio::sleep(0);
    loop.call_soon(tick, 1, 7);
    loop.call_soon([reader] { reader.feed_data("a"); });
    loop.call_soon([reader] { reader.feed_data("b"); });
    co_await asyncio::sleep(0);
    reader.feed_data("c");
    print("fed three times");
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    reader.feed_data("d");
    reader.feed_eof();
    co_await task;
    print("end");
}

int main() { asyncio::run(amain()); }
