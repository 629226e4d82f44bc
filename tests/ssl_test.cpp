// TLS contexts, what is known of a connection, and errors.
// own loop only
#include <asyncio/ssl.hpp>

#include "support/certificates.hpp"
#include "support/tls_pair.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using asyncio_test::client_context;
using asyncio_test::error_of;
using asyncio_test::localhost_identity;
using asyncio_test::make_certificate;
using asyncio_test::MemoryFile;
using asyncio_test::server_context;
using asyncio_test::test_authority;
using asyncio_test::TlsPair;

static_assert(std::is_trivially_destructible_v<asyncio::ssl::VerifyLocations>);

BOOST_AUTO_TEST_SUITE(ssl)

using namespace asyncio::ssl;

BOOST_AUTO_TEST_CASE(a_client_context_verifies) {
    const SSLContext client(PROTOCOL_TLS_CLIENT);
    BOOST_TEST((client.protocol() == PROTOCOL_TLS_CLIENT));
    BOOST_TEST((client.verify_mode() == CERT_REQUIRED));
    BOOST_TEST(client.check_hostname());
    for (const SSLMethod method : {PROTOCOL_TLS_SERVER, PROTOCOL_TLS}) {
        const SSLContext other(method);
        BOOST_TEST((other.verify_mode() == CERT_NONE));
        BOOST_TEST(!other.check_hostname());
    }
    BOOST_TEST(error_of([] { SSLContext context(SSLMethod{99}); }) ==
               "ValueError('invalid or unsupported protocol version')");
}

BOOST_AUTO_TEST_CASE(every_context_has_pythons_defaults) {
    for (const SSLMethod method : {PROTOCOL_TLS_CLIENT, PROTOCOL_TLS_SERVER, PROTOCOL_TLS}) {
        const SSLContext context(method);
        BOOST_TEST((context.minimum_version() == TLSVersion::TLSv1_2));
        BOOST_TEST((context.maximum_version() == TLSVersion::MAXIMUM_SUPPORTED));
        // 3.13's number, and no renegotiation.
        BOOST_TEST(context.options() == (0x82520050 | OP_NO_RENEGOTIATION));
        BOOST_TEST(context.verify_flags() == VERIFY_X509_TRUSTED_FIRST);
        BOOST_TEST(context.num_tickets() == 2);
    }
}

BOOST_AUTO_TEST_CASE(create_default_context_is_strict) {
    const auto client = create_default_context();
    BOOST_TEST((client.protocol() == PROTOCOL_TLS_CLIENT));
    BOOST_TEST((client.verify_mode() == CERT_REQUIRED));
    BOOST_TEST(client.check_hostname());
    BOOST_TEST(client.verify_flags() ==
               (VERIFY_X509_TRUSTED_FIRST | VERIFY_X509_PARTIAL_CHAIN | VERIFY_X509_STRICT));
    const auto server = create_default_context(Purpose::CLIENT_AUTH);
    BOOST_TEST((server.protocol() == PROTOCOL_TLS_SERVER));
    BOOST_TEST((server.verify_mode() == CERT_NONE));
    BOOST_TEST(server.verify_flags() == client.verify_flags());

    const auto own = create_default_context({.cadata = test_authority().certificate});
    BOOST_TEST(own.cert_store_stats().at("x509_ca") == 1);
    BOOST_TEST(error_of([] { create_default_context({.cafile = "/nonexistent"}); }) ==
               "FileNotFoundError(2, 'No such file or directory')");
}

// VERIFY_X509_PARTIAL_CHAIN, which a plain context does not set.
BOOST_AUTO_TEST_CASE(a_default_context_trusts_the_first_known_certificate) {
    const auto middle =
        make_certificate({.common_name = "Middle", .issuer = &test_authority(), .authority = true});
    const auto leaf = make_certificate({.names = {"DNS:localhost"}, .issuer = &middle});
    TlsPair partial(client_context(middle), server_context(leaf));
    BOOST_TEST(partial.connect().wrapped());
    SSLContext whole(PROTOCOL_TLS_CLIENT);
    whole.load_verify_locations({.cadata = middle.certificate});
    TlsPair refused(whole, server_context(leaf));
    BOOST_TEST(!refused.connect().wrapped());
}

BOOST_AUTO_TEST_CASE(host_names_are_checked_with_certificates_only) {
    const SSLContext context(PROTOCOL_TLS_CLIENT);
    BOOST_TEST(error_of([&] { context.set_verify_mode(CERT_NONE); }) ==
               "ValueError('Cannot set verify_mode to CERT_NONE when check_hostname is enabled.')");
    context.set_check_hostname(false);
    context.set_verify_mode(CERT_NONE);
    BOOST_TEST((context.verify_mode() == CERT_NONE));
    context.set_check_hostname(true);
    BOOST_TEST((context.verify_mode() == CERT_REQUIRED));
    context.set_verify_mode(CERT_OPTIONAL);
    BOOST_TEST((context.verify_mode() == CERT_OPTIONAL));
    BOOST_TEST(error_of([&] { context.set_verify_mode(VerifyMode{7}); }) ==
               "ValueError('invalid value for verify_mode')");
}

BOOST_AUTO_TEST_CASE(versions_are_limited) {
    const SSLContext context(PROTOCOL_TLS);
    context.set_minimum_version(TLSVersion::MINIMUM_SUPPORTED);
    BOOST_TEST((context.minimum_version() == TLSVersion::MINIMUM_SUPPORTED));
    context.set_minimum_version(TLSVersion::MAXIMUM_SUPPORTED);
    BOOST_TEST((context.minimum_version() == TLSVersion::TLSv1_3));
    context.set_maximum_version(TLSVersion::MINIMUM_SUPPORTED);
    BOOST_TEST((context.maximum_version() == TLSVersion::TLSv1));
    context.set_maximum_version(TLSVersion::TLSv1_2);
    BOOST_TEST((context.maximum_version() == TLSVersion::TLSv1_2));
    BOOST_TEST(error_of([&] { context.set_minimum_version(TLSVersion{5}); }) ==
               "ValueError('Unsupported TLS/SSL version 0x5')");
}

BOOST_AUTO_TEST_CASE(flags_are_set_and_cleared) {
    const SSLContext context(PROTOCOL_TLS_SERVER);
    const Options before = context.options();
    context.set_options(before | OP_NO_TICKET);
    BOOST_TEST(context.options() == (before | OP_NO_TICKET));
    context.set_options(before);
    BOOST_TEST(context.options() == before);
    context.set_verify_flags(VERIFY_CRL_CHECK_LEAF);
    BOOST_TEST(context.verify_flags() == VERIFY_CRL_CHECK_LEAF);
    context.set_num_tickets(0);
    BOOST_TEST(context.num_tickets() == 0);
    BOOST_TEST(error_of([&] { context.set_num_tickets(-1); }) ==
               "ValueError('value must be non-negative')");
    BOOST_TEST(error_of([] { SSLContext(PROTOCOL_TLS_CLIENT).set_num_tickets(1); }) ==
               "ValueError('SSLContext is not a server context.')");
}

BOOST_AUTO_TEST_CASE(ciphers_are_chosen) {
    const auto client = client_context();
    client.set_maximum_version(TLSVersion::TLSv1_2);
    client.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256");
    TlsPair pair(client, server_context());
    pair.connect();
    BOOST_TEST((pair.server.engine.object().cipher().value() ==
                Cipher("ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2", 128)));
    BOOST_TEST(error_of([&] { client.set_ciphers("nonsense"); }) ==
               "SSLError('No cipher can be selected.')");
}

BOOST_AUTO_TEST_CASE(certificate_chains_are_loaded_from_files) {
    const auto& identity = localhost_identity();
    const SSLContext context(PROTOCOL_TLS_SERVER);
    const MemoryFile certificate(identity.certificate);
    const MemoryFile key(identity.key);
    const MemoryFile other(make_certificate({}).key);
    const MemoryFile secret(asyncio_test::encrypted_key(identity, "open sesame"));
    const MemoryFile empty;
    const auto load = [&](auto... arguments) {
        return error_of([&] { context.load_cert_chain(arguments...); });
    };
    BOOST_TEST(load(certificate.name(), key.name()) == "no error");
    BOOST_TEST(load(certificate.name(), secret.name(), "open sesame") == "no error");
    BOOST_TEST(load("/nonexistent") == "FileNotFoundError(2, 'No such file or directory')");
    BOOST_TEST(load(certificate.name(), "/nonexistent") ==
               "FileNotFoundError(2, 'No such file or directory')");
    BOOST_TEST(load(certificate.name()) == "SSLError(524297, '[SSL] PEM lib')");
    BOOST_TEST(load(empty.name()) == "SSLError(524297, '[SSL] PEM lib')");
    BOOST_TEST(load(certificate.name(), other.name()) ==
               "SSLError(116, '[X509: KEY_VALUES_MISMATCH] key values mismatch')");
    BOOST_TEST(load(certificate.name(), secret.name(), "wrong") ==
               "SSLError(524297, '[SSL] PEM lib')");
    BOOST_TEST(load(certificate.name(), secret.name()).starts_with("SSLError("));
    BOOST_TEST(load(certificate.name(), key.name(), std::string(1025, 'x')) ==
               "ValueError('password cannot be longer than 1024 bytes')");
}

BOOST_AUTO_TEST_CASE(authorities_are_loaded_from_files_and_memory) {
    const std::string& pem = test_authority().certificate;
    const std::string der = asyncio_test::der_of(pem);
    const std::string other = make_certificate({.authority = true}).certificate;
    const auto count = [](VerifyLocations locations) {
        const SSLContext context(PROTOCOL_TLS_CLIENT);
        context.load_verify_locations(locations);
        return context.cert_store_stats().at("x509");
    };
    const MemoryFile file(pem + other);
    BOOST_TEST(count({.cafile = file.name()}) == 2);
    BOOST_TEST(count({.cadata = pem + other + pem}) == 2);
    BOOST_TEST(count({.cadata = "a comment\n" + pem + "and another\n"}) == 1);
    BOOST_TEST(count({.cadata = der + asyncio_test::der_of(other)}) == 2);
    BOOST_TEST(count({.capath = "/tmp"}) == 0);

    const SSLContext context(PROTOCOL_TLS_CLIENT);
    const auto load = [&](VerifyLocations locations) {
        return error_of([&] { context.load_verify_locations(locations); });
    };
    const MemoryFile empty;
    BOOST_TEST(load({}) == "TypeError('cafile, capath and cadata cannot be all omitted')");
    BOOST_TEST(load({.cafile = "/nonexistent"}) ==
               "FileNotFoundError(2, 'No such file or directory')");
    BOOST_TEST(load({.cafile = empty.name()}) ==
               "SSLError(136, '[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found')");
    BOOST_TEST(load({.cadata = ""}) == "ValueError('Empty certificate data')");
    BOOST_TEST(load({.cadata = "abc"}) ==
               "SSLError(0, 'no start line: cadata does not contain a certificate')");
    BOOST_TEST(load({.cadata = der.substr(0, 100)}) ==
               "SSLError(0, 'not enough data: cadata does not contain a certificate')");
    BOOST_TEST(load({.cadata = pem + "-----BEGIN CERTIFICATE-----\nxyz"}).starts_with("SSLError("));
    BOOST_TEST(load({.cadata = der + der.substr(0, 50)}).starts_with("SSLError("));
}

BOOST_AUTO_TEST_CASE(the_environment_names_default_authorities) {
    const MemoryFile file(test_authority().certificate);
    ::setenv("SSL_CERT_FILE", file.name().c_str(), 1);
    const auto context = create_default_context();
    ::unsetenv("SSL_CERT_FILE");
    BOOST_TEST(context.cert_store_stats().at("x509_ca") == 1);
    TlsPair pair(context, server_context());
    BOOST_TEST(pair.connect().wrapped());
}

BOOST_AUTO_TEST_CASE(getpeercert_tells_what_python_tells) {
    const auto identity = make_certificate(
        {.common_name = "M\xC3\xBCller",
         .names = {"DNS:localhost", "IP:127.0.0.1", "IP:::1", "email:a@b.c", "URI:http://x/y",
                   "RID:1.2.3.4"},
         .issuer = &test_authority(),
         .extensions = {{"authorityInfoAccess", "OCSP;URI:http://ocsp.x/,caIssuers;URI:http://ca/"},
                        {"crlDistributionPoints", "URI:http://crl.x/"}}});
    TlsPair pair(client_context(), server_context(identity));
    const auto& object = pair.client.engine.object();
    BOOST_TEST(error_of([&] { object.getpeercert(); }) == "ValueError('handshake not done yet')");
    BOOST_TEST(error_of([&] { object.getpeercert(binary_form); }) ==
               "ValueError('handshake not done yet')");
    pair.connect();
    const auto certificate = object.getpeercert();
    BOOST_REQUIRE(certificate);
    BOOST_TEST(!certificate->empty());
    const DistinguishedName subject{{{"countryName", "DE"}}, {{"commonName", "M\xC3\xBCller"}}};
    const DistinguishedName issuer{{{"countryName", "DE"}}, {{"commonName", "Test Authority"}}};
    BOOST_TEST((certificate->subject == subject));
    BOOST_TEST((certificate->issuer == issuer));
    const std::vector<std::pair<std::string, std::string>> names{
        {"DNS", "localhost"}, {"IP Address", "127.0.0.1"}, {"IP Address", "0:0:0:0:0:0:0:1"},
        {"email", "a@b.c"},   {"URI", "http://x/y"},       {"Registered ID", "1.2.3.4"}};
    BOOST_TEST((certificate->subjectAltName == names));
    BOOST_TEST(certificate->version == 3);
    BOOST_TEST(certificate->serialNumber.size() == 4u);
    BOOST_TEST(certificate->serialNumber.starts_with("10"));
    BOOST_TEST(certificate->notBefore.ends_with(" GMT"));
    BOOST_TEST(certificate->notAfter.size() == std::string("Dec  1 15:23:11 2026 GMT").size());
    BOOST_TEST(certificate->OCSP == std::vector<std::string>{"http://ocsp.x/"},
               boost::test_tools::per_element());
    BOOST_TEST(certificate->caIssuers == std::vector<std::string>{"http://ca/"},
               boost::test_tools::per_element());
    BOOST_TEST(certificate->crlDistributionPoints == std::vector<std::string>{"http://crl.x/"},
               boost::test_tools::per_element());
    BOOST_TEST((object.getpeercert(binary_form) == asyncio_test::der_of(identity.certificate)));
    // The client showed none.
    BOOST_TEST(!pair.server.engine.object().getpeercert());
    BOOST_TEST(!pair.server.engine.object().getpeercert(binary_form));
}

BOOST_AUTO_TEST_CASE(an_unverified_certificate_hides_its_contents) {
    const SSLContext client(PROTOCOL_TLS_CLIENT);
    client.set_check_hostname(false);
    client.set_verify_mode(CERT_NONE);
    TlsPair pair(client, server_context());
    pair.connect();
    const auto object = pair.client.engine.object();
    BOOST_TEST(object.getpeercert().value().empty());
    BOOST_TEST((object.getpeercert(binary_form) ==
                asyncio_test::der_of(localhost_identity().certificate)));
}

BOOST_AUTO_TEST_CASE(a_connection_knows_what_was_agreed_on) {
    const auto client = client_context();
    TlsPair pair(client, server_context());
    const auto own = pair.client.engine.object();
    const auto other = pair.server.engine.object();
    BOOST_TEST(!own.version());
    BOOST_TEST(!own.cipher());
    BOOST_TEST(!own.selected_alpn_protocol());
    BOOST_TEST(!own.get_channel_binding());
    pair.connect();
    BOOST_TEST(own.version().value() == "TLSv1.3");
    BOOST_TEST((own.cipher().value() == Cipher("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)));
    BOOST_TEST(!own.compression());
    BOOST_TEST(!own.session_reused());
    BOOST_TEST(own.server_hostname().value() == "localhost");
    BOOST_TEST(!other.server_hostname());
    BOOST_TEST(!own.server_side());
    BOOST_TEST(other.server_side());
    BOOST_TEST((own.context() == client));
    BOOST_TEST(own.get_channel_binding().value().size() >= 12u);
    BOOST_TEST((own.get_channel_binding() == other.get_channel_binding()));
    BOOST_TEST(error_of([&] { own.get_channel_binding("x"); }) ==
               "ValueError(\"'x' channel binding type not implemented\")");
    BOOST_TEST(client.session_stats().at("connect_good") == 1);
}

BOOST_AUTO_TEST_CASE(the_server_chooses_the_protocol) {
    const auto agreed = [](std::vector<std::string> client, std::vector<std::string> server) {
        const auto ours = client_context();
        const auto theirs = server_context();
        if (!client.empty()) ours.set_alpn_protocols(client);
        if (!server.empty()) theirs.set_alpn_protocols(server);
        TlsPair pair(ours, theirs);
        BOOST_TEST(pair.connect().wrapped());
        const auto result = pair.client.engine.object().selected_alpn_protocol();
        BOOST_TEST((result == pair.server.engine.object().selected_alpn_protocol()));
        return result.value_or("none");
    };
    BOOST_TEST(agreed({"http/1.1", "h2"}, {"h2", "http/1.1"}) == "h2");
    BOOST_TEST(agreed({"http/1.1"}, {"h2", "http/1.1"}) == "http/1.1");
    BOOST_TEST(agreed({"h2"}, {"http/1.1"}) == "none");
    BOOST_TEST(agreed({"h2"}, {}) == "none");
    BOOST_TEST(agreed({}, {"h2"}) == "none");

    const SSLContext context(PROTOCOL_TLS);
    const std::string refusal = "SSLError('ALPN protocols must be 1 to 255 in length')";
    BOOST_TEST(error_of([&] { context.set_alpn_protocols({""}); }) == refusal);
    BOOST_TEST(error_of([&] { context.set_alpn_protocols({std::string(256, 'x')}); }) == refusal);
    context.set_alpn_protocols({std::string(255, 'x')});
}

BOOST_AUTO_TEST_CASE(a_server_answers_by_name) {
    const auto special =
        server_context(make_certificate({.names = {"DNS:special"}, .issuer = &test_authority()}));
    const auto server = server_context();
    std::vector<std::string> asked;
    server.set_sni_callback([&](const SSLObject& object, const std::optional<std::string>& name,
                                const SSLContext& context) -> std::optional<int> {
        asked.push_back(name.value_or("nobody"));
        BOOST_TEST((context == server));
        BOOST_TEST((object.context() == server));
        if (name == "special") object.set_context(special);
        if (name == "unknown") return ALERT_DESCRIPTION_UNRECOGNIZED_NAME;
        if (name == "broken") throw std::runtime_error("no such table");
        return {};
    });
    TlsPair found(client_context(), server, "special");
    BOOST_TEST(found.connect().wrapped());
    BOOST_TEST((found.server.engine.object().context() == special));
    BOOST_TEST(TlsPair(client_context(), server).connect().wrapped());
    BOOST_TEST(TlsPair(client_context(), server, "127.0.0.1").connect().wrapped());

    TlsPair unknown(client_context(), server, "unknown");
    unknown.connect();
    BOOST_TEST(unknown.client.error() ==
               "SSLError(1, '[SSL: TLSV1_UNRECOGNIZED_NAME] tlsv1 unrecognized name')");
    TlsPair broken(client_context(), server, "broken");
    broken.connect();
    BOOST_TEST(broken.client.error() == "SSLError(1, '[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 "
                                        "alert handshake failure')");
    BOOST_TEST(asyncio::repr(asyncio::cause_of(broken.server.engine.error())) ==
               "runtime_error('no such table')");
    const std::vector<std::string> expected{"special", "localhost", "nobody", "unknown", "broken"};
    BOOST_TEST(asked == expected, boost::test_tools::per_element());

    server.set_sni_callback(nullptr);
    BOOST_TEST(!TlsPair(client_context(), server, "special").connect().wrapped());
    BOOST_TEST(error_of([] { client_context().set_sni_callback(nullptr); }) ==
               "ValueError('sni_callback cannot be set on TLS_CLIENT context')");
}

BOOST_AUTO_TEST_CASE(keys_are_logged_on_demand) {
    const MemoryFile file;
    const auto client = client_context();
    BOOST_TEST(!client.keylog_filename());
    client.set_keylog_filename(file.name());
    BOOST_TEST(client.keylog_filename().value() == file.name());
    TlsPair(client, server_context()).connect();
    BOOST_TEST(file.contents().starts_with("# TLS secrets log file"));
    BOOST_TEST(file.contents().find("\nCLIENT_TRAFFIC_SECRET_0 ") != std::string::npos);
    client.set_keylog_filename({});
    const std::string before = file.contents();
    TlsPair(client, server_context()).connect();
    BOOST_TEST(file.contents() == before);
    BOOST_TEST(error_of([&] { client.set_keylog_filename("/nonexistent/x"); }) ==
               "FileNotFoundError(2, 'No such file or directory')");

    ::setenv("SSLKEYLOGFILE", file.name().c_str(), 1);
    const auto by_environment = create_default_context();
    ::unsetenv("SSLKEYLOGFILE");
    BOOST_TEST(by_environment.keylog_filename().value() == file.name());
}

BOOST_AUTO_TEST_CASE(handles_are_references) {
    const SSLContext none;
    BOOST_TEST(!none);
    BOOST_TEST(error_of([&] { none.check_hostname(); }) ==
               "RuntimeError('the SSLContext is None')");
    BOOST_TEST(error_of([] { SSLObject().version(); }) == "RuntimeError('the SSLObject is None')");
    const SSLContext context(PROTOCOL_TLS_CLIENT);
    const SSLContext copy = context;
    copy.set_check_hostname(false);
    BOOST_TEST(!context.check_hostname());
    BOOST_TEST((copy == context));
    BOOST_TEST((copy != SSLContext(PROTOCOL_TLS_CLIENT)));
    BOOST_TEST((std::hash<SSLContext>()(copy) == std::hash<SSLContext>()(context)));
    BOOST_TEST(context.native_handle() != nullptr);
}

BOOST_AUTO_TEST_CASE(errors_are_os_errors_with_reasons) {
    const SSLError plain("text");
    BOOST_TEST(plain.str() == "text");
    BOOST_TEST(asyncio::repr(plain) == "SSLError('text')");
    BOOST_TEST(!plain.reason());
    const SSLError error(1, "[SSL: BAD_VALUE] bad value", "SSL", "BAD_VALUE");
    BOOST_TEST(error.str() == "[SSL: BAD_VALUE] bad value");
    BOOST_TEST(error.what() == std::string("[SSL: BAD_VALUE] bad value"));
    BOOST_TEST(asyncio::repr(error) == "SSLError(1, '[SSL: BAD_VALUE] bad value')");
    BOOST_TEST(error.err() == 1);
    BOOST_TEST(error.library().value() == "SSL");
    BOOST_TEST(error.reason().value() == "BAD_VALUE");
    // 1 is not EPERM here.
    BOOST_TEST(error.code().category().name() == std::string("ssl"));
    BOOST_TEST((error.code() != std::errc::operation_not_permitted));
    const auto caught = [](const auto& thrown) {
        try {
            throw thrown;
        } catch (const std::exception& found) {
            return asyncio::type_name(found);
        }
    };
    BOOST_TEST(caught(SSLCertVerificationError("x")) == "SSLCertVerificationError");
    BOOST_TEST(caught(SSLEOFError("x")) == "SSLEOFError");
    const auto stored = std::make_exception_ptr(
        CertificateError(1, "t", "SSL", "CERTIFICATE_VERIFY_FAILED", 18, "self-signed"));
    const bool kinds = asyncio::is_instance<SSLError>(stored) &&
                       asyncio::is_instance<asyncio::OSError>(stored) &&
                       asyncio::is_instance<asyncio::Exception>(stored);
    BOOST_TEST(kinds);
}

BOOST_AUTO_TEST_SUITE_END()
