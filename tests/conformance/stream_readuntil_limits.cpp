// Pins STR-08: the limit counts the bytes before the separator; an overrun says how much can be
// skipped and leaves the buffer as it was; the buffer is looked at before EOF.
#include "py.hpp"

asyncio::Coroutine<> until(asyncio::StreamReader reader, std::string separator) {
    try {
        const auto data = co_await reader.readuntil(separator);
        print("until", py::bytes(separator), py::bytes(data));
    } catch (const asyncio::LimitOverrunError& e) {
        print(asyncio::str(e), e.consumed);
    } catch (const asyncio::IncompleteReadError& e) {
        print("incomplete", py::bytes(e.partial), e.expected);
    }
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader({.limit = 4});
    reader.feed_data("abcd\nefghi\n");
    co_await until(reader, "\n");
    co_await until(reader, "\n");
    auto data = co_await reader.readexactly(6);
    print(py::bytes(data));
    reader.feed_data("abcdefg-");
    co_await until(reader, "--");
    co_await until(reader, "--");
    data = co_await reader.read(100);
    print(py::bytes(data));
    reader.feed_data("xy\nrest");
    reader.feed_eof();
    co_await until(reader, "\n");
    co_await until(reader, "\n");
    print("at eof", reader.at_eof());
    co_await until(reader, "\n");
    try {
        co_await reader.readuntil("");
    } catch (const asyncio::ValueError& e) {
        print(asyncio::type_name(e));
    }
}

int main() { asyncio::run(amain()); }
