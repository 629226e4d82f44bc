// Layer 4. SSLObject. See asyncio/detail/ssl_object.hpp and tls_object.hpp.
#include "tls_object.hpp"

#include "tls_context.hpp"
#include "tls_errors.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace asyncio::detail {
namespace {

struct Free {
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(ASN1_OCTET_STRING* text) const noexcept { ASN1_OCTET_STRING_free(text); }
};

SSL* open(const TlsContext& context, bool server_side) {
    if (server_side && context.protocol_ == ssl::PROTOCOL_TLS_CLIENT)
        throw ssl::SSLError(0, "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context");
    if (!server_side && context.protocol_ == ssl::PROTOCOL_TLS_SERVER)
        throw ssl::SSLError(0, "Cannot create a client socket with a PROTOCOL_TLS_SERVER context");
    SSL* connection = SSL_new(context.native());
    if (!connection) throw_tls_error();
    return connection;
}

void check_name(std::string_view name) {
    if (name.front() == '.')
        throw ValueError("server_hostname cannot be an empty string or start with a leading dot.");
    for (const char c : name) {
        if (c == '\0') throw TypeError("server_hostname must be a string without null bytes");
        if (static_cast<unsigned char>(c) >= 0x80)
            throw ValueError("server_hostname must be ASCII; encode international names as "
                             "\"xn--...\"");
    }
}

} // namespace

TlsObject::TlsObject(const ssl::SSLContext& rules, bool is_server,
                     std::optional<std::string_view> hostname)
    : first_context(rules), context(rules), server_side(is_server) {
    const bool check = !is_server && rules.check_hostname();
    if (check && !hostname) throw ValueError("check_hostname requires server_hostname");
    const bool named = !is_server && hostname && !hostname->empty();
    if (named) check_name(*hostname);
    ssl = open(rules.impl(), is_server);
    SSL_set_app_data(ssl, this);
    if (is_server)
        SSL_set_accept_state(ssl);
    else
        SSL_set_connect_state(ssl);
    if (named) expect(*hostname, check);
}

TlsObject::~TlsObject() { SSL_free(ssl); }

TlsObject& TlsObject::of(const SSL* connection) noexcept {
    return *static_cast<TlsObject*>(SSL_get_app_data(connection));
}

// SNI is for names only; both kinds are checked by OpenSSL itself, which then knows the reason.
void TlsObject::expect(std::string_view hostname, bool check) {
    server_hostname = hostname;
    const char* name = server_hostname.c_str();
    const std::unique_ptr<ASN1_OCTET_STRING, Free> address(a2i_IPADDRESS(name));
    X509_VERIFY_PARAM* rules = SSL_get0_param(ssl);
    bool done = address || SSL_set_tlsext_host_name(ssl, name);
    if (done && check && address)
        done =
            X509_VERIFY_PARAM_set1_ip(rules, ASN1_STRING_get0_data(address.get()),
                                      static_cast<std::size_t>(ASN1_STRING_length(address.get())));
    else if (done && check)
        done = X509_VERIFY_PARAM_set1_host(rules, name, server_hostname.size());
    if (done) return;
    SSL_free(std::exchange(ssl, nullptr)); // the destructor does not run after a throw
    throw_tls_error();
}

} // namespace asyncio::detail

namespace asyncio::ssl {
namespace {

std::unique_ptr<X509, detail::Free> peer_certificate(const SSL* connection) {
    if (!SSL_is_init_finished(connection)) throw ValueError("handshake not done yet");
    return std::unique_ptr<X509, detail::Free>(SSL_get1_peer_certificate(connection));
}

} // namespace

detail::TlsObject& SSLObject::impl() const {
    if (!impl_) throw RuntimeError("the SSLObject is None");
    return *impl_;
}

std::optional<Certificate> SSLObject::getpeercert() const {
    const auto certificate = peer_certificate(impl().ssl);
    if (!certificate) return {};
    if (!(SSL_get_verify_mode(impl().ssl) & SSL_VERIFY_PEER)) return Certificate();
    return detail::decode_certificate(certificate.get());
}

std::optional<std::string> SSLObject::getpeercert(BinaryForm) const {
    const auto certificate = peer_certificate(impl().ssl);
    if (!certificate) return {};
    return detail::encode_certificate(certificate.get());
}

std::optional<Cipher> SSLObject::cipher() const {
    const SSL_CIPHER* cipher = SSL_get_current_cipher(impl().ssl);
    if (!cipher) return {};
    return Cipher(SSL_CIPHER_get_name(cipher), SSL_CIPHER_get_version(cipher),
                  SSL_CIPHER_get_bits(cipher, nullptr));
}

std::optional<std::string> SSLObject::version() const {
    if (!SSL_is_init_finished(impl().ssl)) return {};
    return SSL_get_version(impl().ssl);
}

std::optional<std::string> SSLObject::selected_alpn_protocol() const {
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(impl().ssl, &name, &size);
    if (!name) return {};
    return std::string(reinterpret_cast<const char*>(name), size);
}

bool SSLObject::session_reused() const { return SSL_session_reused(impl().ssl) != 0; }

std::optional<std::string> SSLObject::server_hostname() const {
    if (impl().server_hostname.empty()) return {};
    return impl().server_hostname;
}

bool SSLObject::server_side() const { return impl().server_side; }

SSLContext SSLObject::context() const { return impl().context; }

void SSLObject::set_context(const SSLContext& context) const {
    if (!SSL_set_SSL_CTX(impl().ssl, context.impl().native())) detail::throw_tls_error();
    impl().context = context;
}

std::optional<std::string> SSLObject::get_channel_binding(std::string_view kind) const {
    if (kind != "tls-unique")
        throw ValueError(detail::repr_string(kind) + " channel binding type not implemented");
    // The first Finished message: the client's, but the server's when a session is resumed.
    const bool own = session_reused() == impl().server_side;
    char data[64]; // no digest of TLS is longer
    const std::size_t size = own ? SSL_get_finished(impl().ssl, data, sizeof data)
                                 : SSL_get_peer_finished(impl().ssl, data, sizeof data);
    if (size == 0) return {};
    return std::string(data, size);
}

void* SSLObject::native_handle() const { return impl().ssl; }

} // namespace asyncio::ssl
