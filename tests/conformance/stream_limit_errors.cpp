// Pins STR-01, STR-12: a limit below one is refused; feeding and reading keep working at the
// smallest limit.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    for (std::ptrdiff_t limit : {0, -1}) {
        try {
            asyncio::StreamReader reader({.limit = limit});
        } catch (const asyncio::ValueError& e) {
            print(asyncio::repr(e));
        }
    }
    asyncio::StreamReader reader({.limit = 1});
    reader.feed_data("a\nbc\nd");
    auto data = co_await reader.readline();
    print(py::bytes(data));
    try {
        co_await reader.readuntil();
    } catch (const asyncio::LimitOverrunError& e) {
        print(asyncio::str(e), e.consumed);
    }
    try {
        co_await reader.readline();
    } catch (const asyncio::ValueError& e) {
        print(asyncio::str(e));
    }
    data = co_await reader.read(5);
    print(py::bytes(data));
    reader.feed_eof();
    data = co_await reader.read(5);
    print(py::bytes(data), reader.at_eof());
}

int main() { asyncio::run(amain()); }
