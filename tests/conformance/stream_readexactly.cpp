// Pins STR-07: readexactly waits for all n bytes over any chunks, ignores the limit, keeps the
// surplus; at EOF it raises with the partial bytes and empties the buffer.
#include "py.hpp"

asyncio::Coroutine<> exactly(asyncio::StreamReader reader, std::ptrdiff_t n) {
    try {
        const auto data = co_await reader.readexactly(n);
        print("exactly", n, py::bytes(data));
    } catch (const asyncio::IncompleteReadError& e) {
        print(asyncio::str(e), py::bytes(e.partial), e.expected);
    }
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader({.limit = 2});
    try {
        co_await reader.readexactly(-1);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::type_name(e));
    }
    co_await exactly(reader, 0);
    auto task = asyncio::create_task(exactly(reader, 6));
    for (std::string chunk : {"ab", "cd", "efgh"}) {
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("feed", py::bytes(chunk), task.done());
        reader.feed_data(chunk);
    }
    co_await task;
    co_await exactly(reader, 1);
    task = asyncio::create_task(exactly(reader, 5));
    co_await asyncio::sleep(0);
    reader.feed_data("i");
    reader.feed_eof();
    co_await task;
    print("at eof", reader.at_eof());
    co_await exactly(reader, 1);
}

int main() { asyncio::run(amain()); }
