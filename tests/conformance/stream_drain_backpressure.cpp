// Pins STR-14, TRN-05: drain returns at once below the high-water mark and suspends above it until
// the peer has read; several tasks may wait in it and all wake.
#include "py.hpp"

const std::size_t SIZE = 1 << 24;

asyncio::Coroutine<> amain() {
    asyncio::Event go;
    asyncio::Event finished;
    std::vector<std::string> drained;
    std::vector<std::size_t> sizes;

    auto slow_reader = [&](asyncio::StreamReader reader,
                           asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        co_await go.wait();
        std::size_t total = 0;
        while (total < SIZE) {
            const auto data = co_await reader.read(1 << 20);
            total += data.size();
        }
        sizes.push_back(total);
        finished.set();
        writer.close();
    };

    auto drainer = [&](asyncio::StreamWriter writer, std::string name) -> asyncio::Coroutine<> {
        co_await writer.drain();
        drained.push_back(name);
    };

    auto server = co_await asyncio::start_server(slow_reader, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    co_await writer.drain();
    print("nothing to drain");
    writer.write(std::string(SIZE, '\0'));
    print("buffered", writer.transport()->get_write_buffer_size() > 65536);
    std::vector<asyncio::Task<>> tasks;
    for (std::string name : {"a", "b"})
        tasks.push_back(asyncio::create_task(drainer(writer, name)));
    for (int i = 0; i < 10; ++i) co_await asyncio::sleep(0);
    print("drained", drained);
    go.set();
    co_await asyncio::gather(tasks);
    print("drained", drained, writer.transport()->get_write_buffer_size() <= 16384);
    co_await finished.wait();
    print("server read everything", sizes[0] == SIZE);
    writer.close();
    co_await writer.wait_closed();
    server.close();
}

int main() { asyncio::run(amain()); }
