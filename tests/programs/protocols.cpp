// The protocol server of the design, as it stands there, with a client that checks it.
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

// [program]
struct EchoProtocol : asyncio::Protocol {
    std::shared_ptr<asyncio::Transport> transport;
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
    }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    void data_received(std::string_view data) override { transport->write(data); }
};

asyncio::Coroutine<> serve_protocol() {
    auto& loop = asyncio::get_running_loop();
    auto server = co_await loop.create_server([] { return std::make_shared<EchoProtocol>(); },
                                              "127.0.0.1", 0, {.backlog = 512});
    auto connected =
        co_await loop.create_connection([] { return std::make_shared<EchoProtocol>(); },
                                        "127.0.0.1", server.sockets().at(0).getsockname().port());
    auto& [transport, protocol] = connected;
    transport->write("hello");
}
// [/program]

int main() {
    asyncio::run(serve_protocol());
    std::cout << "done\n";
}
