// own loop only: contexts and engines need none.
// What contexts and connections tell: authorities, ciphers, key exchange, sessions.
#include <asyncio/asyncio.hpp>

#include "support/tls_pair.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <string>

using namespace asyncio::ssl;
using asyncio_test::client_context;
using asyncio_test::der_of;
using asyncio_test::error_of;
using asyncio_test::server_context;
using asyncio_test::test_authority;
using asyncio_test::TlsPair;

BOOST_AUTO_TEST_SUITE(ssl_details)

BOOST_AUTO_TEST_CASE(trusted_authorities_are_listed) {
    const SSLContext context(PROTOCOL_TLS_CLIENT);
    BOOST_TEST(context.get_ca_certs().empty());
    context.load_verify_locations({.cadata = test_authority().certificate});
    // Trusted, but no authority.
    const std::string leaf = asyncio_test::localhost_identity().certificate;
    context.load_verify_locations({.cadata = leaf});
    BOOST_TEST(context.cert_store_stats()["x509"] == 2);
    const auto found = context.get_ca_certs();
    BOOST_REQUIRE(found.size() == 1u);
    BOOST_TEST((found[0].subject == found[0].issuer));
    const auto encoded = context.get_ca_certs(binary_form);
    BOOST_REQUIRE(encoded.size() == 1u);
    BOOST_TEST((encoded[0] == der_of(test_authority().certificate)));
}

BOOST_AUTO_TEST_CASE(ciphers_are_described) {
    const SSLContext context(PROTOCOL_TLS_CLIENT);
    context.set_ciphers("ECDHE-RSA-AES256-SHA384");
    const auto all = context.get_ciphers();
    const auto found = std::ranges::find(all, "ECDHE-RSA-AES256-SHA384", &CipherInfo::name);
    BOOST_REQUIRE((found != all.end()));
    BOOST_TEST(found->protocol == "TLSv1.2");
    BOOST_TEST(found->strength_bits == 256);
    BOOST_TEST(!found->aead);
    BOOST_TEST(found->symmetric.value() == "aes-256-cbc");
    BOOST_TEST(found->digest.value() == "sha384");
    BOOST_TEST(found->kea.value() == "kx-ecdhe");
    BOOST_TEST(found->auth.value() == "auth-rsa");
    BOOST_TEST(found->description.starts_with("ECDHE-RSA-AES256-SHA384 "));
    BOOST_TEST(all.front().name.starts_with("TLS_")); // those of TLS 1.3 stay
    BOOST_TEST(!all.front().digest.has_value());
}

BOOST_AUTO_TEST_CASE(a_curve_is_chosen) {
    const auto server = server_context();
    server.set_ecdh_curve("prime256v1");
    TlsPair pair(client_context(), server);
    pair.connect();
    BOOST_TEST(pair.converse());
    BOOST_TEST(SSL_get_negotiated_group(pair.server.native()) == NID_X9_62_prime256v1);
    // Nothing in common
    const auto client = client_context();
    client.set_ecdh_curve("X25519");
    TlsPair other(client, server);
    other.connect();
    BOOST_TEST(!other.wrapped());
    BOOST_TEST(error_of([&] { server.set_ecdh_curve("nope"); }) ==
               "ValueError(\"unknown elliptic curve name 'nope'\")");
}

BOOST_AUTO_TEST_CASE(parameters_for_key_exchange_are_loaded) {
    const auto server = server_context(TLSVersion::TLSv1_2);
    const std::string missing = error_of([&] { server.load_dh_params("/nowhere"); });
    BOOST_TEST(missing == "FileNotFoundError(2, 'No such file or directory')");
    const asyncio_test::MemoryFile wrong("not PEM");
    const std::string error = error_of([&] { server.load_dh_params(wrong.name()); });
    BOOST_TEST(error.starts_with("SSLError("), error);
    // The group of RFC 7919 with 2048 bits, by its number.
    const asyncio_test::MemoryFile group(
        "-----BEGIN DH PARAMETERS-----\n"
        "MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz\n"
        "+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a\n"
        "87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7\n"
        "YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi\n"
        "7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD\n"
        "ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==\n"
        "-----END DH PARAMETERS-----\n");
    server.load_dh_params(group.name());
}

BOOST_AUTO_TEST_CASE(clients_may_show_certificates_later) {
    const SSLContext context(PROTOCOL_TLS_CLIENT);
    BOOST_TEST(!context.post_handshake_auth());
    context.set_post_handshake_auth(true);
    BOOST_TEST(context.post_handshake_auth());
    BOOST_TEST(context.security_level() == 2);
    context.set_ciphers("@SECLEVEL=1:ALL");
    BOOST_TEST(context.security_level() == 1);
}

BOOST_AUTO_TEST_CASE(sessions_are_resumed) {
    for (const TLSVersion version : {TLSVersion::TLSv1_2, TLSVersion::TLSv1_3}) {
        const auto client = client_context();
        const auto server = server_context(version);
        TlsPair first(client, server);
        BOOST_TEST(!first.client.engine.object().session());
        first.connect();
        BOOST_TEST(first.converse());
        const SSLSession session = first.client.engine.object().session();
        BOOST_REQUIRE(static_cast<bool>(session));
        BOOST_TEST(!session.id().empty());
        BOOST_TEST(session.has_ticket());
        BOOST_TEST(session.timeout() > 0);
        BOOST_TEST(session.ticket_lifetime_hint() > 0u);
        BOOST_TEST(session.time() > 1'600'000'000);
        BOOST_TEST(!first.client.engine.object().session_reused());
        const bool same = session == first.client.engine.object().session();
        BOOST_TEST(same);
        TlsPair second(client, server);
        SSL_set_session(second.client.native(), static_cast<SSL_SESSION*>(session.native_handle()));
        second.connect();
        BOOST_TEST(second.converse());
        BOOST_TEST(second.client.engine.object().session_reused());
        BOOST_TEST(second.server.engine.object().session_reused());
        BOOST_TEST(server.session_stats()["hits"] == 1);
        BOOST_TEST(server.session_stats()["accept_good"] == 2);
    }
    BOOST_TEST(error_of([] { SSLSession().id(); }) == "RuntimeError('the SSLSession is None')");
}

BOOST_AUTO_TEST_CASE(without_tickets_nothing_is_resumed) {
    const auto server = server_context();
    server.set_num_tickets(0);
    TlsPair pair(client_context(), server);
    BOOST_TEST(pair.connect().converse());
    BOOST_TEST(!pair.client.engine.object().session().has_ticket());
}

BOOST_AUTO_TEST_SUITE_END()
