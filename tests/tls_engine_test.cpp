// The TLS engine without sockets: its states, broken bytes, demands of the peer.
// Two engines are wired in memory.
// own loop only
#include <asyncio/src/tls_engine.hpp>

#include "support/certificates.hpp"
#include "support/tls_pair.hpp"
#include "support/tls_versions.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <string>
#include <utility>

using asyncio::detail::TlsEnd;
using asyncio::detail::TlsEngine;
using asyncio::detail::TlsState;
using asyncio_test::client_context;
using asyncio_test::error_of;
using asyncio_test::pattern;
using asyncio_test::server_context;
using asyncio_test::TlsEndpoint;
using asyncio_test::TlsPair;
using asyncio_test::versions;

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
    const auto client = client_context(); // making one takes longer than a handshake
    const auto server = server_context(version);
    TlsPair pair(client, server);
    pair.connect();
    pair.client.engine.write("abc");
    const std::string data = pair.client.take();
    pair.client.engine.write("def");
    const std::string more = pair.client.take();
    pair.client.engine.shutdown();
    const std::string bytes = data + more + pair.client.take();
    // A connection cannot be copied: each cut has one of its own, which says the same.
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        TlsPair one(client, server);
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
    const auto client = client_context(); // making one takes longer than a handshake
    const auto server = server_context(version);
    TlsPair probe(client, server);
    probe.connect();
    probe.client.engine.write("secret");
    const std::size_t size = probe.client.take().size();
    for (std::size_t at = 5; at < size; ++at) {
        TlsPair pair(client, server);
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
    asyncio::ssl::SSLObject object;
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
