// An echo server over TLS, for measuring: tls_echo PORT CERTIFICATE KEY
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace {

struct EchoProtocol : asyncio::Protocol {
    std::shared_ptr<asyncio::Transport> transport;

    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
    }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    void data_received(std::string_view data) override { transport->write(data); }
};

asyncio::Coroutine<> serve(int port, asyncio::ssl::SSLContext context) {
    auto& loop = asyncio::get_running_loop();
    auto server = co_await loop.create_server([] { return std::make_shared<EchoProtocol>(); },
                                              "127.0.0.1", port, {.backlog = 4096, .ssl = context});
    co_await server.serve_forever();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    const asyncio::ssl::SSLContext context(asyncio::ssl::PROTOCOL_TLS_SERVER);
    context.load_cert_chain(argv[2], argv[3]);
    asyncio::run(serve(std::atoi(argv[1]), context));
}
