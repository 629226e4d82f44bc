// Pins STR-05: a stored exception wakes the reader and is raised by every later read before the
// buffer is looked at; the buffered bytes stay hidden.
#include "py.hpp"

asyncio::Coroutine<> read(asyncio::StreamReader reader) {
    try {
        const auto data = co_await reader.readexactly(10);
        print("got", py::bytes(data));
    } catch (const asyncio::ValueError& e) {
        print("raised", asyncio::repr(e));
    }
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader(asyncio::StreamReaderOptions{});
    reader.feed_data("abc\n");
    auto task = asyncio::create_task(read(reader));
    co_await asyncio::sleep(0);
    print(reader.exception());
    reader.set_exception(asyncio::ValueError("broken"));
    print("set", reader.exception(), task.done());
    co_await task;
    for (int attempt = 0; attempt < 4; ++attempt) {
        try {
            std::string data;
            if (attempt == 0)
                data = co_await reader.read(1);
            else if (attempt == 1)
                data = co_await reader.readline();
            else if (attempt == 2)
                data = co_await reader.readuntil("\n");
            else
                data = co_await reader.readexactly(1);
            print("got", py::bytes(data));
        } catch (const asyncio::ValueError& e) {
            print("raised", asyncio::repr(e));
        }
    }
}

int main() { asyncio::run(amain()); }
