// The TLS engine without sockets: two engines wired in memory.
// own loop only
#include <asyncio/src/tls_engine.hpp>

#include "support/certificates.hpp"
#include "support/tls_pair.hpp"
#include "support/tools.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ssl = asyncio::ssl;
using asyncio::detail::TlsEnd;
using asyncio::detail::TlsEngine;
using asyncio::detail::TlsState;
using asyncio_test::client_context;
using asyncio_test::error_of;
using asyncio_test::server_context;
using asyncio_test::TlsEndpoint;
using asyncio_test::TlsPair;

namespace {

const auto versions = boost::unit_test::data::make(asyncio_test::tls_versions());

std::string pattern(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_engine)

// TLS-01
BOOST_DATA_TEST_CASE(a_connection_passes_its_states, versions, version) {
    TlsPair pair(client_context(), server_context(version));
    BOOST_TEST(pair.client.engine.state() == TlsState::unwrapped);
    pair.start();
    BOOST_TEST(pair.client.engine.state() == TlsState::do_handshake);
    BOOST_TEST(!pair.client.engine.outgoing().empty());
    BOOST_TEST(pair.server.engine.outgoing().empty());
    pair.carry();
    BOOST_TEST(pair.wrapped());
    BOOST_TEST(pair.converse());
    pair.client.engine.shutdown();
    BOOST_TEST(pair.client.engine.state() == TlsState::shutdown);
    pair.carry();
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
    BOOST_TEST(pair.server.engine.state() == TlsState::wrapped);
    BOOST_TEST(pair.client.engine.state() == TlsState::shutdown);
    pair.server.engine.shutdown();
    BOOST_TEST(pair.server.engine.state() == TlsState::closed);
    pair.carry();
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    BOOST_TEST(!pair.client.engine.error());
    BOOST_TEST(!pair.server.engine.error());
}

// TLS-01
BOOST_AUTO_TEST_CASE(other_changes_of_state_are_refused) {
    TlsPair pair;
    pair.connect();
    BOOST_TEST(error_of([&] { pair.client.engine.start(); }) ==
               "RuntimeError('cannot switch state from SSLProtocolState.WRAPPED to "
               "SSLProtocolState.DO_HANDSHAKE')");
    pair.client.engine.abort();
    BOOST_TEST(error_of([&] { pair.client.engine.start(); }) ==
               "RuntimeError('cannot switch state from SSLProtocolState.CLOSED to "
               "SSLProtocolState.DO_HANDSHAKE')");
}

BOOST_DATA_TEST_CASE(bytes_may_arrive_one_at_a_time, versions, version) {
    TlsPair pair(client_context(), server_context(version));
    pair.client.engine.start();
    pair.server.engine.start();
    pair.carry(1);
    BOOST_REQUIRE(pair.wrapped());
    const std::string text = pattern(5000);
    pair.client.engine.write(text);
    pair.carry(1);
    BOOST_TEST(pair.server.received == text);
    pair.client.engine.shutdown();
    pair.carry(1);
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
}

BOOST_DATA_TEST_CASE(what_is_written_early_is_sent_after_the_handshake, versions, version) {
    TlsPair pair(client_context(), server_context(version));
    BOOST_TEST(pair.client.engine.write("before the start, "));
    pair.start();
    BOOST_TEST(pair.client.engine.write("during the handshake"));
    BOOST_TEST(pair.server.engine.write("hello"));
    BOOST_TEST(pair.server.engine.write_buffer_size() == 5u);
    pair.carry();
    BOOST_TEST(pair.server.received == "before the start, during the handshake");
    BOOST_TEST(pair.client.received == "hello");
    BOOST_TEST(pair.server.engine.write_buffer_size() == 0u);
}

// TLS-09
BOOST_DATA_TEST_CASE(truncation_is_told_apart_at_every_byte, versions, version) {
    TlsPair pair(client_context(), server_context(version));
    pair.connect();
    pair.client.engine.write("abc");
    const std::string data = pair.client.take();
    pair.client.engine.write("def");
    const std::string more = pair.client.take();
    pair.client.engine.shutdown();
    const std::string bytes = data + more + pair.client.take();
    // A connection cannot be copied: each cut has one of its own, which says the same.
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        TlsPair one(client_context(), server_context(version));
        one.connect();
        one.client.engine.write("abc");
        std::string said = one.client.take();
        one.client.engine.write("def");
        said += one.client.take();
        one.client.engine.shutdown();
        said += one.client.take();
        BOOST_REQUIRE(said.size() == bytes.size());
        one.server.receive(said.substr(0, cut));
        one.server.receive_eof();
        const std::string expected = cut < data.size()                 ? ""
                                     : cut < data.size() + more.size() ? "abc"
                                                                       : "abcdef";
        BOOST_REQUIRE(one.server.received == expected);
        const bool clean = cut == bytes.size();
        BOOST_REQUIRE(one.server.engine.end() == (clean ? TlsEnd::closed : TlsEnd::truncated));
        BOOST_REQUIRE(one.server.engine.state() == TlsState::wrapped);
        one.server.engine.shutdown();
        BOOST_REQUIRE(one.server.engine.state() == TlsState::closed);
        BOOST_REQUIRE(!one.server.engine.error());
    }
    BOOST_TEST(asyncio::repr(TlsEngine::truncation_error()) ==
               "SSLEOFError(8, '[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of "
               "protocol')");
}

BOOST_DATA_TEST_CASE(a_damaged_byte_breaks_the_connection, versions, version) {
    TlsPair probe(client_context(), server_context(version));
    probe.connect();
    probe.client.engine.write("secret");
    const std::size_t size = probe.client.take().size();
    for (std::size_t at = 5; at < size; ++at) {
        TlsPair pair(client_context(), server_context(version));
        pair.connect();
        pair.client.engine.write("secret");
        std::string bytes = pair.client.take();
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        pair.server.receive(bytes);
        BOOST_REQUIRE(pair.server.received == "");
        BOOST_REQUIRE(pair.server.engine.state() == TlsState::closed);
        BOOST_REQUIRE(
            pair.server.error() ==
            "SSLError(1, '[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC] decryption failed or "
            "bad record mac')");
        // The peer is told.
        TlsPair::carry(pair.server, pair.client);
        BOOST_REQUIRE(
            pair.client.error() ==
            "SSLError(1, '[SSL: SSLV3_ALERT_BAD_RECORD_MAC] sslv3 alert bad record mac')");
    }
}

BOOST_DATA_TEST_CASE(large_data_passes_small_windows, versions, version) {
    for (const std::size_t window : {std::size_t{1}, std::size_t{20'000}, std::size_t{1} << 20}) {
        TlsPair pair(client_context(), server_context(version), "localhost", window);
        pair.connect();
        const std::string text = pattern(300'000);
        BOOST_TEST(pair.client.engine.write(text));
        // One record beyond the window.
        BOOST_TEST(pair.client.engine.outgoing().size() < window + 17'000);
        BOOST_TEST(pair.client.engine.write_buffer_size() >= text.size());
        std::size_t most = 0;
        while (!pair.client.engine.outgoing().empty()) {
            most = std::max(most, pair.client.engine.outgoing().size());
            const std::string some(pair.client.engine.outgoing().substr(0, 777));
            pair.client.engine.consume(some.size());
            pair.server.receive(some);
        }
        BOOST_TEST(most < window + 17'000);
        BOOST_TEST((pair.server.received == text));
        BOOST_TEST(pair.client.engine.write_buffer_size() == 0u);
        BOOST_TEST(pair.server.engine.read_buffer_size() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(write_some_takes_what_the_window_takes) {
    TlsPair pair(client_context(), server_context(), "localhost", 40'000);
    BOOST_TEST(pair.client.engine.write_some("too early") == 0u);
    pair.connect();
    const std::string text = pattern(100'000);
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t count = pair.client.engine.write_some(rest);
        BOOST_REQUIRE(count > 0u);
        BOOST_TEST(pair.client.engine.write_buffer_size() == pair.client.engine.outgoing().size());
        rest.remove_prefix(count);
        if (rest.empty()) break;
        BOOST_TEST(count >= 32'768u);
        BOOST_TEST(pair.client.engine.write_some(rest) == 0u);
        TlsPair::carry(pair.client, pair.server);
    }
    // The order is kept: what is in the backlog comes first.
    pair.client.engine.write(text);
    BOOST_TEST(pair.client.engine.write_some("later") == 0u);
    pair.carry();
    BOOST_TEST((pair.server.received == text + text));
}

// TLS-13
BOOST_AUTO_TEST_CASE(nothing_is_decrypted_while_nobody_reads) {
    TlsPair pair;
    pair.connect();
    pair.server.reading = false;
    const std::string text = pattern(100'000);
    pair.client.engine.write(text);
    pair.client.engine.shutdown();
    const std::string bytes = pair.client.take();
    pair.server.receive(bytes);
    pair.server.receive_eof();
    BOOST_TEST(pair.server.engine.read_buffer_size() == bytes.size());
    BOOST_TEST(pair.server.engine.end() == TlsEnd::open);
    // Ten bytes cost one record.
    std::string ten(10, '\0');
    BOOST_TEST(pair.server.engine.read(ten) == 10u);
    BOOST_TEST(pair.server.engine.read_buffer_size() > bytes.size() - 17'000);
    pair.server.received = ten;
    pair.server.reading = true;
    pair.server.pull();
    BOOST_TEST((pair.server.received == text));
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
    BOOST_TEST(pair.server.engine.read_buffer_size() == 0u);
}

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

// TLS-16
BOOST_AUTO_TEST_CASE(key_updates_stall_neither_direction) {
    TlsPair pair;
    pair.connect();
    for (int round = 0; round < 5; ++round) {
        for (TlsEndpoint* side : {&pair.client, &pair.server})
            BOOST_REQUIRE(SSL_key_update(side->native(), SSL_KEY_UPDATE_REQUESTED) == 1);
        BOOST_TEST(pair.converse());
    }
    // While the application of one side does not read.
    pair.server.reading = false;
    SSL_key_update(pair.client.native(), SSL_KEY_UPDATE_REQUESTED);
    pair.client.engine.write("later");
    TlsPair::carry(pair.client, pair.server);
    pair.server.engine.write(pattern(100'000));
    TlsPair::carry(pair.server, pair.client);
    BOOST_TEST((pair.client.received == pattern(100'000)));
    pair.server.reading = true;
    pair.server.pull();
    BOOST_TEST(pair.server.received == "later");
    pair.server.engine.write("!");
    pair.carry();
    BOOST_TEST(pair.client.received.back() == '!');
}

// TLS-16: a write that has to wait for the peer goes on with the peer's next bytes
BOOST_AUTO_TEST_CASE(writing_goes_on_after_a_renegotiation) {
    const auto server = server_context(ssl::TLSVersion::TLSv1_2);
    server.set_options((server.options() & ~ssl::OP_NO_RENEGOTIATION) |
                       SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
    const auto client = client_context();
    client.set_options(client.options() & ~ssl::OP_NO_RENEGOTIATION);
    TlsPair pair(client, server);
    pair.connect();
    BOOST_REQUIRE(SSL_renegotiate(pair.client.native()) == 1);
    const std::string text = pattern(100'000);
    BOOST_TEST(pair.client.engine.write(text));
    BOOST_TEST(pair.client.engine.write_buffer_size() > text.size()); // nothing but a ClientHello
    pair.client.engine.shutdown();
    BOOST_TEST(pair.client.engine.state() == TlsState::flushing);
    pair.carry();
    BOOST_TEST((pair.server.received == text));
    BOOST_TEST(pair.server.engine.end() == TlsEnd::closed);
    BOOST_TEST(server.session_stats().at("accept_good") == 2);
}

// A peer that demands answers without reading them must not fill the memory.
BOOST_AUTO_TEST_CASE(a_flood_of_demands_ends_the_connection) {
    TlsPair pair(client_context(), server_context(ssl::TLSVersion::TLSv1_2));
    pair.connect();
    SSL_clear_options(pair.server.native(), SSL_OP_NO_RENEGOTIATION);
    std::size_t most = 0;
    for (int i = 0; i < 20'000 && pair.client.engine.state() == TlsState::wrapped; ++i) {
        SSL_renegotiate(pair.server.native());
        SSL_do_handshake(pair.server.native());
        pair.client.receive(pair.server.take());
        most = std::max(most, pair.client.engine.outgoing().size());
    }
    BOOST_TEST(most < 100'000u);
    BOOST_TEST(pair.client.error() ==
               "SSLError(1, 'the peer demands answers and does not read them')");
}

// The queue of OpenSSL's errors belongs to the thread: other code may leave some in it.
BOOST_AUTO_TEST_CASE(old_errors_do_not_matter) {
    const auto leave_error = [] { ERR_raise(ERR_LIB_SSL, SSL_R_BAD_LENGTH); };
    TlsPair pair;
    leave_error();
    pair.client.engine.start();
    leave_error();
    pair.server.engine.start();
    for (bool moved = true; moved;) {
        leave_error();
        moved = TlsPair::carry(pair.client, pair.server, 100);
        leave_error();
        moved |= TlsPair::carry(pair.server, pair.client, 100);
    }
    BOOST_TEST(pair.wrapped());
    leave_error();
    BOOST_TEST(pair.converse());
    leave_error();
    pair.client.engine.shutdown();
    pair.carry();
    leave_error();
    pair.server.engine.shutdown();
    pair.carry();
    BOOST_TEST(!pair.client.engine.error());
    BOOST_TEST(!pair.server.engine.error());
    BOOST_TEST(pair.client.engine.state() == TlsState::closed);
    ERR_clear_error();
}

// An SSLObject outlives its engine and stays harmless.
BOOST_AUTO_TEST_CASE(the_connections_object_outlives_the_engine) {
    ssl::SSLObject object;
    {
        TlsPair pair;
        pair.connect();
        object = pair.client.engine.object();
    }
    BOOST_TEST(object.version().value() == "TLSv1.3");
    BOOST_TEST(object.getpeercert()->subject.back().front().second == "localhost");
    char byte = 0;
    BOOST_TEST(SSL_read(static_cast<SSL*>(object.native_handle()), &byte, 1) <= 0);
    BOOST_TEST(SSL_write(static_cast<SSL*>(object.native_handle()), &byte, 1) <= 0);
}

// TLS-06
BOOST_AUTO_TEST_CASE(tls_runs_over_tls) {
    TlsPair outer;
    TlsPair inner;
    outer.connect();
    inner.start();
    inner.client.engine.write("through two layers");
    for (bool moved = true; moved;) {
        moved = false;
        for (const bool up : {true, false}) {
            TlsEndpoint& from = up ? inner.client : inner.server;
            TlsEndpoint& to = up ? inner.server : inner.client;
            TlsEndpoint& carrier = up ? outer.client : outer.server;
            TlsEndpoint& arrival = up ? outer.server : outer.client;
            carrier.engine.write(from.take());
            moved |= TlsPair::carry(carrier, arrival, 100);
            to.receive(std::exchange(arrival.received, {}));
        }
    }
    BOOST_TEST(inner.server.received == "through two layers");
}

BOOST_AUTO_TEST_SUITE_END()
