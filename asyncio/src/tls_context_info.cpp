// Layer 4. SSLContext: what it allows and trusts, key exchange, and sessions. See asyncio/ssl.hpp.
#include "tls_context.hpp"
#include "tls_errors.hpp"
#include "tls_object.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace asyncio::ssl {
namespace {

struct Free {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(SSL* connection) const noexcept { SSL_free(connection); }
};

// Calls visit(X509*) for each authority that is trusted.
template <class Visit>
void for_each_authority(SSL_CTX* context, Visit visit) {
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    std::vector<X509*> found;
    X509_STORE_lock(store);
    const STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
        X509* certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
        if (certificate && X509_check_ca(certificate)) found.push_back(certificate);
    }
    X509_STORE_unlock(store);
    for (X509* certificate : found) visit(certificate);
}

std::optional<std::string> long_name(int number) {
    if (number == NID_undef) return {};
    return OBJ_nid2ln(number);
}

CipherInfo describe(const SSL_CIPHER* cipher) {
    CipherInfo info;
    char text[512] = {};
    SSL_CIPHER_description(cipher, text, sizeof text - 1);
    info.description = text;
    if (info.description.ends_with('\n')) info.description.pop_back();
    info.id = SSL_CIPHER_get_id(cipher);
    info.name = SSL_CIPHER_get_name(cipher);
    info.protocol = SSL_CIPHER_get_version(cipher);
    info.strength_bits = SSL_CIPHER_get_bits(cipher, &info.alg_bits);
    info.aead = SSL_CIPHER_is_aead(cipher) != 0;
    info.symmetric = long_name(SSL_CIPHER_get_cipher_nid(cipher));
    info.digest = long_name(SSL_CIPHER_get_digest_nid(cipher));
    info.kea = long_name(SSL_CIPHER_get_kx_nid(cipher));
    info.auth = long_name(SSL_CIPHER_get_auth_nid(cipher));
    return info;
}

SSL_SESSION* native(const std::shared_ptr<void>& session) {
    if (!session) throw RuntimeError("the SSLSession is None");
    return static_cast<SSL_SESSION*>(session.get());
}

} // namespace

std::vector<Certificate> SSLContext::get_ca_certs() const {
    std::vector<Certificate> all;
    for_each_authority(impl().native(), [&](X509* certificate) {
        all.push_back(detail::decode_certificate(certificate));
    });
    return all;
}

std::vector<std::string> SSLContext::get_ca_certs(BinaryForm) const {
    std::vector<std::string> all;
    for_each_authority(impl().native(), [&](X509* certificate) {
        all.push_back(detail::encode_certificate(certificate));
    });
    return all;
}

std::vector<CipherInfo> SSLContext::get_ciphers() const {
    const std::unique_ptr<SSL, Free> connection(SSL_new(impl().native()));
    if (!connection) detail::throw_tls_error();
    const STACK_OF(SSL_CIPHER)* ciphers = SSL_get_ciphers(connection.get());
    std::vector<CipherInfo> all;
    for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i)
        all.push_back(describe(sk_SSL_CIPHER_value(ciphers, i)));
    return all;
}

void SSLContext::set_ecdh_curve(std::string_view curve_name) const {
    int curve = OBJ_sn2nid(std::string(curve_name).c_str());
    if (curve == NID_undef)
        throw ValueError("unknown elliptic curve name " + detail::repr_string(curve_name));
    ERR_clear_error();
    if (!SSL_CTX_set1_groups(impl().native(), &curve, 1)) detail::throw_tls_error();
}

void SSLContext::load_dh_params(std::string_view path) const {
    ERR_clear_error();
    const std::unique_ptr<BIO, Free> file(BIO_new_file(std::string(path).c_str(), "r"));
    if (!file) detail::throw_tls_error();
    std::unique_ptr<EVP_PKEY, Free> parameters(PEM_read_bio_Parameters(file.get(), nullptr));
    if (!parameters) detail::throw_tls_error();
    if (!SSL_CTX_set0_tmp_dh_pkey(impl().native(), parameters.get())) detail::throw_tls_error();
    std::ignore = parameters.release(); // the context's now
}

bool SSLContext::post_handshake_auth() const { return impl().post_handshake_auth_; }

void SSLContext::set_post_handshake_auth(bool allow) const {
    SSL_CTX_set_post_handshake_auth(impl().native(), allow);
    impl().post_handshake_auth_ = allow;
}

int SSLContext::security_level() const { return SSL_CTX_get_security_level(impl().native()); }

// A copy, as Python's: OpenSSL goes on changing its own.
SSLSession SSLObject::session() const {
    const SSL_SESSION* current = SSL_get0_session(static_cast<SSL*>(native_handle()));
    if (!current) return {};
    SSL_SESSION* copy = SSL_SESSION_dup(current);
    if (!copy) detail::throw_tls_error();
    return SSLSession(std::shared_ptr<void>(
        copy, [](void* session) { SSL_SESSION_free(static_cast<SSL_SESSION*>(session)); }));
}

std::string SSLSession::id() const {
    unsigned size = 0;
    const unsigned char* bytes = SSL_SESSION_get_id(native(session_), &size);
    return {reinterpret_cast<const char*>(bytes), size};
}

long SSLSession::time() const { return static_cast<long>(SSL_SESSION_get_time(native(session_))); }

long SSLSession::timeout() const {
    return static_cast<long>(SSL_SESSION_get_timeout(native(session_)));
}

bool SSLSession::has_ticket() const { return SSL_SESSION_has_ticket(native(session_)) != 0; }

unsigned long SSLSession::ticket_lifetime_hint() const {
    return SSL_SESSION_get_ticket_lifetime_hint(native(session_));
}

void* SSLSession::native_handle() const { return native(session_); }

} // namespace asyncio::ssl
