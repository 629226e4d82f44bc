// Layer 4. See tls_errors.hpp and asyncio/detail/ssl_errors.hpp.
#include "tls_errors.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <utility>

namespace asyncio::ssl {
namespace {

class Category : public std::error_category {
public:
    const char* name() const noexcept override { return "ssl"; }
    std::string message(int number) const override {
        return "TLS failure " + std::to_string(number);
    }
};

} // namespace

SSLError::SSLError(std::string text) : OSError(std::move(text)) {}

SSLError::SSLError(int err, std::string strerror, std::optional<std::string> library,
                   std::optional<std::string> reason)
    : OSError(err, std::move(strerror)), library_(std::move(library)), reason_(std::move(reason)) {}

std::error_code SSLError::code() const noexcept {
    static const Category category;
    return {err(), category};
}

std::string SSLError::str() const { return message(); }

SSLCertVerificationError::SSLCertVerificationError(std::string text) : SSLError(std::move(text)) {}

SSLCertVerificationError::SSLCertVerificationError(int err, std::string strerror,
                                                   std::optional<std::string> library,
                                                   std::optional<std::string> reason,
                                                   int verify_code, std::string verify_message)
    : SSLError(err, std::move(strerror), std::move(library), std::move(reason)),
      verify_code_(verify_code), verify_message_(std::move(verify_message)) {}

void SSLCertVerificationError::anchor() const {}
void SSLZeroReturnError::anchor() const {}
void SSLWantReadError::anchor() const {}
void SSLWantWriteError::anchor() const {}
void SSLSyscallError::anchor() const {}
void SSLEOFError::anchor() const {}

} // namespace asyncio::ssl

namespace asyncio::detail {
namespace {

constexpr int python_ssl_error_eof = 8; // Python's own, beyond OpenSSL's SSL_ERROR_ numbers

// The names that Python gives to the parts of OpenSSL.
const char* library_name(int library) {
    switch (library) {
    case ERR_LIB_SYS: return "SYS";
    case ERR_LIB_BN: return "BN";
    case ERR_LIB_RSA: return "RSA";
    case ERR_LIB_DH: return "DH";
    case ERR_LIB_EVP: return "EVP";
    case ERR_LIB_BUF: return "BUF";
    case ERR_LIB_OBJ: return "OBJ";
    case ERR_LIB_PEM: return "PEM";
    case ERR_LIB_DSA: return "DSA";
    case ERR_LIB_X509: return "X509";
    case ERR_LIB_ASN1: return "ASN1";
    case ERR_LIB_CONF: return "CONF";
    case ERR_LIB_CRYPTO: return "CRYPTO";
    case ERR_LIB_EC: return "EC";
    case ERR_LIB_SSL: return "SSL";
    case ERR_LIB_BIO: return "BIO";
    case ERR_LIB_PKCS7: return "PKCS7";
    case ERR_LIB_X509V3: return "X509V3";
    case ERR_LIB_PKCS12: return "PKCS12";
    case ERR_LIB_RAND: return "RAND";
    case ERR_LIB_ENGINE: return "ENGINE";
    case ERR_LIB_OCSP: return "OCSP";
    case ERR_LIB_UI: return "UI";
    case ERR_LIB_OSSL_STORE: return "OSSL_STORE";
    case ERR_LIB_CT: return "CT";
    case ERR_LIB_PROV: return "PROV";
    case ERR_LIB_OSSL_DECODER: return "OSSL_DECODER";
    default: return nullptr;
    }
}

// One entry of the queue, taken apart.
struct Reason {
    explicit Reason(unsigned long code)
        : number(ERR_GET_REASON(code)), belongs_to_ssl(ERR_GET_LIB(code) == ERR_LIB_SSL) {
        if (const char* part = library_name(ERR_GET_LIB(code))) library = part;
        if (const char* known = ERR_reason_error_string(code)) text = known;
        // Errors that all parts share have no name of their own.
        if (library && !text.empty() && !(number & ERR_RFLAG_COMMON)) name = name_of(text);
        if (text.empty()) text = "unknown error";
    }

    // OpenSSL derives the texts from its names, so the way back works for all but five obscure
    // ones; newer versions write `ssl/tls alert` for what is still called SSLV3_ALERT.
    static std::string name_of(std::string_view text) {
        std::string name;
        constexpr std::string_view renamed = "ssl/tls alert";
        if (text.starts_with(renamed)) {
            name = "SSLV3_ALERT";
            text.remove_prefix(renamed.size());
        }
        for (const char c : text) {
            const bool lower = c >= 'a' && c <= 'z';
            const bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            name += lower ? static_cast<char>(c - 'a' + 'A') : plain ? c : '_';
        }
        return name;
    }

    std::string format() const {
        if (name) return '[' + *library + ": " + *name + "] " + text;
        if (library) return '[' + *library + "] " + text;
        return text;
    }
    bool is(int ssl_reason) const noexcept { return belongs_to_ssl && number == ssl_reason; }

    int number;
    bool belongs_to_ssl;
    std::string text;
    std::optional<std::string> library;
    std::optional<std::string> name;
};

std::string verify_message(long code, std::string_view host) {
    const auto mismatch = [&](const char* what) {
        return std::string(what) + " mismatch, certificate is not valid for '" + std::string(host) +
               "'.";
    };
    if (code == X509_V_ERR_HOSTNAME_MISMATCH) return mismatch("Hostname");
    if (code == X509_V_ERR_IP_ADDRESS_MISMATCH) return mismatch("IP address");
    return X509_verify_cert_error_string(code);
}

std::exception_ptr protocol_error(const SSL* ssl, const Reason& reason, std::string_view host) {
    if (reason.is(SSL_R_UNEXPECTED_EOF_WHILE_READING))
        return std::make_exception_ptr(tls_truncation_error());
    if (!reason.is(SSL_R_CERTIFICATE_VERIFY_FAILED))
        return std::make_exception_ptr(
            ssl::SSLError(SSL_ERROR_SSL, reason.format(), reason.library, reason.name));
    const long code = SSL_get_verify_result(ssl);
    std::string message = verify_message(code, host);
    std::string text = reason.format() + ": " + message;
    return std::make_exception_ptr(
        ssl::SSLCertVerificationError(SSL_ERROR_SSL, std::move(text), reason.library, reason.name,
                                      static_cast<int>(code), std::move(message)));
}

} // namespace

std::exception_ptr tls_connection_error(const SSL* ssl, int kind,
                                        std::string_view server_hostname) {
    const unsigned long code = ERR_peek_last_error();
    std::exception_ptr error;
    if (code != 0)
        error = protocol_error(ssl, Reason(code), server_hostname);
    else if (kind == SSL_ERROR_SYSCALL)
        error = std::make_exception_ptr(ssl::SSLSyscallError(kind, "Some I/O error occurred"));
    else
        error = std::make_exception_ptr(ssl::SSLError(kind, "Invalid error code"));
    ERR_clear_error();
    return error;
}

void throw_tls_error() {
    // A file that cannot be opened leaves the system's error first.
    const unsigned long first = ERR_peek_error();
    const Reason reason(ERR_peek_last_error());
    ERR_clear_error();
    if (ERR_SYSTEM_ERROR(first)) raise_from_errno(ERR_GET_REASON(first));
    throw ssl::SSLError(reason.number, reason.format(), reason.library, reason.name);
}

ssl::SSLEOFError tls_truncation_error() {
    return ssl::SSLEOFError(
        python_ssl_error_eof,
        "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol", "SSL",
        "UNEXPECTED_EOF_WHILE_READING");
}

} // namespace asyncio::detail
