// The generic cancellation test (support/cancelling.hpp) over what opens and serves connections.
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio::SocketAddress;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;

namespace {

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }
std::shared_ptr<asyncio::Protocol> protocol() { return std::make_shared<asyncio::Protocol>(); }

// An address in the abstract namespace.
std::string name_of(const char* what) {
    return std::string(1, '\0') + "asyncio-" + what + "-" + std::to_string(::getpid());
}

Socket bound(const SocketAddress& address, int type = SOCK_STREAM) {
    const Socket sock(address.family(), type);
    sock.setblocking(false);
    sock.bind(address);
    return sock;
}

// Somebody listens; the system connects at once and wait() has only to find out.
struct Connecting : Scene {
    explicit Connecting(const SocketAddress& address = SocketAddress("127.0.0.1", 0))
        : listener(bound(address)) {
        listener.listen();
    }
    int port() const { return listener.getsockname().port(); }
    Coroutine<> check(bool ended) override {
        BOOST_TEST((transport != nullptr) == ended);
        co_return;
    }
    Coroutine<> tear_down() override {
        listener.close();
        if (transport) transport->abort();
        transport.reset();
        co_return;
    }
    Socket listener;
    std::shared_ptr<asyncio::Transport> transport;
};

struct CreateConnection : Connecting {
    Coroutine<> wait() override {
        const auto made = co_await loop().create_connection(protocol(), "127.0.0.1", port());
        transport = made.first;
    }
};

struct CreateConnectionByName : Connecting {
    Coroutine<> wait() override {
        const auto made = co_await loop().create_connection(protocol(), "here.test", port());
        transport = made.first;
    }
};

struct HappyEyeballs : Connecting {
    Coroutine<> wait() override {
        const auto made = co_await loop().create_connection(protocol(), "here.test", port(),
                                                            {.happy_eyeballs_delay = 0.0});
        transport = made.first;
    }
};

struct OpenConnection : Connecting {
    Coroutine<> wait() override {
        const auto stream = co_await asyncio::open_connection("127.0.0.1", port());
        transport = stream.second.transport();
    }
};

// The listener's queue is full: the system does not answer.
struct OpenConnectionToABusyOne : OpenConnection {
    OpenConnectionToABusyOne() {
        listener.listen(0);
        for (const Socket& sock : {first, second}) {
            sock.setblocking(false);
            try {
                sock.connect(listener.getsockname());
            } catch (const asyncio::BlockingIOError&) {
            }
        }
    }
    bool completes() const override { return false; }
    Coroutine<> tear_down() override {
        first.close();
        second.close();
        co_await Connecting::tear_down();
    }
    Socket first{AF_INET, SOCK_STREAM};
    Socket second{AF_INET, SOCK_STREAM};
};

struct ConnectingUnix : Connecting {
    ConnectingUnix() : Connecting(SocketAddress::unix_path(name_of("connecting"))) {}
};

struct CreateUnixConnection : ConnectingUnix {
    Coroutine<> wait() override {
        const auto made = co_await loop().create_unix_connection(protocol(), name_of("connecting"));
        transport = made.first;
    }
};

struct OpenUnixConnection : ConnectingUnix {
    Coroutine<> wait() override {
        const auto stream = co_await asyncio::open_unix_connection(name_of("connecting"));
        transport = stream.second.transport();
    }
};

// Cancelled before it starts, the socket stays the caller's.
struct ConnectAcceptedSocket : Connecting {
    Coroutine<> set_up() override {
        const Socket client(AF_INET, SOCK_STREAM);
        client.connect(listener.getsockname());
        accepted = listener.accept().first;
        co_return;
    }
    Coroutine<> wait() override {
        const auto made = co_await loop().connect_accepted_socket(protocol(), accepted.detach());
        transport = made.first;
    }
    Coroutine<> tear_down() override {
        accepted.close();
        co_await Connecting::tear_down();
    }
    Socket accepted;
};

struct Serving : Scene {
    Coroutine<> check(bool ended) override {
        BOOST_TEST(static_cast<bool>(server) == ended);
        co_return;
    }
    Coroutine<> tear_down() override {
        if (server) server.close();
        server = {};
        co_return;
    }
    asyncio::Server server;
};

struct CreateServer : Serving {
    Coroutine<> wait() override {
        server = co_await loop().create_server([] { return protocol(); }, "127.0.0.1", 0);
    }
};

struct CreateServerByName : Serving {
    Coroutine<> wait() override {
        server = co_await loop().create_server([] { return protocol(); }, "here.test", 0);
    }
};

struct CreateUnixServer : Serving {
    Coroutine<> wait() override {
        server = co_await loop().create_unix_server([] { return protocol(); }, name_of("serving"));
    }
};

struct StartServer : Serving {
    Coroutine<> wait() override {
        server = co_await asyncio::start_server([](asyncio::StreamReader, asyncio::StreamWriter) {},
                                                "127.0.0.1", 0);
    }
};

// A server that is there.
struct OfAServer : Serving {
    Coroutine<> set_up() override {
        server = co_await loop().create_server([] { return protocol(); }, "127.0.0.1", 0,
                                               {.start_serving = false});
    }
    SocketAddress address() const { return server.sockets().at(0).getsockname(); }
};

struct StartServing : OfAServer {
    Coroutine<> wait() override { co_await server.start_serving(); }
    Coroutine<> check(bool ended) override {
        if (ended) BOOST_TEST(server.is_serving());
        co_return;
    }
};

// Whoever cancels it closes the server, even one that is closed.
struct ServeForever : OfAServer {
    Coroutine<> wait() override { co_await server.serve_forever(); }
    Coroutine<> complete() override {
        server.close();
        co_return;
    }
    std::string outcome() const override { return "CancelledError()"; }
    Coroutine<> check(bool) override {
        BOOST_TEST(!server.is_serving());
        co_await server.wait_closed();
    }
};

// It ends with the last connection.
struct WaitClosed : OfAServer {
    Coroutine<> set_up() override {
        const auto factory = [this] {
            made.set();
            return protocol();
        };
        server = co_await loop().create_server(factory, "127.0.0.1", 0);
        stream = co_await asyncio::open_connection("127.0.0.1", address().port());
        co_await made.wait();
        server.close();
    }
    Coroutine<> wait() override { co_await server.wait_closed(); }
    Coroutine<> complete() override {
        server.abort_clients();
        co_return;
    }
    Coroutine<> check(bool) override { co_await server.wait_closed(); }
    Coroutine<> tear_down() override {
        stream.second.transport()->abort();
        stream = {};
        co_await Serving::tear_down();
    }
    asyncio::Event made;
    asyncio::StreamPair stream;
};

struct DatagramEndpoint : Scene {
    Coroutine<> wait() override {
        const auto made = co_await loop().create_datagram_endpoint(
            std::make_shared<asyncio::DatagramProtocol>(), {.local_addr = {"127.0.0.1", 0}});
        transport = made.first;
    }
    Coroutine<> check(bool ended) override {
        BOOST_TEST((transport != nullptr) == ended);
        co_return;
    }
    Coroutine<> tear_down() override {
        if (transport) transport->close();
        transport.reset();
        co_return;
    }
    std::shared_ptr<asyncio::DatagramTransport> transport;
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_connections)

BOOST_AUTO_TEST_CASE(create_connection) { cancel_in_every_way<CreateConnection>(); }
BOOST_AUTO_TEST_CASE(create_connection_name) { cancel_in_every_way<CreateConnectionByName>(); }
BOOST_AUTO_TEST_CASE(happy_eyeballs) { cancel_in_every_way<HappyEyeballs>(); }
BOOST_AUTO_TEST_CASE(open_connection) { cancel_in_every_way<OpenConnection>(); }
BOOST_AUTO_TEST_CASE(open_connection_busy) { cancel_in_every_way<OpenConnectionToABusyOne>(); }
BOOST_AUTO_TEST_CASE(create_unix_connection) { cancel_in_every_way<CreateUnixConnection>(); }
BOOST_AUTO_TEST_CASE(open_unix_connection) { cancel_in_every_way<OpenUnixConnection>(); }
BOOST_AUTO_TEST_CASE(connect_accepted_socket) { cancel_in_every_way<ConnectAcceptedSocket>(); }
BOOST_AUTO_TEST_CASE(create_server) { cancel_in_every_way<CreateServer>(); }
BOOST_AUTO_TEST_CASE(create_server_name) { cancel_in_every_way<CreateServerByName>(); }
BOOST_AUTO_TEST_CASE(create_unix_server) { cancel_in_every_way<CreateUnixServer>(); }
BOOST_AUTO_TEST_CASE(start_server) { cancel_in_every_way<StartServer>(); }
BOOST_AUTO_TEST_CASE(start_serving) { cancel_in_every_way<StartServing>(); }
BOOST_AUTO_TEST_CASE(serve_forever) { cancel_in_every_way<ServeForever>(); }
BOOST_AUTO_TEST_CASE(wait_closed) { cancel_in_every_way<WaitClosed>(); }
BOOST_AUTO_TEST_CASE(datagram_endpoint) { cancel_in_every_way<DatagramEndpoint>(); }

BOOST_AUTO_TEST_SUITE_END()
