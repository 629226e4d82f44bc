// Pins TRN-08, TRN-01: close() sends all that was written before connection_lost comes; abort()
// drops what is buffered. The peer counts the bytes.
#include "py.hpp"

const std::size_t SIZE = 1 << 24;

struct Counter : asyncio::Protocol {
    Counter() { lost = asyncio::get_running_loop().create_future<bool>(); }

    void data_received(std::string_view data) override { total += data.size(); }

    void connection_lost(std::exception_ptr exc) override { lost.set_result(!exc); }

    std::size_t total = 0;
    asyncio::Future<bool> lost;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    std::vector<std::shared_ptr<Counter>> accepted;

    auto factory = [&] {
        accepted.push_back(std::make_shared<Counter>());
        return accepted.back();
    };

    auto server = co_await loop.create_server(factory, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    for (std::string name : {"close", "abort"}) {
        auto connected = co_await loop.create_connection([] { return std::make_shared<Counter>(); },
                                                         "127.0.0.1", port);
        auto& [transport, client] = connected;
        transport->write(std::string(SIZE, '\0'));
        print("buffered", transport->get_write_buffer_size() > 0);
        if (name == "close") {
            transport->close();
            print("still buffered", transport->get_write_buffer_size() > 0);
        } else {
            transport->abort();
            print("dropped", transport->get_write_buffer_size());
        }
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("lost", client->lost.done());
        const bool clean = co_await client->lost;
        print(name, "client", clean);
        co_await accepted.back()->lost;
        print("server received everything", accepted.back()->total == SIZE);
    }
    server.close();
}

int main() { asyncio::run(amain()); }
