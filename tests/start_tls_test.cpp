// start_tls(): transports and streams that are upgraded.
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

using namespace asyncio_test;

BOOST_AUTO_TEST_SUITE(start_tls)

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
        BOOST_TEST(
            reports.at(0).starts_with("Unhandled exception in client_connected_cb SSLError"));
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
        std::string error =
            co_await repr_of(loop.start_tls(transport, protocol, ssl::SSLContext()));
        BOOST_TEST(error == "TypeError('sslcontext is expected to be an instance of "
                            "ssl.SSLContext, got None')");
        error = co_await repr_of(loop.start_tls(nullptr, protocol, client_context()));
        BOOST_TEST(error == "TypeError('transport None is not supported by start_tls()')");
        error = co_await repr_of(loop.start_tls(transport, protocol, client_context()));
        BOOST_TEST(error == "ValueError('check_hostname requires server_hostname')");
        error =
            co_await repr_of(loop.start_tls(transport, protocol, client_context(),
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

BOOST_AUTO_TEST_SUITE_END()
