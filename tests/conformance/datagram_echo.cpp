// Pins TRN-17, CON-08, PRO-01: connection_made before the awaiting coroutine goes on, datagrams in
// order, connection_lost by call_soon, a connected endpoint knows its peer.
#include "py.hpp"

using asyncio::SocketAddress;

struct Server : asyncio::DatagramProtocol {
    void connection_made(std::shared_ptr<asyncio::DatagramTransport> t) override {
        print("server made");
        transport = t;
    }

    void datagram_received(std::string_view data, const SocketAddress& addr) override {
        print("server received", py::bytes(data));
        transport->sendto(std::string(data) + "!", addr);
    }

    void connection_lost(std::exception_ptr exc) override {
        print("server lost", exc);
        transport.reset();
    }

    std::shared_ptr<asyncio::DatagramTransport> transport;
};

struct Client : asyncio::DatagramProtocol {
    explicit Client(asyncio::Future<> d) : done(d) {}

    void connection_made(std::shared_ptr<asyncio::DatagramTransport> transport) override {
        print("client made");
        transport->sendto("one");
        transport->sendto("two");
    }

    void datagram_received(std::string_view data, const SocketAddress&) override {
        print("client received", py::bytes(data));
        count += 1;
        if (count == 2) done.set_result();
    }

    void connection_lost(std::exception_ptr exc) override { print("client lost", exc); }

    asyncio::Future<> done;
    int count = 0;
};

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto done = loop.create_future();
    auto served = co_await loop.create_datagram_endpoint(
        [] { return std::make_shared<Server>(); }, {.local_addr = {"127.0.0.1", 0}});
    auto& [server, server_protocol] = served;
    print("server opened", server->get_extra_info<SocketAddress>("peername").str());
    auto address = server->get_extra_info<SocketAddress>("sockname");
    auto connected = co_await loop.create_datagram_endpoint(
        [&] { return std::make_shared<Client>(done); },
        {.remote_addr = {"127.0.0.1", address.port()}});
    auto& [client, client_protocol] = connected;
    print("client opened", client->get_extra_info<SocketAddress>("peername") == address);
    co_await done;
    try {
        client->sendto("x", SocketAddress("127.0.0.1", 9));
    } catch (const asyncio::ValueError& e) {
        print(e.str() == "Invalid address: must be None or " + address.str());
    }
    client->close();
    print("closing", client->is_closing(), server->is_closing());
    client->close();
    co_await asyncio::sleep(0);
    server->abort();
    print("aborted");
    co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
