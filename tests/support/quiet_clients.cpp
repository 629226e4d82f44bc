// How quiet clients and their server are connected.
#include "quiet_clients.hpp"

#include "network.hpp"

#include <utility>

namespace asyncio_test {

using asyncio::Coroutine;

void Quiet::connection_made(std::shared_ptr<asyncio::Transport> made_one) {
    transport = std::move(made_one);
    made.set();
}

void Quiet::connection_lost(std::exception_ptr) {
    transport.reset();
    lost.set();
}

Coroutine<asyncio::Server> quiet_server(asyncio::CreateServerOptions options) {
    return asyncio::get_running_loop().create_server(quiet(), "127.0.0.1", 0, options);
}

Coroutine<std::shared_ptr<Quiet>> client_of(int port) {
    auto& loop = asyncio::get_running_loop();
    auto connected = co_await loop.create_connection(quiet(), "127.0.0.1", port);
    co_return connected.second;
}

Coroutine<ServerPair> connect_pair() {
    auto& loop = asyncio::get_running_loop();
    auto accepted = std::make_shared<Quiet>();
    auto server = co_await loop.create_server(accepted, "127.0.0.1", 0);
    auto client = co_await client_of(port_of(server));
    co_await accepted->made.wait();
    co_return ServerPair{server, accepted, client};
}

} // namespace asyncio_test
