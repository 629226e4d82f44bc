// Pins STR-11: readline returns the partial line at EOF; an overrun is a ValueError (not
// LimitOverrunError) that drops the line with its newline, or all there is if no newline was found.
#include "py.hpp"

asyncio::Coroutine<> line(asyncio::StreamReader reader) {
    try {
        const auto data = co_await reader.readline();
        print("line", py::bytes(data));
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e));
    }
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader({.limit = 5});
    reader.feed_data("one\n\ntoo long line\ntwo\n");
    for (int i = 0; i < 4; ++i) co_await line(reader);
    auto task = asyncio::create_task(line(reader));
    co_await asyncio::sleep(0);
    for (std::string chunk : {"abc", "def", "\n"}) {
        print("feed", py::bytes(chunk), task.done());
        reader.feed_data(chunk);
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
    }
    co_await task;
    co_await line(reader);
    reader.feed_data("part");
    reader.feed_eof();
    co_await line(reader);
    co_await line(reader);
}

int main() { asyncio::run(amain()); }
