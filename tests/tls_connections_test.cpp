// TLS on sockets: the ssl arguments of connections, servers and streams.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tls_streams.hpp"
#include "support/tls_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

using namespace asyncio_test;

BOOST_AUTO_TEST_SUITE(tls_connections)

// CON-01, CON-02
BOOST_AUTO_TEST_CASE(arguments_are_checked) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto context = client_context();
        const auto error = [&](asyncio::CreateConnectionOptions options, const char* host) {
            return repr_of(loop.create_connection(plain(), host, 1, options));
        };
        std::string e = co_await error({.server_hostname = "a"}, "127.0.0.1");
        BOOST_TEST(e == "ValueError('server_hostname is only meaningful with ssl')");
        e = co_await error({.ssl = false, .server_hostname = "a"}, "127.0.0.1");
        BOOST_TEST(e == "ValueError('server_hostname is only meaningful with ssl')");
        e = co_await error({.ssl_handshake_timeout = 1}, "127.0.0.1");
        BOOST_TEST(e == "ValueError('ssl_handshake_timeout is only meaningful with ssl')");
        e = co_await error({.ssl_shutdown_timeout = 1}, "127.0.0.1");
        BOOST_TEST(e == "ValueError('ssl_shutdown_timeout is only meaningful with ssl')");
        e = co_await error({.ssl = true}, nullptr);
        BOOST_TEST(e == "ValueError('You must set server_hostname when using ssl without a host')");
        e = co_await error({.ssl = context}, "");
        BOOST_TEST(e == "ValueError('You must set server_hostname when using ssl without a host')");
        e = co_await repr_of(loop.create_server(plain(), "127.0.0.1", 0, {.ssl = true}));
        BOOST_TEST(e == "TypeError('ssl argument must be an SSLContext or None')");
        e = co_await repr_of(
            loop.create_server(plain(), "127.0.0.1", 0, {.ssl_handshake_timeout = 1}));
        BOOST_TEST(e == "ValueError('ssl_handshake_timeout is only meaningful with ssl')");
        e = co_await repr_of(
            loop.create_server(plain(), "127.0.0.1", 0, {.ssl_shutdown_timeout = 1}));
        BOOST_TEST(e == "ValueError('ssl_shutdown_timeout is only meaningful with ssl')");
    });
}

// CON-02, TLS-05
BOOST_AUTO_TEST_CASE(connections_over_tls) {
    run([]() -> Coroutine<> {
        const auto server_rules = server_context();
        const auto rules = client_context();
        auto server = co_await conversing_server({.ssl = server_rules});
        // The host is the name that is expected; another one may be given.
        auto first =
            co_await asyncio::open_connection("127.0.0.1", port_of(server), {.ssl = rules});
        std::string answer = co_await ask(first, "one");
        BOOST_TEST(answer == "got one\n");
        BOOST_TEST(first.second.get_extra_info<asyncio::SocketAddress>("peername").port() ==
                   port_of(server));
        BOOST_TEST(first.second.get_extra_info<ssl::Certificate>("peercert").version == 3);
        auto second = co_await asyncio::open_connection(
            "127.0.0.1", port_of(server), {.ssl = rules, .server_hostname = "localhost"});
        answer = co_await ask(second, "two");
        BOOST_TEST(answer == "got two\n");
        second.second.close();
        co_await finish(first, server);
    });
}

// CON-02: the default context trusts the system's authorities, so it refuses ours
BOOST_AUTO_TEST_CASE(true_is_the_default_context) {
    run([]() -> Coroutine<> {
        const auto server_rules = server_context();
        auto server = co_await conversing_server({.ssl = server_rules});
        const std::string error =
            co_await repr_of(asyncio::open_connection("localhost", port_of(server), {.ssl = true}));
        BOOST_TEST(error.starts_with("SSLCertVerificationError(1, "), error);
        // An empty name is not compared, but the certificate is still verified.
        const auto rules = client_context();
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server),
                                                      {.ssl = rules, .server_hostname = ""});
        const auto object = pair.second.get_extra_info<ssl::SSLObject>("ssl_object");
        BOOST_TEST(!object.server_hostname());
        co_await finish(pair, server);
    });
}

// TLS-04, SRV-07: a failed handshake concerns its connection only
BOOST_AUTO_TEST_CASE(a_server_outlives_failed_handshakes) {
    run([]() -> Coroutine<> {
        const auto server_rules = server_context();
        const auto rules = client_context();
        const auto& reports = handled();
        auto server = co_await conversing_server({.ssl = server_rules});
        auto plaintext = co_await asyncio::open_connection("127.0.0.1", port_of(server));
        plaintext.second.write("GET / HTTP/1.0\r\n\r\n");
        const std::string alert = co_await plaintext.first.read();
        BOOST_TEST(alert.empty());
        plaintext.second.close();
        const std::string wrong = co_await repr_of(asyncio::open_connection(
            "127.0.0.1", port_of(server), {.ssl = rules, .server_hostname = "example.org"}));
        BOOST_TEST(wrong.find("Hostname mismatch, certificate is not valid for 'example.org'.") !=
                       std::string::npos,
                   wrong);
        auto good = co_await asyncio::open_connection("127.0.0.1", port_of(server), {.ssl = rules});
        const std::string answer = co_await ask(good, "one");
        BOOST_TEST(answer == "got one\n");
        co_await finish(good, server);
        check_trace(reports, {});
    });
}

// A listener that accepts nothing but TCP: cancelled, the socket is closed at once
BOOST_AUTO_TEST_CASE(a_handshake_may_be_cancelled) {
    run([]() -> Coroutine<> {
        const auto rules = client_context();
        asyncio::Queue<asyncio::StreamPair> accepted;
        auto server = co_await asyncio::start_server(
            [&accepted](StreamReader reader, StreamWriter writer) {
                accepted.put_nowait(asyncio::StreamPair(reader, writer));
            },
            "127.0.0.1", 0);
        auto task = asyncio::create_task(
            asyncio::open_connection("127.0.0.1", port_of(server), {.ssl = rules}));
        auto peer = co_await accepted.get();
        std::string hello = co_await peer.first.readexactly(3);
        BOOST_TEST(hello.substr(0, 2) == "\x16\x03");
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        std::string rest;
        try {
            rest = co_await peer.first.read();
        } catch (const asyncio::ConnectionResetError&) {
            rest = "reset";
        }
        peer.second.close();
        server.close();
        co_await server.wait_closed();
    });
}

// SRV-08: clients are told goodbye
BOOST_AUTO_TEST_CASE(a_server_closes_its_clients) {
    run([]() -> Coroutine<> {
        const auto server_rules = server_context();
        const auto rules = client_context();
        auto server = co_await conversing_server({.ssl = server_rules});
        auto pair = co_await asyncio::open_connection(
            "127.0.0.1", port_of(server), {.ssl = rules, .suppress_ragged_eofs = false});
        std::string answer = co_await ask(pair, "one");
        server.close_clients();
        answer = co_await pair.first.read(); // an error if it looked cut off
        BOOST_TEST(answer.empty());
        co_await finish(pair, server);
    });
}

// TLS-14: 64 MiB to somebody who reads slowly
BOOST_AUTO_TEST_CASE(a_slow_reader_costs_bounded_memory) {
    run([]() -> Coroutine<> {
        constexpr std::size_t total = 64 << 20;
        const auto server_rules = server_context();
        const auto rules = client_context();
        std::size_t largest = 0;
        auto server = co_await asyncio::start_server(
            [&largest](StreamReader, StreamWriter writer) -> Coroutine<> {
                const std::string block(256 * 1024, 'b');
                for (std::size_t sent = 0; sent < total; sent += block.size()) {
                    writer.write(block);
                    largest = std::max(largest, writer.transport()->get_write_buffer_size());
                    co_await writer.drain();
                }
                writer.close();
            },
            "127.0.0.1", 0, {.ssl = server_rules});
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server), {.ssl = rules});
        auto& [reader, writer] = pair;
        const auto transport = std::dynamic_pointer_cast<asyncio::SSLTransport>(writer.transport());
        std::size_t received = 0;
        std::size_t waiting = 0;
        while (true) {
            if (received % 7 == 0) co_await asyncio::sleep(0);
            const std::string data = co_await reader.read(50'000);
            if (data.empty()) break;
            received += data.size();
            waiting = std::max(waiting, transport->get_read_buffer_size());
        }
        BOOST_TEST(received == total);
        BOOST_TEST(largest < 1'500'000u);
        BOOST_TEST(waiting < 600'000u);
        co_await finish(pair, server);
    });
}

// TLS over Unix sockets
BOOST_AUTO_TEST_CASE(unix_sockets_speak_tls) {
    run([]() -> Coroutine<> {
        const auto server_rules = server_context();
        const auto rules = client_context();
        const std::string name = std::string(1, '\0') + "asyncio-tls-" + std::to_string(::getpid());
        const auto echo = [](asyncio::StreamReader reader,
                             asyncio::StreamWriter writer) -> Coroutine<> {
            const std::string line = co_await reader.readline();
            writer.write(line);
            writer.close();
            co_await writer.wait_closed();
        };
        auto server = co_await asyncio::start_unix_server(echo, name, {.ssl = server_rules});
        auto pair = co_await asyncio::open_unix_connection(
            name, {.ssl = rules, .server_hostname = "localhost"});
        auto& [reader, writer] = pair;
        writer.write("over tls\n");
        const std::string line = co_await reader.readline();
        BOOST_TEST(line == "over tls\n");
        writer.close();
        co_await writer.wait_closed();
        std::string e = co_await repr_of(asyncio::open_unix_connection(name, {.ssl = rules}));
        BOOST_TEST(e == "ValueError('you have to pass server_hostname when using ssl')");
        e = co_await repr_of(asyncio::start_unix_server(echo, name, {.ssl = true}));
        BOOST_TEST(e == "TypeError('ssl argument must be an SSLContext or None')");
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(an_accepted_socket_becomes_the_server_side) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto server_rules = server_context();
        const auto rules = client_context();
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        const auto accept = [](int fd, asyncio::ssl::SSLContext context) -> Coroutine<bool> {
            auto made = co_await asyncio::get_running_loop().connect_accepted_socket(
                plain(), fd, {.ssl = context});
            const bool secure = dynamic_cast<asyncio::SSLTransport*>(made.first.get()) != nullptr;
            made.first->close();
            co_return secure;
        };
        const auto accepting = asyncio::create_task(accept, ends[0], server_rules);
        auto client = co_await loop.create_connection(
            plain(), {.sock = ends[1], .ssl = rules, .server_hostname = "localhost"});
        const bool secure = co_await accepting;
        BOOST_TEST(secure);
        client.first->close();
        const std::string e = co_await repr_of(
            loop.connect_accepted_socket(plain(), -1, {.ssl_handshake_timeout = 1}));
        BOOST_TEST(e == "ValueError('ssl_handshake_timeout is only meaningful with ssl')");
    });
}

BOOST_AUTO_TEST_SUITE_END()
