// Layer 4. A new context is a secure one. See tls_context.hpp.
#include "tls_context.hpp"

#include "tls_errors.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace asyncio::detail {
namespace {

// Python's own default: forward secrecy and authenticated encryption first, nothing weak.
constexpr const char* default_ciphers =
    "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

// Servers resume only what this library began.
constexpr unsigned char id_context[] = "asyncio";

void harden(SSL_CTX* context) {
    SSL_CTX_set_options(context, ssl::OP_ALL | ssl::OP_NO_SSLv3 | ssl::OP_NO_COMPRESSION |
                                     ssl::OP_NO_RENEGOTIATION | ssl::OP_CIPHER_SERVER_PREFERENCE |
                                     ssl::OP_ENABLE_MIDDLEBOX_COMPAT);
    // The system's configuration may set them. The first makes a truncated connection look like a
    // closed one, the second lets servers in whose renegotiation is insecure.
    SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_LEGACY_SERVER_CONNECT);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // An idle connection keeps no record buffers.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY |
                                  SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_id_context(context, id_context, sizeof id_context - 1);
    X509_VERIFY_PARAM* rules = SSL_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_TRUSTED_FIRST);
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
                                               X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
}

const SSL_METHOD* method(ssl::SSLMethod protocol) {
    switch (protocol) {
    case ssl::PROTOCOL_TLS: return TLS_method();
    case ssl::PROTOCOL_TLS_CLIENT: return TLS_client_method();
    case ssl::PROTOCOL_TLS_SERVER: return TLS_server_method();
    }
    throw ValueError("invalid or unsupported protocol version");
}

} // namespace

TlsContext::TlsContext(ssl::SSLMethod protocol)
    : protocol_(protocol), context_(SSL_CTX_new(method(protocol))) {
    if (!context_) throw_tls_error();
    harden(context_);
    if (!SSL_CTX_set_cipher_list(context_, default_ciphers)) {
        SSL_CTX_free(context_);
        throw_tls_error();
    }
    check_hostname_ = protocol == ssl::PROTOCOL_TLS_CLIENT;
    if (check_hostname_)
        SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_app_data(context_, this);
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

} // namespace asyncio::detail
