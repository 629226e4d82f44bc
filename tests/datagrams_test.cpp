// Datagrams between endpoints: borders, order, addresses, errors, protocols.
#include <asyncio/asyncio.hpp>

#include "support/datagram_ends.hpp"
#include "support/print.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include <sys/socket.h>

using asyncio::Coroutine;
using asyncio::SocketAddress;
using asyncio_test::address_of;
using asyncio_test::bound;
using asyncio_test::connected_to;
using asyncio_test::DatagramRecorder;
using asyncio_test::deserted;
using asyncio_test::error_of;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(datagrams)

// CON-15, CON-08
BOOST_AUTO_TEST_CASE(an_unconnected_endpoint_answers_whoever_writes) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        server->on_datagram = [server = server.get()] {
            server->transport->sendto("answer", server->from);
        };
        auto client = co_await connected_to(address_of(server));
        BOOST_TEST((client->log == Trace{"made"}));
        client->transport->sendto("question");
        co_await client->next();
        BOOST_TEST((server->log == Trace{"made", "datagram question"}));
        BOOST_TEST((client->log == Trace{"made", "datagram answer"}));
        BOOST_TEST((client->from == address_of(server)));
        BOOST_TEST((server->from == address_of(client)));
        server->on_datagram = nullptr;
        client->transport->close();
        server->transport->close();
        co_await server->next();
    });
}

// TRN-17
BOOST_AUTO_TEST_CASE(extra_info_tells_both_ends) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        BOOST_TEST(
            (client->transport->get_extra_info<SocketAddress>("peername") == address_of(server)));
        BOOST_TEST(!server->transport->get_extra_info("peername").has_value());
        BOOST_TEST(!server->transport->get_extra_info("what").has_value());
        const auto socket = client->transport->get_extra_info<asyncio::TransportSocket>("socket");
        BOOST_TEST(socket.type() == SOCK_DGRAM);
        BOOST_TEST(client->transport->repr().starts_with("<DatagramTransport fd="));
        BOOST_TEST((client->transport->get_protocol() == client));
        client->transport->abort();
        co_await client->next();
        BOOST_TEST(socket.fileno() == -1);
        server->transport->abort();
    });
}

// TRN-17: an empty datagram is sent and received, in order, each in a call of its own.
BOOST_AUTO_TEST_CASE(datagrams_keep_their_borders_and_their_order) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        for (const char* text : {"one", "", "three", ""}) client->transport->sendto(text);
        while (server->log.size() < 5) co_await server->next();
        BOOST_TEST((server->log ==
                    Trace{"made", "datagram one", "datagram ", "datagram three", "datagram "}));
        client->transport->close();
        server->transport->close();
    });
}

BOOST_AUTO_TEST_CASE(a_burst_arrives_whole) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        Trace expected{"made"};
        for (int round = 0; round < 20; ++round) {
            for (int i = 0; i < 7; ++i) {
                const std::string text = std::to_string(round) + '.' + std::to_string(i);
                client->transport->sendto(text);
                expected.push_back("datagram " + text);
            }
            while (server->log.size() < expected.size()) co_await server->next();
        }
        BOOST_TEST((server->log == expected));
        client->transport->close();
        server->transport->close();
    });
}

// TRN-17: the transport lives on.
BOOST_AUTO_TEST_CASE(a_connected_endpoint_is_told_that_nobody_listens) {
    run([]() -> Coroutine<> {
        const SocketAddress nowhere = co_await deserted();
        auto client = co_await connected_to(nowhere);
        const std::string refused = "error ConnectionRefusedError(111, 'Connection refused')";
        client->transport->sendto("hello");
        co_await client->next();
        BOOST_TEST((client->log == Trace{"made", refused}));
        BOOST_TEST(!client->transport->is_closing());
        client->transport->sendto("again");
        co_await client->next();
        BOOST_TEST((client->log == Trace{"made", refused, refused}));
        client->transport->close();
        co_await client->next();
        BOOST_TEST(client->log.back() == "lost None");
    });
}

// TRN-17
BOOST_AUTO_TEST_CASE(a_connected_endpoint_sends_to_its_peer_only) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        const std::string error =
            error_of([&] { client->transport->sendto("x", SocketAddress("127.0.0.1", 9)); });
        BOOST_TEST(error == "ValueError(\"Invalid address: must be None or " +
                                address_of(server).str() + "\")");
        client->transport->sendto("named", address_of(server));
        co_await server->next();
        BOOST_TEST(server->log.back() == "datagram named");
        client->transport->close();
        server->transport->close();
    });
}

// TRN-17: not an OSError, so it breaks the connection, as in Python.
BOOST_AUTO_TEST_CASE(an_unconnected_endpoint_needs_an_address) {
    run([]() -> Coroutine<> {
        Reports reports;
        auto end = co_await bound();
        end->transport->sendto("where?");
        co_await end->next();
        BOOST_TEST(end->log.back().starts_with("lost TypeError("), end->log.back());
        BOOST_TEST((reports.messages() == Trace{"Fatal write error on datagram transport"}));
    });
}

BOOST_AUTO_TEST_CASE(sending_to_another_family_is_an_error_of_the_protocol) {
    run([]() -> Coroutine<> {
        auto end = co_await bound();
        end->transport->sendto("x", SocketAddress("::1", 9));
        BOOST_TEST(end->log.back() ==
                   "error OSError(97, 'Address family not supported by protocol')");
        BOOST_TEST(!end->transport->is_closing());
        end->transport->close();
    });
}

BOOST_AUTO_TEST_CASE(an_error_of_the_protocol_is_reported_and_the_transport_lives_on) {
    run([]() -> Coroutine<> {
        Reports reports;
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        server->on_datagram = [] { throw asyncio::ValueError("mine"); };
        client->transport->sendto("one");
        while (reports.size() == 0) co_await asyncio::sleep(0);
        BOOST_TEST(reports[0].error == "ValueError('mine')");
        BOOST_TEST(reports[0].message.starts_with("Exception in callback "));
        server->on_datagram = nullptr;
        client->transport->sendto("two");
        co_await server->next();
        BOOST_TEST(server->log.back() == "datagram two");
        client->transport->close();
        server->transport->close();
    });
}

// TRN-16
BOOST_AUTO_TEST_CASE(the_protocol_may_be_replaced) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        auto other = std::make_shared<DatagramRecorder>();
        server->transport->set_protocol(other);
        BOOST_CHECK_THROW(server->transport->set_protocol(std::make_shared<asyncio::Protocol>()),
                          asyncio::TypeError);
        client->transport->sendto("one");
        co_await other->next();
        BOOST_TEST((other->log == Trace{"datagram one"}));
        client->transport->close();
        server->transport->close();
        co_await other->next();
        BOOST_TEST(other->log.back() == "lost None");
    });
}

BOOST_AUTO_TEST_SUITE_END()
