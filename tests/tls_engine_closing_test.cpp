// How a TLS connection ends: close_notify in either direction, with and without data on its way;
// abort.
// own loop only
#include <asyncio/src/tls_engine.hpp>

#include "support/certificates.hpp"
#include "support/tls_pair.hpp"
#include "support/tls_versions.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

using asyncio::detail::TlsEnd;
using asyncio::detail::TlsState;
using asyncio_test::client_context;
using asyncio_test::pattern;
using asyncio_test::server_context;
using asyncio_test::TlsEndpoint;
using asyncio_test::TlsPair;
using asyncio_test::versions;

BOOST_AUTO_TEST_SUITE(tls_engine_closing)

// TLS-07: a close_notify follows the data, however slowly that goes out
BOOST_AUTO_TEST_CASE(shutdown_sends_what_was_written) {
    TlsPair pair(client_context(), server_context(), "localhost", 1000);
    pair.connect();
    const std::string text = pattern(200'000);
    pair.client.engine.write(text);
    pair.client.engine.shutdown();
    BOOST_TEST(pair.client.engine.state() == TlsState::flushing);
    BOOST_TEST(!pair.client.engine.write("too late"));
    BOOST_TEST(pair.client.engine.write_some("too late") == 0u);
    // Meanwhile the other direction works.
    pair.server.engine.write("still here");
    TlsPair::carry(pair.server, pair.client);
    BOOST_TEST(pair.client.received == "still here");
    BOOST_TEST(pair.client.engine.state() == TlsState::flushing);
    pair.client.engine.shutdown(); // once more changes nothing
    pair.carry();
    BOOST_TEST((pair.server.received == text));
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
    BOOST_TEST(pair.client.engine.state() == TlsState::shutdown);
}

BOOST_AUTO_TEST_CASE(a_half_closed_peer_gets_what_was_written) {
    TlsPair pair(client_context(), server_context(), "localhost", 1000);
    pair.connect();
    const std::string text = pattern(100'000);
    pair.client.engine.write(text);
    pair.client.receive_eof();
    BOOST_TEST(pair.client.engine.end() == TlsEnd::truncated);
    pair.client.engine.shutdown();
    BOOST_TEST(pair.client.engine.state() == TlsState::flushing);
    TlsPair::carry(pair.client, pair.server);
    BOOST_TEST((pair.server.received == text));
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(!pair.client.engine.error());
}

// TLS-07: no data after the own close, and the peer's close_notify is still found behind it
BOOST_DATA_TEST_CASE(data_after_the_own_close_is_dropped, versions, version) {
    TlsPair pair(client_context(), server_context(version));
    pair.connect();
    pair.client.engine.shutdown();
    pair.server.engine.write(pattern(100'000));
    TlsPair::carry(pair.server, pair.client, 1000);
    BOOST_TEST(pair.client.received == "");
    BOOST_TEST(pair.client.engine.state() == TlsState::shutdown);
    pair.server.engine.shutdown();
    pair.carry();
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(pair.server.engine.state() == TlsState::closed);
    BOOST_TEST(!pair.client.engine.error());
}

// TLS-15: a peer that never stops sending does not hold the connection
BOOST_AUTO_TEST_CASE(a_busy_peer_is_not_waited_for) {
    TlsPair pair;
    pair.connect();
    pair.client.engine.shutdown();
    std::size_t sent = 0;
    while (pair.client.engine.state() == TlsState::shutdown && sent < (1 << 22)) {
        pair.server.engine.write(pattern(50'000));
        sent += 50'000;
        pair.client.receive(pair.server.take());
    }
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(sent < 500'000u);
    BOOST_TEST(!pair.client.engine.error());
    BOOST_TEST(pair.client.received == "");
}

BOOST_DATA_TEST_CASE(both_sides_may_close_at_once, versions, version) {
    TlsPair pair(client_context(), server_context(version));
    pair.connect();
    pair.client.engine.write("last words");
    pair.client.engine.shutdown();
    pair.server.engine.shutdown();
    pair.carry();
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(pair.server.engine.state() == TlsState::closed);
    BOOST_TEST(!pair.client.engine.error());
    BOOST_TEST(!pair.server.engine.error());
}

BOOST_AUTO_TEST_CASE(shutdown_ends_with_the_connection) {
    TlsPair pair;
    pair.connect();
    pair.client.engine.shutdown();
    pair.client.receive_eof();
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(!pair.client.engine.error());
    BOOST_TEST(!pair.client.engine.outgoing().empty()); // the close_notify may still be sent

    TlsPair unfinished;
    unfinished.start();
    unfinished.client.engine.shutdown();
    BOOST_TEST(unfinished.client.engine.state() == TlsState::closed);
    BOOST_TEST(!unfinished.client.engine.error());
}

// A client that has not seen the tickets yet closes; they arrive behind its close_notify.
BOOST_AUTO_TEST_CASE(closing_before_the_tickets_are_read_is_clean) {
    TlsPair pair;
    pair.start();
    TlsPair::carry(pair.client, pair.server);
    TlsPair::carry(pair.server, pair.client);
    BOOST_TEST(pair.client.engine.state() == TlsState::wrapped);
    pair.client.engine.shutdown();
    pair.carry();
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
    pair.server.engine.shutdown();
    pair.carry();
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(!pair.client.engine.error());
}

// TLS-08: the other direction stays open until the own close
BOOST_DATA_TEST_CASE(writing_goes_on_after_the_peers_close_notify, versions, version) {
    TlsPair pair(client_context(), server_context(version));
    pair.connect();
    pair.client.engine.shutdown();
    TlsPair::carry(pair.client, pair.server);
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
    BOOST_TEST(pair.server.engine.write("dropped by the client, but legal"));
    pair.server.engine.shutdown();
    pair.carry();
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(!pair.server.engine.error());
}

BOOST_DATA_TEST_CASE(bytes_after_a_close_notify_are_ignored, versions, version) {
    for (const bool at_once : {false, true}) {
        TlsPair pair(client_context(), server_context(version));
        pair.connect();
        pair.client.engine.write("data");
        pair.client.engine.shutdown();
        const std::string injected = "injected" + pattern(100);
        if (at_once) {
            pair.server.receive(pair.client.take() + injected);
        } else {
            pair.server.receive(pair.client.take());
            pair.server.receive(injected);
        }
        pair.server.receive_eof();
        BOOST_TEST(pair.server.received == "data");
        BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
        BOOST_TEST(pair.server.engine.read_buffer_size() == 0u);
        BOOST_TEST(!pair.server.engine.error());
        pair.server.engine.shutdown();
        pair.server.receive(injected);
        BOOST_TEST(pair.server.engine.state() == TlsState::closed);
        BOOST_TEST(pair.server.received == "data");
    }
}

// TLS-12
BOOST_AUTO_TEST_CASE(abort_forgets_everything) {
    TlsPair pair;
    pair.connect();
    pair.client.engine.write(pattern(1'000'000));
    pair.server.reading = false;
    pair.server.receive(std::string(pair.client.engine.outgoing()));
    for (TlsEndpoint* side : {&pair.client, &pair.server}) {
        side->engine.abort();
        BOOST_TEST(side->engine.state() == TlsState::closed);
        BOOST_TEST(side->engine.write_buffer_size() == 0u);
        BOOST_TEST(side->engine.read_buffer_size() == 0u);
        BOOST_TEST(!side->engine.error());
        BOOST_TEST(!side->engine.write("x"));
        side->reading = true;
        side->receive("x");
        side->receive_eof();
        BOOST_TEST(side->received == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()
