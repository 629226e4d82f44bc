// Pins TRN-08, PRO-01: close and abort never call connection_lost themselves: it comes one turn
// later, once, however often either is called; after that everything is ignored.
#include "py.hpp"

struct Client : asyncio::Protocol {
    Client() { lost = asyncio::get_running_loop().create_future<bool>(); }

    void connection_made(std::shared_ptr<asyncio::Transport> transport) override {
        print("made", transport->is_closing());
    }

    void data_received(std::string_view data) override { print("data", py::bytes(data)); }

    void connection_lost(std::exception_ptr exc) override {
        print("lost", exc);
        lost.set_result(true);
    }

    asyncio::Future<bool> lost;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto server = co_await loop.create_server([] { return std::make_shared<asyncio::Protocol>(); },
                                              "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    for (std::string name : {"close", "abort"}) {
        auto connected = co_await loop.create_connection([] { return std::make_shared<Client>(); },
                                                         "127.0.0.1", port);
        auto& [transport, client] = connected;
        loop.call_soon([] { print("queued before"); });
        if (name == "close")
            transport->close();
        else
            transport->abort();
        loop.call_soon([] { print("queued after"); });
        print(name, transport->is_closing(), client->lost.done());
        transport->close();
        co_await client->lost;
        transport->close();
        transport->abort();
        transport->write("dropped");
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        print("still", transport->is_closing());
    }
    server.close();
}

int main() { asyncio::run(amain()); }
