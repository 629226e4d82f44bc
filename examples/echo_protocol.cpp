// An echo server on a transport and a protocol, and a client for it in the same program.
#include <asyncio/asyncio.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

struct EchoProtocol : asyncio::Protocol {
    std::shared_ptr<asyncio::Transport> transport;

    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        const auto peer = transport->get_extra_info<asyncio::SocketAddress>("peername");
        std::cout << "connection from " << peer.host() << '\n';
    }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    void data_received(std::string_view data) override { transport->write(data); }
};

struct ClientProtocol : asyncio::Protocol {
    explicit ClientProtocol(std::string text) : message(std::move(text)) {}

    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        transport->write(message);
    }
    void data_received(std::string_view data) override {
        std::cout << "received: " << data << '\n';
        transport->close();
    }
    void connection_lost(std::exception_ptr) override {
        std::cout << "the connection is closed\n";
        lost.set_result();
    }

    std::string message;
    std::shared_ptr<asyncio::Transport> transport;
    asyncio::Future<> lost = asyncio::get_running_loop().create_future();
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto server = co_await loop.create_server([] { return std::make_shared<EchoProtocol>(); },
                                              "127.0.0.1", 0);
    auto connected = co_await loop.create_connection(
        [] { return std::make_shared<ClientProtocol>("Hello, World!"); }, "127.0.0.1",
        server.sockets().at(0).getsockname().port());
    auto& [transport, protocol] = connected;
    co_await protocol->lost;
    server.close();
    co_await server.wait_closed();
}

int main() { asyncio::run(amain()); }
