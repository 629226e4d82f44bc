// Pins STR-10: a separator torn over several chunks is found, also after false starts; nothing
// before or after it is lost.
#include "py.hpp"

asyncio::Coroutine<> until(asyncio::StreamReader reader, int count) {
    for (int i = 0; i < count; ++i) {
        const auto record = co_await reader.readuntil("aab");
        print("record", py::bytes(record));
    }
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader(asyncio::StreamReaderOptions{});
    auto task = asyncio::create_task(until(reader, 4));
    for (std::string chunk : {"x", "a", "a", "a", "b", "yaa", "caab", "aabza", "a", "bq"}) {
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("feed", py::bytes(chunk));
        reader.feed_data(chunk);
    }
    co_await task;
    const auto rest = co_await reader.read(10);
    print("rest", py::bytes(rest));
}

int main() { asyncio::run(amain()); }
