// Pins STR-06, STR-12: read(n) takes what is there and does not wait for n; read(0) never waits;
// read() goes to EOF; at_eof needs EOF and an empty buffer.
#include "py.hpp"

asyncio::Coroutine<> show(asyncio::StreamReader reader, std::ptrdiff_t n) {
    const auto data = co_await reader.read(n);
    print("read", n, py::bytes(data), reader.at_eof());
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader(asyncio::StreamReaderOptions{});
    co_await show(reader, 0);
    auto task = asyncio::create_task(show(reader, 4));
    co_await asyncio::sleep(0);
    reader.feed_data("");
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("empty chunk wakes nobody", task.done());
    reader.feed_data("ab");
    reader.feed_data("cdef");
    co_await task;
    co_await show(reader, 10);
    task = asyncio::create_task(show(reader, -1));
    co_await asyncio::sleep(0);
    reader.feed_data("one ");
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    reader.feed_data("two");
    print(task.done());
    reader.feed_eof();
    print("eof fed", reader.at_eof());
    co_await task;
    co_await show(reader, 4);
    co_await show(reader, -1);
}

int main() { asyncio::run(amain()); }
