// Pins STR-02: over a real socket readexactly(n) far beyond twice the limit does not deadlock on
// the paused transport, and the bytes after it are intact.
#include "py.hpp"

const std::size_t SIZE = 1 << 20;

std::string pattern() {
    std::string data(SIZE, '\0');
    for (std::size_t i = 0; i < SIZE; ++i) data[i] = static_cast<char>(i % 256);
    return data;
}

asyncio::Coroutine<> on_client(asyncio::StreamReader, asyncio::StreamWriter writer) {
    writer.write(pattern());
    writer.write("tail\n");
    co_await writer.drain();
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> exactly(int port) {
    auto connected = co_await asyncio::open_connection("127.0.0.1", port, {.limit = 1024});
    auto& [reader, writer] = connected;
    const auto data = co_await reader.readexactly(SIZE);
    print(data.size(), data == pattern());
    auto line = co_await reader.readline();
    print(py::bytes(line));
    line = co_await reader.readline();
    print(py::bytes(line), reader.at_eof());
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> amain() {
    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    co_await exactly(port);

    auto connected = co_await asyncio::open_connection("127.0.0.1", port, {.limit = 1024});
    auto& [reader, writer] = connected;
    std::size_t total = 0;
    for (;;) {
        const auto chunk = co_await reader.read(1000);
        if (chunk.empty()) break;
        total += chunk.size();
    }
    print(total);
    writer.close();
    co_await writer.wait_closed();
    server.close();
}

int main() { asyncio::run(amain()); }
