// The generic cancellation test (support/cancelling.hpp) over handshakes: connecting, accepting,
// upgrading.
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"
#include "support/tls_pair.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

#include <sys/socket.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio::SocketAddress;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;

namespace {

using TransportPtr = std::shared_ptr<asyncio::Transport>;

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }
std::shared_ptr<asyncio::Protocol> protocol() { return std::make_shared<asyncio::Protocol>(); }
const asyncio::ssl::SSLContext& client_rules() {
    static const auto context = asyncio_test::client_context();
    return context;
}
const asyncio::ssl::SSLContext& server_rules() {
    static const auto context = asyncio_test::server_context();
    return context;
}

// The peer shakes hands once the wait may end.
struct Handshake : Scene {
    Handshake() {
        auto pair = asyncio::socketpair();
        mine = pair.first;
        peer = pair.second;
    }
    virtual Coroutine<TransportPtr> answer() = 0;
    Coroutine<> complete() override {
        if (peer.fileno() >= 0) answering = asyncio::create_task(answer());
        co_return;
    }
    Coroutine<> check(bool ended) override {
        BOOST_TEST((transport != nullptr) == ended);
        if (ended) BOOST_TEST(transport->get_extra_info("cipher").has_value());
        co_return;
    }
    // Without a partner the peer's handshake ends with an error.
    Coroutine<> tear_down() override {
        mine.close();
        if (answering) {
            auto answered = co_await asyncio::gather(asyncio::return_exceptions, answering);
            auto& [other] = answered;
            if (other) other.value()->abort();
        }
        if (transport) transport->abort();
        transport.reset();
        peer.close();
    }
    Socket mine;
    Socket peer;
    asyncio::Task<TransportPtr> answering;
    TransportPtr transport;
};

struct AsAClient : Handshake {
    Coroutine<TransportPtr> answer() override {
        const auto made = co_await loop().connect_accepted_socket(protocol(), peer.detach(),
                                                                  {.ssl = server_rules()});
        co_return made.first;
    }
};

struct CreateConnection : AsAClient {
    Coroutine<> wait() override {
        const auto made = co_await loop().create_connection(
            protocol(),
            {.sock = mine.detach(), .ssl = client_rules(), .server_hostname = "localhost"});
        transport = made.first;
    }
};

struct OpenConnection : AsAClient {
    Coroutine<> wait() override {
        const auto stream = co_await asyncio::open_connection(
            {.sock = mine.detach(), .ssl = client_rules(), .server_hostname = "localhost"});
        transport = stream.second.transport();
    }
};

// A cancel closes the connection.
struct StartTls : AsAClient {
    Coroutine<> set_up() override {
        const auto made = co_await loop().create_connection(protocol(), {.sock = mine.detach()});
        plain = made.first;
    }
    Coroutine<> wait() override {
        transport = co_await loop().start_tls(plain, plain->get_protocol(), client_rules(),
                                              {.server_hostname = "localhost"});
    }
    Coroutine<> tear_down() override {
        plain->abort();
        plain.reset();
        co_await Handshake::tear_down();
    }
    TransportPtr plain;
};

struct StreamsStartTls : AsAClient {
    Coroutine<> set_up() override {
        stream = co_await asyncio::open_connection({.sock = mine.detach()});
    }
    Coroutine<> wait() override {
        co_await stream.second.start_tls(client_rules(), {.server_hostname = "localhost"});
        transport = stream.second.transport();
    }
    Coroutine<> tear_down() override {
        stream.second.transport()->abort();
        stream = {};
        co_await Handshake::tear_down();
    }
    asyncio::StreamPair stream;
};

struct AsAServer : Handshake {
    Coroutine<> wait() override {
        const auto made = co_await loop().connect_accepted_socket(protocol(), mine.detach(),
                                                                  {.ssl = server_rules()});
        transport = made.first;
    }
    Coroutine<TransportPtr> answer() override {
        const auto made = co_await loop().create_connection(
            protocol(),
            {.sock = peer.detach(), .ssl = client_rules(), .server_hostname = "localhost"});
        co_return made.first;
    }
};

// An encrypted connection between two streams.
struct Encrypted : Scene {
    Coroutine<> set_up() override {
        auto pair = asyncio::socketpair();
        auto accepting = asyncio::create_task(loop().connect_accepted_socket(
            protocol(), pair.second.detach(), {.ssl = server_rules()}));
        stream = co_await asyncio::open_connection(
            {.sock = pair.first.detach(), .ssl = client_rules(), .server_hostname = "localhost"});
        const auto accepted = co_await accepting;
        peer = accepted.first;
    }
    Coroutine<> tear_down() override {
        stream.second.transport()->abort();
        peer->abort();
        stream = {};
        peer.reset();
        co_return;
    }
    asyncio::StreamPair stream;
    TransportPtr peer;
};

struct Reading : Encrypted {
    Coroutine<> wait() override { text = co_await stream.first.readline(); }
    Coroutine<> complete() override {
        peer->write("a line\nand another\n");
        co_return;
    }
    Coroutine<> check(bool) override {
        text += co_await stream.first.readuntil("another\n");
        BOOST_TEST(text == "a line\nand another\n");
    }
    std::string text;
};

struct WaitingForTheEnd : Encrypted {
    Coroutine<> wait() override { co_await stream.second.wait_closed(); }
    Coroutine<> complete() override {
        stream.second.close();
        co_return;
    }
    Coroutine<> check(bool) override { co_await stream.second.wait_closed(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_tls)

BOOST_AUTO_TEST_CASE(create_connection) { cancel_in_every_way<CreateConnection>(); }
BOOST_AUTO_TEST_CASE(open_connection) { cancel_in_every_way<OpenConnection>(); }
BOOST_AUTO_TEST_CASE(start_tls) { cancel_in_every_way<StartTls>(); }
BOOST_AUTO_TEST_CASE(stream_start_tls) { cancel_in_every_way<StreamsStartTls>(); }
BOOST_AUTO_TEST_CASE(connect_accepted_socket) { cancel_in_every_way<AsAServer>(); }
BOOST_AUTO_TEST_CASE(readline) { cancel_in_every_way<Reading>(); }
BOOST_AUTO_TEST_CASE(wait_closed) { cancel_in_every_way<WaitingForTheEnd>(); }

BOOST_AUTO_TEST_SUITE_END()
