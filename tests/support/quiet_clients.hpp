// Clients that say nothing, and a server with one of them: for tests of what a server does itself.
#pragma once
#include <asyncio/asyncio.hpp>

#include <memory>

namespace asyncio_test {

/// Sends nothing; knows when its connection is made and lost.
struct Quiet : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> made_one) override;
    void connection_lost(std::exception_ptr error) override;
    std::shared_ptr<asyncio::Transport> transport;
    asyncio::Event made;
    asyncio::Event lost;
};

inline auto quiet() {
    return [] { return std::make_shared<Quiet>(); };
}

/// A server of quiet protocols on a free port.
asyncio::Coroutine<asyncio::Server> quiet_server(asyncio::CreateServerOptions options = {});

/// A quiet client, connected to the port.
asyncio::Coroutine<std::shared_ptr<Quiet>> client_of(int port);

/// A server whose only connection is this client's.
struct ServerPair {
    asyncio::Server server;
    std::shared_ptr<Quiet> accepted;
    std::shared_ptr<Quiet> client;
};
asyncio::Coroutine<ServerPair> connect_pair();

} // namespace asyncio_test
