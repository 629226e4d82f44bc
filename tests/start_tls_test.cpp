// TLS on sockets: the ssl arguments, start_tls(), streams over TLS.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tls_wire.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ssl = asyncio::ssl;
using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio::StreamWriter;
using asyncio_test::check_trace;
using asyncio_test::client_context;
using asyncio_test::handled;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::server_context;
using asyncio_test::ticks;
using asyncio_test::TlsRecorder;
using asyncio_test::Trace;

namespace {

auto plain() {
    return [] { return std::make_shared<asyncio::Protocol>(); };
}

int port_of(const asyncio::Server& server) { return server.sockets().at(0).getsockname().port(); }

// Answers each line; "STARTTLS" upgrades.
Coroutine<> converse(StreamReader reader, StreamWriter writer, ssl::SSLContext context) {
    while (true) {
        std::string line = co_await reader.readline();
        if (line.empty()) break;
        writer.write("got " + line);
        if (line == "STARTTLS\n") co_await writer.start_tls(context);
    }
    writer.close();
    co_await writer.wait_closed();
}

Coroutine<asyncio::Server> conversing_server(asyncio::StartServerOptions options = {}) {
    const auto serve = [](StreamReader reader, StreamWriter writer) {
        return converse(std::move(reader), std::move(writer), server_context());
    };
    return asyncio::start_server(serve, "127.0.0.1", 0, options);
}

Coroutine<std::string> ask(asyncio::StreamPair pair, std::string line) {
    auto& [reader, writer] = pair;
    writer.write(line + "\n");
    std::string answer = co_await reader.readline();
    co_return answer;
}

Coroutine<> finish(asyncio::StreamPair pair, asyncio::Server server) {
    pair.second.close();
    co_await pair.second.wait_closed();
    server.close();
    co_await server.wait_closed();
}

} // namespace

BOOST_AUTO_TEST_SUITE(start_tls)

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
        auto first = co_await asyncio::open_connection("127.0.0.1", port_of(server), {.ssl = rules});
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
        const std::string error = co_await repr_of(
            asyncio::open_connection("localhost", port_of(server), {.ssl = true}));
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

// STR-22, STR-23
BOOST_AUTO_TEST_CASE(streams_are_upgraded) {
    run([]() -> Coroutine<> {
        const auto rules = client_context();
        auto server = co_await conversing_server();
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
        std::string answer = co_await ask(pair, "plain");
        BOOST_TEST(answer == "got plain\n");
        answer = co_await ask(pair, "STARTTLS");
        BOOST_TEST(answer == "got STARTTLS\n");
        BOOST_TEST(!pair.second.get_extra_info("cipher").has_value());
        co_await pair.second.start_tls(rules, {.server_hostname = "localhost"});
        BOOST_TEST(pair.second.get_extra_info("cipher").has_value());
        answer = co_await ask(pair, "secret");
        BOOST_TEST(answer == "got secret\n");
        co_await finish(pair, server);
    });
}

// STR-22: the client's first message arrives together with the command
BOOST_AUTO_TEST_CASE(a_hello_that_is_in_the_reader_already_is_used) {
    run([]() -> Coroutine<> {
        const auto& reports = handled();
        asyncio::detail::TlsEngine client(client_context(), {.server_hostname = "localhost"});
        client.start();
        auto server = co_await conversing_server();
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
        auto& [reader, writer] = pair;
        writer.write("STARTTLS\n" + std::string(client.outgoing()));
        client.consume(client.outgoing().size());
        const std::string answer = co_await reader.readline();
        BOOST_TEST(answer == "got STARTTLS\n");
        while (client.state() == asyncio::detail::TlsState::do_handshake) {
            const std::string bytes = co_await reader.read(1 << 16);
            BOOST_REQUIRE(!bytes.empty());
            client.receive(bytes);
        }
        BOOST_TEST((client.state() == asyncio::detail::TlsState::wrapped));
        writer.transport()->abort();
        server.close();
        co_await server.wait_closed();
        BOOST_TEST(reports.size() <= 1u); // the server may notice it
    });
}

// RELIABILITY 5.3: what was slipped in as plaintext is never data of the connection
BOOST_AUTO_TEST_CASE(injected_plaintext_ends_the_upgrade_of_a_server) {
    run([]() -> Coroutine<> {
        const auto& reports = handled();
        auto server = co_await conversing_server();
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
        auto& [reader, writer] = pair;
        writer.write("STARTTLS\nEVIL\n");
        std::string answer = co_await reader.readline();
        BOOST_TEST(answer == "got STARTTLS\n");
        answer = co_await reader.read();
        BOOST_TEST(answer.empty());
        BOOST_TEST(reports.size() == 1u);
        BOOST_TEST(reports.at(0).starts_with("Unhandled exception in client_connected_cb SSLError"));
        co_await finish(pair, server);
    });
}
BOOST_AUTO_TEST_CASE(injected_plaintext_ends_the_upgrade_of_a_client) {
    run([]() -> Coroutine<> {
        const auto rules = client_context();
        auto server = co_await asyncio::start_server(
            [](StreamReader reader, StreamWriter writer) -> Coroutine<> {
                writer.write("220 go ahead\n250 EVIL\n");
                const std::string rest = co_await reader.read();
                BOOST_TEST(!rest.empty());
                writer.close();
            },
            "127.0.0.1", 0);
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
        auto& [reader, writer] = pair;
        const std::string greeting = co_await reader.readline();
        const std::string error =
            co_await repr_of(writer.start_tls(rules, {.server_hostname = "localhost"}));
        BOOST_TEST(error.starts_with("SSLError(1, "), error);
        const std::string left = co_await repr_of(reader.readline());
        BOOST_TEST(left == error);
        BOOST_TEST(writer.is_closing());
        server.close();
        co_await server.wait_closed();
    });
}

// TLS-06, TLS-05: connection_made() is not called again
BOOST_AUTO_TEST_CASE(a_transport_is_upgraded) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto rules = client_context();
        auto server = co_await conversing_server();
        const auto trace = std::make_shared<Trace>();
        const auto protocol = std::make_shared<TlsRecorder>(trace);
        auto plain_pair = co_await loop.create_connection(protocol, "127.0.0.1", port_of(server));
        auto below = plain_pair.first;
        asyncio::Event event;
        protocol->on = [&](const std::string&) { event.set(); };
        below->write("STARTTLS\n");
        co_await event.wait();
        event.clear();
        auto transport =
            co_await loop.start_tls(below, protocol, rules, {.server_hostname = "localhost"});
        transport->write("one\n");
        co_await event.wait();
        event.clear();
        BOOST_TEST(transport->get_protocol() == protocol);
        transport->close();
        while (trace->back() != "lost None") co_await asyncio::sleep(0);
        check_trace(*trace, {"made", "data got STARTTLS\n", "data got one\n", "eof", "lost None"});
        BOOST_TEST(below->is_closing());
        server.close();
        co_await server.wait_closed();
    });
}

// TLS-06
BOOST_AUTO_TEST_CASE(upgrades_are_refused) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await conversing_server();
        auto pair = co_await loop.create_connection(plain(), "127.0.0.1", port_of(server));
        auto& [transport, protocol] = pair;
        std::string error = co_await repr_of(loop.start_tls(transport, protocol, ssl::SSLContext()));
        BOOST_TEST(error == "TypeError('sslcontext is expected to be an instance of "
                            "ssl.SSLContext, got None')");
        error = co_await repr_of(loop.start_tls(nullptr, protocol, client_context()));
        BOOST_TEST(error == "TypeError('transport None is not supported by start_tls()')");
        error = co_await repr_of(loop.start_tls(transport, protocol, client_context()));
        BOOST_TEST(error == "ValueError('check_hostname requires server_hostname')");
        error = co_await repr_of(loop.start_tls(transport, protocol, client_context(),
                                                {.server_hostname = "a", .ssl_handshake_timeout = 0}));
        BOOST_TEST(error == "ValueError('ssl_handshake_timeout should be a positive number, got "
                            "0.0')");
        BOOST_TEST(!transport->is_closing());
        BOOST_TEST(transport->get_protocol() == protocol);
        transport->close();
        error = co_await repr_of(
            loop.start_tls(transport, protocol, client_context(), {.server_hostname = "a"}));
        BOOST_TEST(error == "ConnectionResetError('Connection lost')");
        server.close();
        co_await server.wait_closed();
    });
}

// TLS-06: the connection is closed, and the protocol hears of it
BOOST_AUTO_TEST_CASE(an_upgrade_may_be_cancelled) {
    for (const int after : {0, 1, 5}) {
        run([after]() -> Coroutine<> {
            auto& loop = asyncio::get_running_loop();
            auto server = co_await loop.create_server(plain(), "127.0.0.1", 0); // says nothing
            const auto trace = std::make_shared<Trace>();
            const auto protocol = std::make_shared<TlsRecorder>(trace);
            auto pair = co_await loop.create_connection(protocol, "127.0.0.1", port_of(server));
            auto task = asyncio::create_task(loop.start_tls(pair.first, protocol, client_context(),
                                                            {.server_hostname = "localhost"}));
            co_await ticks(after + 1);
            task.cancel();
            const std::string error = co_await repr_of(task);
            BOOST_TEST(error == "CancelledError()");
            co_await ticks(5);
            check_trace(*trace, {"made", "lost None"});
            server.abort_clients();
            server.close();
            co_await server.wait_closed();
        });
    }
}

// TLS-06: the transport below of a TLS transport is another one
BOOST_AUTO_TEST_CASE(tls_over_tls) {
    run([]() -> Coroutine<> {
        const asyncio::LogCapture log(asyncio::Level::Warning);
        const auto server_rules = server_context();
        const auto rules = client_context();
        auto server = co_await conversing_server({.ssl = server_rules});
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server), {.ssl = rules});
        std::string answer = co_await ask(pair, "STARTTLS");
        const auto outer = pair.second.get_extra_info<ssl::SSLObject>("ssl_object");
        co_await pair.second.start_tls(rules, {.server_hostname = "127.0.0.1"});
        BOOST_TEST((pair.second.get_extra_info<ssl::SSLObject>("ssl_object") != outer));
        answer = co_await ask(pair, std::string(60'000, 'x'));
        BOOST_TEST(answer.size() == 60'005u);
        BOOST_TEST(pair.second.get_extra_info<asyncio::SocketAddress>("peername").port() ==
                   port_of(server));
        co_await finish(pair, server);
        BOOST_TEST(log.size() == 0u);
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

BOOST_AUTO_TEST_SUITE_END()
