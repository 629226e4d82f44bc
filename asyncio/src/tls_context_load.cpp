// Layer 4. SSLContext: certificates and keys from files and memory. See asyncio/ssl.hpp.
#include "tls_context.hpp"
#include "tls_errors.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>

namespace asyncio::ssl {
namespace {

struct Free {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
};

// OpenSSL's question for a password. Without an answer it would ask on the terminal.
int give_password(char* out, int size, int, void* password) {
    const auto* given = static_cast<const std::optional<std::string_view>*>(password);
    if (!given || !*given) return -1;
    const auto count = std::min(static_cast<std::size_t>(size), (*given)->size());
    std::memcpy(out, (*given)->data(), count);
    return static_cast<int>(count);
}

// Answers OpenSSL while a file is being read, and never again.
class PasswordScope {
public:
    PasswordScope(SSL_CTX* context, std::optional<std::string_view>& password) : context_(context) {
        SSL_CTX_set_default_passwd_cb(context_, give_password);
        SSL_CTX_set_default_passwd_cb_userdata(context_, &password);
    }
    PasswordScope(const PasswordScope&) = delete;
    PasswordScope& operator=(const PasswordScope&) = delete;
    ~PasswordScope() {
        SSL_CTX_set_default_passwd_cb(context_, nullptr);
        SSL_CTX_set_default_passwd_cb_userdata(context_, nullptr);
    }

private:
    SSL_CTX* context_;
};

// The same authority twice is no error.
void trust(X509_STORE* store, X509* certificate) {
    if (!X509_STORE_add_cert(store, certificate)) detail::throw_tls_error();
}

int trust_der(X509_STORE* store, std::string_view data) {
    const auto* at = reinterpret_cast<const unsigned char*>(data.data());
    const unsigned char* const end = at + data.size();
    int count = 0;
    while (at < end) {
        const std::unique_ptr<X509, Free> certificate(
            d2i_X509(nullptr, &at, static_cast<long>(end - at)));
        if (!certificate) break;
        trust(store, certificate.get());
        ++count;
    }
    if (count > 0 && at < end) detail::throw_tls_error();
    ERR_clear_error();
    return count;
}

int trust_pem(X509_STORE* store, std::string_view data) {
    const std::unique_ptr<BIO, Free> source(
        BIO_new_mem_buf(data.data(), static_cast<int>(data.size())));
    std::optional<std::string_view> no_password;
    int count = 0;
    for (;; ++count) {
        const std::unique_ptr<X509, Free> certificate(
            PEM_read_bio_X509(source.get(), nullptr, give_password, &no_password));
        if (!certificate) break;
        trust(store, certificate.get());
    }
    // The end of the data is the absence of another beginning.
    const unsigned long code = ERR_peek_last_error();
    const bool at_end =
        ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
    if (count > 0 && !at_end) detail::throw_tls_error();
    ERR_clear_error();
    return count;
}

void trust_data(SSL_CTX* context, std::string_view data) {
    if (data.empty()) throw ValueError("Empty certificate data");
    if (data.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
        throw OverflowError("Certificate data is too long.");
    X509_STORE* store = SSL_CTX_get_cert_store(context);
    ERR_clear_error();
    // A DER certificate is a sequence of more than 127 bytes: 0x30 0x80 and so on.
    const bool der = data.size() > 1 && data[0] == 0x30 && (data[1] & 0x80);
    if ((der ? trust_der(store, data) : trust_pem(store, data)) > 0) return;
    throw SSLError(0, std::string(der ? "not enough data" : "no start line") +
                          ": cadata does not contain a certificate");
}

} // namespace

void SSLContext::load_cert_chain(std::string_view certfile, std::optional<std::string_view> keyfile,
                                 std::optional<std::string_view> password) const {
    if (password && password->size() > PEM_BUFSIZE)
        throw ValueError("password cannot be longer than " + std::to_string(PEM_BUFSIZE) +
                         " bytes");
    SSL_CTX* context = impl().native();
    const std::string chain(certfile);
    const std::string key(keyfile.value_or(certfile));
    const PasswordScope scope(context, password);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, chain.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        detail::throw_tls_error();
}

void SSLContext::load_verify_locations(VerifyLocations locations) const {
    const auto& [cafile, capath, cadata] = locations;
    if (!cafile && !capath && !cadata)
        throw TypeError("cafile, capath and cadata cannot be all omitted");
    SSL_CTX* context = impl().native();
    if (cadata) trust_data(context, *cadata);
    if (!cafile && !capath) return;
    const std::string file(cafile.value_or(""));
    const std::string path(capath.value_or(""));
    ERR_clear_error();
    if (SSL_CTX_load_verify_locations(context, cafile ? file.c_str() : nullptr,
                                      capath ? path.c_str() : nullptr) != 1)
        detail::throw_tls_error();
}

void SSLContext::set_default_verify_paths() const {
    ERR_clear_error();
    if (SSL_CTX_set_default_verify_paths(impl().native()) != 1) detail::throw_tls_error();
    // Files that are missing leave errors and do not count.
    ERR_clear_error();
}

void SSLContext::load_default_certs(Purpose) const { set_default_verify_paths(); }

std::map<std::string, long> SSLContext::cert_store_stats() const {
    std::map<std::string, long> stats{{"x509", 0}, {"x509_ca", 0}, {"crl", 0}};
    X509_STORE* store = SSL_CTX_get_cert_store(impl().native());
    X509_STORE_lock(store);
    const STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(store);
    for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
        const X509_OBJECT* object = sk_X509_OBJECT_value(objects, i);
        if (X509_OBJECT_get_type(object) == X509_LU_CRL) ++stats["crl"];
        if (X509* certificate = X509_OBJECT_get0_X509(object)) {
            ++stats["x509"];
            if (X509_check_ca(certificate)) ++stats["x509_ca"];
        }
    }
    X509_STORE_unlock(store);
    return stats;
}

SSLContext create_default_context(Purpose purpose, VerifyLocations locations) {
    const SSLContext context(purpose == Purpose::SERVER_AUTH ? PROTOCOL_TLS_CLIENT
                                                             : PROTOCOL_TLS_SERVER);
    // As RFC 5280 has it: the first trusted certificate ends the chain, and malformed ones are
    // refused.
    context.set_verify_flags(context.verify_flags() | VERIFY_X509_PARTIAL_CHAIN |
                             VERIFY_X509_STRICT);
    if (locations.cafile || locations.capath || locations.cadata)
        context.load_verify_locations(locations);
    else if (context.verify_mode() != CERT_NONE)
        context.load_default_certs(purpose);
    if (const char* file = std::getenv("SSLKEYLOGFILE"); file && *file)
        context.set_keylog_filename(file);
    return context;
}

} // namespace asyncio::ssl
