// Many short connections over loopback, one byte each way, leave no descriptor and no memory.
#include <asyncio/asyncio.hpp>

#include "../support/process.hpp"

#include <array>
#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

using asyncio_test::open_descriptors;
using asyncio_test::sanitized;

constexpr int connections = sanitized ? 10'000 : 100'000;
constexpr int warm_up = connections / 5;
constexpr int at_a_time = 50;
constexpr std::size_t allowed_growth = std::size_t{1} << 20;

// A closed connection occupies its pair of addresses for a minute: one address of the loopback
// network would run out of ports.
constexpr std::array hosts{"127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4",
                           "127.0.0.5", "127.0.0.6", "127.0.0.7", "127.0.0.8"};

asyncio::Coroutine<> answer(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    const std::string byte = co_await reader.readexactly(1);
    writer.write(byte);
    co_await writer.drain();
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> ask(const char* host, int port) {
    const auto streams = co_await asyncio::open_connection(host, port);
    const auto& [reader, writer] = streams;
    writer.write("x");
    const std::string all = co_await reader.read();
    if (all != "x") throw asyncio::AssertionError("the answer is '" + all + "'");
    writer.close();
    co_await writer.wait_closed();
}

// Asks until `left` is used up.
asyncio::Coroutine<> client(int& left, const char* host, int port) {
    while (left > 0) {
        --left;
        co_await ask(host, port);
    }
}

std::size_t resident_bytes() { return asyncio_test::memory_bytes("VmRSS"); }

asyncio::Coroutine<> make(int count, const std::vector<asyncio::Server>& servers) {
    int left = count;
    const auto body = [&](asyncio::TaskGroup group) -> asyncio::Coroutine<> {
        for (std::size_t i = 0; i < at_a_time; ++i) {
            const std::size_t to = i % servers.size();
            const int port = servers[to].sockets().at(0).getsockname().port();
            group.create_task(client(left, hosts[to], port));
        }
        co_return;
    };
    co_await asyncio::async_with(asyncio::TaskGroup(), body);
}

// What is left of the last connections ends in a few iterations.
asyncio::Coroutine<> settle() {
    for (int i = 0; i < 100; ++i) co_await asyncio::sleep(0);
}

asyncio::Coroutine<bool> check() {
    const auto descriptors = open_descriptors();
    std::vector<asyncio::Server> servers;
    for (const char* host : hosts)
        servers.push_back(co_await asyncio::start_server(answer, host, 0));
    co_await make(warm_up, servers);
    co_await settle();
    const auto early = resident_bytes();
    co_await make(connections - warm_up, servers);
    co_await settle();
    const auto late = resident_bytes();
    for (const auto& server : servers) {
        server.close();
        co_await server.wait_closed();
    }
    co_await settle();
    const auto left = open_descriptors() - descriptors;
    std::cout << connections << " connections; descriptors left: " << left
              << "; resident KiB: " << early / 1024 << " after " << warm_up << ", " << late / 1024
              << " at the end" << (sanitized ? " (not judged: sanitizer)\n" : "\n");
    co_return left == 0 && (sanitized || late < early + allowed_growth);
}

} // namespace

int main() { return asyncio::run(check()) ? EXIT_SUCCESS : EXIT_FAILURE; }
