// How the TLS engine carries data: windows, back-pressure, key updates, renegotiations.
// own loop only
#include <asyncio/src/tls_engine.hpp>

#include "support/certificates.hpp"
#include "support/tls_pair.hpp"
#include "support/tls_versions.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

using asyncio::detail::TlsEnd;
using asyncio::detail::TlsState;
using asyncio_test::client_context;
using asyncio_test::pattern;
using asyncio_test::server_context;
using asyncio_test::TlsEndpoint;
using asyncio_test::TlsPair;
using asyncio_test::versions;

BOOST_AUTO_TEST_SUITE(tls_engine_data)

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
    const auto server = server_context(asyncio::ssl::TLSVersion::TLSv1_2);
    server.set_options((server.options() & ~asyncio::ssl::OP_NO_RENEGOTIATION) |
                       SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
    const auto client = client_context();
    client.set_options(client.options() & ~asyncio::ssl::OP_NO_RENEGOTIATION);
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
    TlsPair pair(client_context(), server_context(asyncio::ssl::TLSVersion::TLSv1_2));
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

BOOST_AUTO_TEST_SUITE_END()
