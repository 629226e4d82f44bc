// Pins STR-02: the reader pauses its transport when the buffer is strictly larger than twice the
// limit and resumes it at the limit or below; a read that needs more than that resumes first, else
// it would hang.
#include "py.hpp"

struct FakeTransport : asyncio::Transport {
    void pause_reading() override { print("pause"); }

    void resume_reading() override { print("resume"); }
};

asyncio::Coroutine<> exactly(asyncio::StreamReader reader, std::ptrdiff_t n) {
    const auto data = co_await reader.readexactly(n);
    print("exactly", n, data.size());
}

asyncio::Coroutine<> amain() {
    asyncio::StreamReader reader({.limit = 4});
    reader.set_transport(std::make_shared<FakeTransport>());
    reader.feed_data("12345678");
    print("twice the limit");
    reader.feed_data("9");
    print("one more");
    reader.feed_data("0");
    co_await exactly(reader, 5);
    print("five left");
    co_await exactly(reader, 1);
    print("four left");
    reader.feed_data("abcdef");
    auto task = asyncio::create_task(exactly(reader, 14));
    co_await asyncio::sleep(0);
    print("needs more");
    reader.feed_data("ghij");
    co_await task;
    print("end");
}

int main() { asyncio::run(amain()); }
