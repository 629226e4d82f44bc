// Pins STR-13, STR-12: cancelling a read loses nothing, be it before data comes or after the data
// has woken it; the next read gets everything.
#include "py.hpp"

asyncio::Coroutine<> read(asyncio::StreamReader reader, std::string name) {
    try {
        const auto data = co_await reader.readexactly(4);
        print(name, py::bytes(data));
    } catch (const asyncio::CancelledError&) {
        print(name, "cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader(asyncio::StreamReaderOptions{});
    auto a = asyncio::create_task(read(reader, "a"));
    co_await asyncio::sleep(0);
    a.cancel();
    reader.feed_data("ab");
    std::vector<asyncio::Task<>> tasks{a};
    co_await asyncio::wait(tasks);
    auto b = asyncio::create_task(read(reader, "b"));
    co_await asyncio::sleep(0);
    reader.feed_data("cd");
    print("data is there, cancel", b.cancel());
    tasks[0] = b;
    co_await asyncio::wait(tasks);
    co_await read(reader, "c");
    auto d = asyncio::create_task(read(reader, "d"));
    co_await asyncio::sleep(0);
    d.cancel();
    reader.feed_eof();
    tasks[0] = d;
    co_await asyncio::wait(tasks);
    print(a.cancelled(), b.cancelled(), d.cancelled(), reader.at_eof());
}

int main() { asyncio::run(amain()); }
