// Pins STR-04: only one task may wait for data; the second read raises at once with its own name in
// the text, and the first one is not disturbed.
#include "py.hpp"

asyncio::Coroutine<> first(asyncio::StreamReader reader) {
    const auto data = co_await reader.read(10);
    print("first got", py::bytes(data));
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader(asyncio::StreamReaderOptions{});
    auto task = asyncio::create_task(first(reader));
    co_await asyncio::sleep(0);
    try {
        co_await reader.read(1);
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::str(e));
    }
    try {
        co_await reader.readexactly(1);
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::str(e));
    }
    try {
        co_await reader.readuntil("\n");
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::str(e));
    }
    try {
        co_await reader.readline();
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::str(e));
    }
    const auto none = co_await reader.read(0);
    const auto also_none = co_await reader.readexactly(0);
    print(py::bytes(none), py::bytes(also_none));
    reader.feed_data("data");
    co_await task;
}

int main() { asyncio::run(amain()); }
