// Layer 4. SSLContext: its rules. See asyncio/ssl.hpp; what it loads is in tls_context_load.cpp.
#include "tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <cstdio>

namespace asyncio::ssl {

static_assert(OP_NO_SSLv3 == SSL_OP_NO_SSLv3 && OP_NO_TLSv1 == SSL_OP_NO_TLSv1 &&
              OP_NO_TLSv1_1 == SSL_OP_NO_TLSv1_1 && OP_NO_TLSv1_2 == SSL_OP_NO_TLSv1_2 &&
              OP_NO_TLSv1_3 == SSL_OP_NO_TLSv1_3 && OP_NO_COMPRESSION == SSL_OP_NO_COMPRESSION &&
              OP_NO_TICKET == SSL_OP_NO_TICKET &&
              OP_ALL == (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) &&
              OP_NO_RENEGOTIATION == SSL_OP_NO_RENEGOTIATION &&
              OP_CIPHER_SERVER_PREFERENCE == SSL_OP_CIPHER_SERVER_PREFERENCE &&
              OP_ENABLE_MIDDLEBOX_COMPAT == SSL_OP_ENABLE_MIDDLEBOX_COMPAT &&
              OP_IGNORE_UNEXPECTED_EOF == SSL_OP_IGNORE_UNEXPECTED_EOF);
static_assert(VERIFY_CRL_CHECK_CHAIN == (X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) &&
              VERIFY_CRL_CHECK_LEAF == X509_V_FLAG_CRL_CHECK &&
              VERIFY_X509_STRICT == X509_V_FLAG_X509_STRICT &&
              VERIFY_ALLOW_PROXY_CERTS == X509_V_FLAG_ALLOW_PROXY_CERTS &&
              VERIFY_X509_TRUSTED_FIRST == X509_V_FLAG_TRUSTED_FIRST &&
              VERIFY_X509_PARTIAL_CHAIN == X509_V_FLAG_PARTIAL_CHAIN);
static_assert(ALERT_DESCRIPTION_HANDSHAKE_FAILURE == SSL_AD_HANDSHAKE_FAILURE &&
              ALERT_DESCRIPTION_ACCESS_DENIED == SSL_AD_ACCESS_DENIED &&
              ALERT_DESCRIPTION_INTERNAL_ERROR == SSL_AD_INTERNAL_ERROR &&
              ALERT_DESCRIPTION_UNRECOGNIZED_NAME == SSL_AD_UNRECOGNIZED_NAME);

namespace {

// What OpenSSL calls "no limit" reads back as 0.
TLSVersion version_of(long number, TLSVersion unlimited) {
    return number == 0 ? unlimited : static_cast<TLSVersion>(number);
}

[[noreturn]] void unsupported(TLSVersion version) {
    char text[64];
    std::snprintf(text, sizeof text, "Unsupported TLS/SSL version 0x%x",
                  static_cast<unsigned>(version));
    throw ValueError(text);
}

int version_number(TLSVersion version) {
    switch (version) {
    case TLSVersion::MINIMUM_SUPPORTED:
    case TLSVersion::MAXIMUM_SUPPORTED:
    case TLSVersion::SSLv3:
    case TLSVersion::TLSv1:
    case TLSVersion::TLSv1_1:
    case TLSVersion::TLSv1_2:
    case TLSVersion::TLSv1_3: return static_cast<int>(version);
    }
    unsupported(version);
}

} // namespace

SSLContext::SSLContext(SSLMethod protocol)
    : impl_(std::make_shared<detail::TlsContext>(protocol)) {}

detail::TlsContext& SSLContext::impl() const {
    if (!impl_) throw RuntimeError("the SSLContext is None");
    return *impl_;
}

void* SSLContext::native_handle() const { return impl().native(); }

SSLMethod SSLContext::protocol() const { return impl().protocol_; }

bool SSLContext::check_hostname() const { return impl().check_hostname_; }

void SSLContext::set_check_hostname(bool check) const {
    if (check && verify_mode() == CERT_NONE) set_verify_mode(CERT_REQUIRED);
    impl().check_hostname_ = check;
}

VerifyMode SSLContext::verify_mode() const {
    switch (SSL_CTX_get_verify_mode(impl().native())) {
    case SSL_VERIFY_NONE: return CERT_NONE;
    case SSL_VERIFY_PEER: return CERT_OPTIONAL;
    default: return CERT_REQUIRED;
    }
}

void SSLContext::set_verify_mode(VerifyMode mode) const {
    int bits = SSL_VERIFY_NONE;
    switch (mode) {
    case CERT_NONE:
        if (check_hostname())
            throw ValueError("Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
        break;
    case CERT_OPTIONAL: bits = SSL_VERIFY_PEER; break;
    case CERT_REQUIRED: bits = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT; break;
    default: throw ValueError("invalid value for verify_mode");
    }
    SSL_CTX_set_verify(impl().native(), bits, nullptr);
}

VerifyFlags SSLContext::verify_flags() const {
    return X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(impl().native()));
}

void SSLContext::set_verify_flags(VerifyFlags flags) const {
    X509_VERIFY_PARAM* rules = SSL_CTX_get0_param(impl().native());
    const VerifyFlags old = X509_VERIFY_PARAM_get_flags(rules);
    X509_VERIFY_PARAM_clear_flags(rules, old & ~flags);
    X509_VERIFY_PARAM_set_flags(rules, flags & ~old);
}

TLSVersion SSLContext::minimum_version() const {
    return version_of(SSL_CTX_get_min_proto_version(impl().native()),
                      TLSVersion::MINIMUM_SUPPORTED);
}

TLSVersion SSLContext::maximum_version() const {
    return version_of(SSL_CTX_get_max_proto_version(impl().native()),
                      TLSVersion::MAXIMUM_SUPPORTED);
}

void SSLContext::set_minimum_version(TLSVersion version) const {
    int number = version_number(version);
    if (version == TLSVersion::MINIMUM_SUPPORTED) number = 0;
    if (version == TLSVersion::MAXIMUM_SUPPORTED) number = TLS1_3_VERSION;
    if (!SSL_CTX_set_min_proto_version(impl().native(), number)) unsupported(version);
}

void SSLContext::set_maximum_version(TLSVersion version) const {
    int number = version_number(version);
    if (version == TLSVersion::MINIMUM_SUPPORTED) number = TLS1_VERSION;
    if (version == TLSVersion::MAXIMUM_SUPPORTED) number = 0;
    if (!SSL_CTX_set_max_proto_version(impl().native(), number)) unsupported(version);
}

Options SSLContext::options() const { return SSL_CTX_get_options(impl().native()); }

void SSLContext::set_options(Options options) const {
    SSL_CTX* context = impl().native();
    const Options old = SSL_CTX_get_options(context);
    SSL_CTX_clear_options(context, old & ~options);
    SSL_CTX_set_options(context, options & ~old);
}

void SSLContext::set_ciphers(std::string_view ciphers) const {
    if (SSL_CTX_set_cipher_list(impl().native(), std::string(ciphers).c_str())) return;
    ERR_clear_error();
    throw SSLError("No cipher can be selected.");
}

int SSLContext::num_tickets() const {
    return static_cast<int>(SSL_CTX_get_num_tickets(impl().native()));
}

void SSLContext::set_num_tickets(int count) const {
    if (count < 0) throw ValueError("value must be non-negative");
    if (protocol() != PROTOCOL_TLS_SERVER) throw ValueError("SSLContext is not a server context.");
    SSL_CTX_set_num_tickets(impl().native(), static_cast<std::size_t>(count));
}

std::map<std::string, long> SSLContext::session_stats() const {
    SSL_CTX* context = impl().native();
    return {{"number", SSL_CTX_sess_number(context)},
            {"connect", SSL_CTX_sess_connect(context)},
            {"connect_good", SSL_CTX_sess_connect_good(context)},
            {"connect_renegotiate", SSL_CTX_sess_connect_renegotiate(context)},
            {"accept", SSL_CTX_sess_accept(context)},
            {"accept_good", SSL_CTX_sess_accept_good(context)},
            {"accept_renegotiate", SSL_CTX_sess_accept_renegotiate(context)},
            {"hits", SSL_CTX_sess_hits(context)},
            {"misses", SSL_CTX_sess_misses(context)},
            {"timeouts", SSL_CTX_sess_timeouts(context)},
            {"cache_full", SSL_CTX_sess_cache_full(context)}};
}

} // namespace asyncio::ssl
