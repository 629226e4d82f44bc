// Pins STR-09: with several separators the match that ends first wins, and of those the shortest
// one tells where the data ends when the limit is checked; empty ones are refused. (Python 3.13)
#include "py.hpp"

asyncio::Coroutine<> until(asyncio::StreamReader reader, std::vector<std::string> separators) {
    try {
        const auto data = co_await reader.readuntil(separators);
        print("until", py::bytes(data));
    } catch (const asyncio::LimitOverrunError& e) {
        print(asyncio::str(e), e.consumed);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::type_name(e));
    }
}

asyncio::Coroutine<> read(asyncio::StreamReader reader) {
    const auto data = co_await reader.read(10);
    print(py::bytes(data));
}

asyncio::Coroutine<> amain() {
    const std::vector<std::string> newlines{"\r\n", "\n", "\r"}, first{"ABC", "AB"},
        second{"ABC", "BC"}, third{"ABC", "C"}, none, empty{"x", ""}, words{"END", "STOP"};
    asyncio::StreamReader reader({.limit = 4});
    reader.feed_data("a\r\nb\nc\r\r\n");
    for (int i = 0; i < 4; ++i) co_await until(reader, newlines);
    reader.feed_data("xyABC");
    co_await until(reader, first);
    co_await read(reader);
    reader.feed_data("xyABC");
    co_await until(reader, second);
    reader.feed_data("123ABC");
    co_await until(reader, third);
    co_await read(reader);
    co_await until(reader, none);
    co_await until(reader, empty);
    auto task = asyncio::create_task(until(reader, words));
    for (std::string chunk : {"1E", "N", "STO", "P!"}) {
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        reader.feed_data(chunk);
    }
    co_await task;
    co_await read(reader);
}

int main() { asyncio::run(amain()); }
