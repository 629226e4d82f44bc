// 10 000 connections open at once, both ends in this process: what an idle one costs, that each
// works, and that all descriptors come back. With a hard limit on descriptors that allows fewer it
// opens as many as it may, and says so.
#include <asyncio/asyncio.hpp>

#include "../support/process.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

using asyncio::Coroutine;

namespace {

constexpr std::size_t wanted = asyncio_test::sanitized ? 2'000 : 10'000;
constexpr std::size_t spare_descriptors = 100;
constexpr std::size_t at_a_time = 50;
// Both ends with their protocols, and what the allocator needs for them.
constexpr std::size_t allowed_bytes = 4'000;

std::size_t made = 0, lost = 0, echoed = 0, answered = 0;

struct Counting : asyncio::Protocol {
    std::shared_ptr<asyncio::Transport> transport;
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        ++made;
    }
    void connection_lost(std::exception_ptr) override {
        transport.reset();
        ++lost;
    }
};

struct Echo : Counting {
    void data_received(std::string_view data) override {
        ++echoed;
        transport->write(data);
    }
};

struct Client : Counting {
    void data_received(std::string_view) override { ++answered; }
};

using Clients = std::vector<std::shared_ptr<Client>>;

Coroutine<> connect(std::size_t& left, int port, Clients& clients) {
    auto& loop = asyncio::get_running_loop();
    while (left > 0) {
        --left;
        const auto client = std::make_shared<Client>();
        co_await loop.create_connection(client, "127.0.0.1", port);
        clients.push_back(client);
    }
}

// The counter comes to `count`; the test's time limit is the only one.
Coroutine<> until(const std::size_t& counter, std::size_t count) {
    while (counter < count) co_await asyncio::sleep(0);
}

Coroutine<> open(std::size_t count, int port, Clients& clients) {
    const std::size_t before = made;
    std::size_t left = count;
    const auto body = [&](asyncio::TaskGroup group) -> Coroutine<> {
        for (std::size_t i = 0; i < at_a_time; ++i) group.create_task(connect(left, port, clients));
        co_return;
    };
    co_await asyncio::async_with(asyncio::TaskGroup(), body);
    co_await until(made, before + 2 * count);
}

Coroutine<> close(Clients& clients) {
    for (const auto& client : clients) client->transport->close();
    co_await until(lost, made);
    clients.clear();
}

Coroutine<bool> check(std::size_t count) {
    const auto descriptors = asyncio_test::open_descriptors();
    Clients clients;
    clients.reserve(count);
    const auto factory = [] { return std::make_shared<Echo>(); };
    auto server = co_await asyncio::get_running_loop().create_server(factory, "127.0.0.1", 0,
                                                                     {.backlog = 1'000});
    const int port = server.sockets().at(0).getsockname().port();
    // Once before measuring: pools and buffers that stay do not belong to a connection.
    co_await open(at_a_time, port, clients);
    co_await close(clients);
    const auto before = asyncio_test::memory_bytes("VmRSS");
    co_await open(count, port, clients);
    const auto during = asyncio_test::memory_bytes("VmRSS");
    const auto most = asyncio_test::open_descriptors() - descriptors;
    for (const auto& client : clients) client->transport->write("x");
    co_await until(answered, count);
    const auto used = asyncio_test::memory_bytes("VmRSS");
    co_await close(clients);
    server.close();
    co_await server.wait_closed();
    const auto left = asyncio_test::open_descriptors() - descriptors;
    const auto each = (during - before) / count;
    std::cout << count << " connections with " << most
              << " descriptors; bytes per idle connection, "
              << "both ends: " << each << ", after use: " << (used - before) / count
              << "; descriptors left: " << left
              << (asyncio_test::sanitized ? "; bytes not judged: sanitizer\n" : "\n");
    co_return left == 0 && echoed == count && (asyncio_test::sanitized || each <= allowed_bytes);
}

} // namespace

int main() {
    const std::size_t limit = asyncio_test::raise_descriptor_limit();
    const std::size_t count = std::min(wanted, (limit - spare_descriptors) / 2);
    if (count < wanted)
        std::cout << "the hard limit of " << limit << " descriptors allows " << count
                  << " connections instead of " << wanted << '\n';
    return asyncio::run(check(count)) ? EXIT_SUCCESS : EXIT_FAILURE;
}
