// Handshakes of the TLS engine: who is refused, and with which error.
// own loop only
#include <asyncio/src/tls_engine.hpp>

#include "support/certificates.hpp"
#include "support/tls_pair.hpp"
#include "support/tls_versions.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ssl = asyncio::ssl;
using asyncio::detail::TlsEngine;
using asyncio::detail::TlsState;
using asyncio_test::client_context;
using asyncio_test::error_of;
using asyncio_test::server_context;
using asyncio_test::test_authority;
using asyncio_test::TlsPair;
using asyncio_test::versions;

namespace {

// What a client says of a server with this certificate.
std::string verdict(const asyncio_test::Identity& identity,
                    const ssl::SSLContext& client = client_context()) {
    TlsPair pair(client, server_context(identity));
    pair.connect();
    BOOST_TEST(pair.wrapped() == !pair.client.engine.error());
    return asyncio::str(pair.client.engine.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_handshake)

// STR-22: bytes that a reader had before start_tls() belong to the handshake
BOOST_AUTO_TEST_CASE(bytes_from_before_the_start_are_used) {
    TlsPair pair;
    pair.client.engine.start();
    pair.server.engine.receive(pair.client.take());
    BOOST_TEST(pair.server.engine.read_buffer_size() > 100u);
    BOOST_TEST(pair.server.engine.state() == TlsState::unwrapped);
    pair.server.engine.start();
    BOOST_TEST(pair.server.engine.read_buffer_size() == 0u);
    pair.carry();
    BOOST_TEST(pair.converse());
}

// RELIABILITY: plaintext that was injected before the handshake never looks like data
BOOST_AUTO_TEST_CASE(plaintext_before_the_handshake_is_an_error) {
    TlsPair pair;
    pair.server.engine.receive("EVIL COMMAND\r\n");
    pair.server.engine.start();
    BOOST_TEST(pair.server.engine.state() == TlsState::closed);
    BOOST_TEST(pair.server.received == "");
    BOOST_TEST(asyncio::is_instance<ssl::SSLError>(pair.server.engine.error()));
}

BOOST_AUTO_TEST_CASE(plaintext_to_a_server_is_an_error) {
    TlsPair http;
    http.server.engine.start();
    http.server.receive("GET / HTTP/1.1\r\n\r\n");
    BOOST_TEST(http.server.error() == "SSLError(1, '[SSL: HTTP_REQUEST] http request')");
    BOOST_TEST(http.server.engine.state() == TlsState::closed);

    TlsPair garbage;
    garbage.client.engine.start();
    garbage.client.receive("HTTP/1.1 400 Bad Request\r\n\r\n");
    BOOST_TEST(garbage.client.error() ==
               "SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version number')");
    BOOST_TEST(!garbage.client.engine.outgoing().empty()); // the alert
    const auto* error = asyncio::exception_cast<ssl::SSLError>(garbage.client.engine.error());
    BOOST_REQUIRE(error);
    BOOST_TEST(error->reason().value() == "WRONG_VERSION_NUMBER");
    BOOST_TEST(error->library().value() == "SSL");
}

// TLS-04
BOOST_DATA_TEST_CASE(a_truncated_handshake_is_a_reset_connection, versions, version) {
    const auto client = client_context(); // making one takes longer than a handshake
    const auto server = server_context(version);
    // What both sides say, to be cut at every byte.
    TlsPair whole(client, server);
    whole.start();
    const std::string hello = whole.client.take();
    whole.server.receive(hello);
    const std::string answer = whole.server.take();
    for (std::size_t cut = 0; cut < hello.size(); ++cut) {
        TlsPair pair(client, server);
        pair.server.engine.start();
        pair.server.receive(hello.substr(0, cut));
        BOOST_REQUIRE(pair.server.engine.state() == TlsState::do_handshake);
        pair.server.receive_eof();
        BOOST_REQUIRE(pair.server.error() == "ConnectionResetError()");
        BOOST_REQUIRE(pair.server.engine.state() == TlsState::closed);
    }
    for (std::size_t part = 0; part < 20; ++part) {
        TlsPair pair(client, server);
        pair.client.engine.start();
        pair.server.engine.start();
        TlsPair::carry(pair.client, pair.server);
        const std::string bytes = pair.server.take();
        pair.client.receive(bytes.substr(0, bytes.size() * part / 20));
        pair.client.receive_eof();
        BOOST_REQUIRE(pair.client.error() == "ConnectionResetError()");
    }
    TlsPair early;
    early.client.engine.receive_eof();
    early.client.engine.start();
    BOOST_TEST(early.client.error() == "ConnectionResetError()");
}

BOOST_DATA_TEST_CASE(another_host_is_refused, versions, version) {
    for (const auto& [host, text] :
         {std::pair("other.example", "Hostname mismatch, certificate is not valid for "
                                     "'other.example'."),
          std::pair("192.0.2.1", "IP address mismatch, certificate is not valid for "
                                 "'192.0.2.1'.")}) {
        TlsPair pair(client_context(), server_context(version), host);
        pair.connect();
        const auto* error =
            asyncio::exception_cast<ssl::SSLCertVerificationError>(pair.client.engine.error());
        BOOST_REQUIRE(error);
        BOOST_TEST(error->str() ==
                   std::string("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ") +
                       text);
        BOOST_TEST(error->err() == 1);
        BOOST_TEST(error->verify_message() == text);
        BOOST_TEST((error->verify_code() == 62 || error->verify_code() == 64));
        BOOST_TEST(error->reason().value() == "CERTIFICATE_VERIFY_FAILED");
        // The server learns it from the alert.
        BOOST_TEST(asyncio::is_instance<ssl::SSLError>(pair.server.engine.error()));
        BOOST_TEST(pair.server.received == "");
    }
}

BOOST_AUTO_TEST_CASE(addresses_and_names_are_accepted) {
    for (const char* host : {"localhost", "LOCALHOST", "127.0.0.1", "::1"}) {
        TlsPair pair(client_context(), server_context(), host);
        BOOST_TEST(pair.connect().wrapped(), host);
        // RFC 6066: SNI is for names only.
        const char* sni = SSL_get_servername(pair.server.native(), TLSEXT_NAMETYPE_host_name);
        const bool is_name = std::string_view(host).find_first_of("lL") == 0;
        BOOST_TEST((sni != nullptr) == is_name);
    }
}

// CON-02
BOOST_AUTO_TEST_CASE(an_empty_host_name_turns_the_check_off) {
    TlsPair pair(client_context(), server_context(), "");
    BOOST_TEST(pair.connect().wrapped());
    BOOST_TEST(!pair.client.engine.object().server_hostname());
    BOOST_TEST(error_of([] { TlsEngine engine(client_context(), {}); }) ==
               "ValueError('check_hostname requires server_hostname')");
    BOOST_TEST(error_of([] { TlsEngine engine(client_context(), {.server_hostname = ".x"}); }) ==
               "ValueError('server_hostname cannot be an empty string or start with a leading "
               "dot.')");
    using std::string_view_literals::operator""sv;
    BOOST_TEST(error_of([] {
                   TlsEngine engine(client_context(), {.server_hostname = "a\0b"sv});
               }) == "TypeError('server_hostname must be a string without null bytes')");
    BOOST_TEST(asyncio_test::error_of([] {
                   TlsEngine engine(client_context(), {.server_hostname = "b\xC3\xBC"});
               }).starts_with("ValueError("));
}

BOOST_AUTO_TEST_CASE(contexts_are_for_one_side) {
    BOOST_TEST(error_of([] { TlsEngine engine(client_context(), {.server_side = true}); }) ==
               "SSLError(0, 'Cannot create a server socket with a PROTOCOL_TLS_CLIENT context')");
    BOOST_TEST(error_of([] { TlsEngine engine(server_context(), {}); }) ==
               "SSLError(0, 'Cannot create a client socket with a PROTOCOL_TLS_SERVER context')");
}

BOOST_AUTO_TEST_CASE(bad_certificates_are_refused) {
    using asyncio_test::make_certificate;
    const std::string failed = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ";
    const std::vector<std::string> names{"DNS:localhost"};
    const auto* issuer = &test_authority();
    BOOST_TEST(verdict(make_certificate({.names = names})) == failed + "self-signed certificate");
    BOOST_TEST(verdict(make_certificate(
                   {.names = names, .issuer = issuer, .begins_in_days = -9, .ends_in_days = -1})) ==
               failed + "certificate has expired");
    BOOST_TEST(verdict(make_certificate({.names = names, .issuer = issuer, .begins_in_days = 2})) ==
               failed + "certificate is not yet valid");
    BOOST_TEST(
        verdict(make_certificate({.names = names, .issuer = issuer, .usage = "clientAuth"})) ==
        failed + "unsuitable certificate purpose");
    // The common name is no host name, and a wildcard stands for one whole label.
    const std::string mismatch =
        failed + "Hostname mismatch, certificate is not valid for 'localhost'.";
    BOOST_TEST(verdict(make_certificate({.common_name = "localhost", .issuer = issuer})) ==
               mismatch);
    BOOST_TEST(verdict(make_certificate({.names = {"DNS:local*"}, .issuer = issuer})) == mismatch);
    const auto other = make_certificate({.common_name = "Other", .authority = true});
    BOOST_TEST(verdict(make_certificate({.names = names, .issuer = &other})) ==
               failed + "unable to get local issuer certificate");
    BOOST_TEST(verdict(make_certificate({.names = names, .issuer = issuer})) == "None");
}

BOOST_AUTO_TEST_CASE(a_client_may_verify_nothing) {
    const ssl::SSLContext client(ssl::PROTOCOL_TLS_CLIENT);
    client.set_check_hostname(false);
    client.set_verify_mode(ssl::CERT_NONE);
    BOOST_TEST(verdict(asyncio_test::make_certificate({}), client) == "None");
}

BOOST_DATA_TEST_CASE(a_server_may_require_a_certificate, versions, version) {
    const auto server = server_context(version);
    server.load_verify_locations({.cadata = test_authority().certificate});
    server.set_verify_mode(ssl::CERT_REQUIRED);
    // TLS 1.3: the client is connected before the server has judged it, and reads the alert later.
    TlsPair missing(client_context(), server);
    missing.connect();
    BOOST_TEST(missing.server.error() ==
               "SSLError(1, '[SSL: PEER_DID_NOT_RETURN_A_CERTIFICATE] peer did not return a "
               "certificate')");
    BOOST_TEST(missing.client.error() ==
               (version == ssl::TLSVersion::TLSv1_3
                    ? "SSLError(1, '[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert "
                      "certificate required')"
                    : "SSLError(1, '[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake "
                      "failure')"));

    const auto show = [](const asyncio_test::Identity& identity) {
        const auto context = client_context();
        const asyncio_test::MemoryFile chain(identity.chain());
        context.load_cert_chain(chain.name());
        return context;
    };
    TlsPair good(show(asyncio_test::make_certificate(
                     {.common_name = "Bob", .issuer = &test_authority(), .usage = "clientAuth"})),
                 server);
    BOOST_TEST(good.connect().wrapped());
    BOOST_TEST(good.server.engine.object().getpeercert()->subject.back().front().second == "Bob");
    BOOST_TEST(good.converse());

    TlsPair bad(show(asyncio_test::make_certificate({.common_name = "Eve"})), server);
    bad.connect();
    BOOST_TEST(asyncio::is_instance<ssl::SSLCertVerificationError>(bad.server.engine.error()));
    BOOST_TEST(bad.client.error() ==
               "SSLError(1, '[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca')");

    server.set_verify_mode(ssl::CERT_OPTIONAL);
    TlsPair optional(client_context(), server);
    BOOST_TEST(optional.connect().wrapped());
    BOOST_TEST(!optional.server.engine.object().getpeercert());
}

BOOST_AUTO_TEST_CASE(old_versions_are_refused) {
    const auto client = client_context();
    client.set_minimum_version(ssl::TLSVersion::TLSv1);
    client.set_maximum_version(ssl::TLSVersion::TLSv1_1);
    client.set_ciphers("ALL:@SECLEVEL=0");
    TlsPair pair(client, server_context());
    pair.connect();
    BOOST_TEST(pair.server.error() ==
               "SSLError(1, '[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol')");
    BOOST_TEST(pair.client.error() == "SSLError(1, '[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 "
                                      "alert protocol version')");
}

BOOST_AUTO_TEST_CASE(a_client_cannot_renegotiate) {
    TlsPair pair(client_context(), server_context(ssl::TLSVersion::TLSv1_2));
    pair.connect();
    SSL_clear_options(pair.client.native(), SSL_OP_NO_RENEGOTIATION);
    BOOST_REQUIRE(SSL_renegotiate(pair.client.native()) == 1);
    pair.client.engine.write("x");
    pair.carry();
    BOOST_TEST(pair.client.error() == "SSLError(1, '[SSL: NO_RENEGOTIATION] no renegotiation')");
    BOOST_TEST(pair.server.received == "");
}

BOOST_AUTO_TEST_SUITE_END()
