// An echo server for datagrams, and its client.
//
//   udp_echo                  both in one program
//   udp_echo serve            prints its port, serves until it is interrupted
//   udp_echo send PORT TEXT   prints the answer
#include <asyncio/asyncio.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

struct EchoServer : asyncio::DatagramProtocol {
    void connection_made(std::shared_ptr<asyncio::DatagramTransport> t) override {
        transport = std::move(t);
    }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    void datagram_received(std::string_view data, const asyncio::SocketAddress& addr) override {
        transport->sendto(data, addr);
    }

    std::shared_ptr<asyncio::DatagramTransport> transport;
};

struct EchoClient : asyncio::DatagramProtocol {
    explicit EchoClient(std::string text) : message(std::move(text)) {}

    void connection_made(std::shared_ptr<asyncio::DatagramTransport> t) override {
        transport = std::move(t);
        transport->sendto(message);
    }
    void datagram_received(std::string_view data, const asyncio::SocketAddress&) override {
        answer = data;
        transport->close();
    }
    void error_received(std::exception_ptr exc) override {
        answer = "error: " + asyncio::repr(exc);
        transport->close();
    }
    void connection_lost(std::exception_ptr) override {
        transport.reset();
        done.set_result();
    }

    std::string message;
    std::string answer;
    std::shared_ptr<asyncio::DatagramTransport> transport;
    asyncio::Future<> done = asyncio::get_running_loop().create_future();
};

asyncio::Coroutine<std::shared_ptr<asyncio::DatagramTransport>> start_server() {
    auto& loop = asyncio::get_running_loop();
    auto endpoint = co_await loop.create_datagram_endpoint(
        [] { return std::make_shared<EchoServer>(); }, {.local_addr = {"127.0.0.1", 0}});
    auto& [transport, protocol] = endpoint;
    co_return transport;
}

int port_of(const asyncio::DatagramTransport& transport) {
    return transport.get_extra_info<asyncio::SocketAddress>("sockname").port();
}

asyncio::Coroutine<> send(int port, std::string text) {
    auto& loop = asyncio::get_running_loop();
    auto protocol = std::make_shared<EchoClient>(std::move(text));
    co_await loop.create_datagram_endpoint(protocol, {.remote_addr = {"127.0.0.1", port}});
    co_await protocol->done;
    std::cout << "received: " << protocol->answer << std::endl;
}

asyncio::Coroutine<> serve() {
    auto transport = co_await start_server();
    std::cout << port_of(*transport) << std::endl;
    co_await asyncio::get_running_loop().create_future(); // until Ctrl+C
}

asyncio::Coroutine<> both() {
    auto transport = co_await start_server();
    co_await send(port_of(*transport), "Hello, World!");
    transport->close();
}

int main(int argc, char** argv) {
    const std::string_view command = argc > 1 ? argv[1] : "";
    try {
        if (command == "serve")
            asyncio::run(serve());
        else if (command == "send" && argc == 4)
            asyncio::run(send(std::stoi(argv[2]), argv[3]));
        else
            asyncio::run(both());
    } catch (const asyncio::KeyboardInterrupt&) {
        return 130;
    }
}
