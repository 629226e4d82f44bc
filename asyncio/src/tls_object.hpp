// Layer 4. What an SSLObject handle refers to: one connection of OpenSSL.
#pragma once
#include <asyncio/ssl.hpp>

#include <openssl/types.h>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace asyncio::detail {

struct TlsObject : std::enable_shared_from_this<TlsObject> {
    /// `hostname` is what a client expects of the server's certificate and sends as SNI; nothing or
    /// an empty one for none. Throws ValueError and TypeError for bad names, SSLError when the
    /// context is for the other side.
    TlsObject(const ssl::SSLContext& rules, bool is_server,
              std::optional<std::string_view> hostname);
    TlsObject(const TlsObject&) = delete;
    TlsObject& operator=(const TlsObject&) = delete;
    ~TlsObject();

    /// The object behind a connection, for OpenSSL's callbacks.
    static TlsObject& of(const SSL* connection) noexcept;

    const ssl::SSLContext first_context; // its callbacks stay in use
    ssl::SSLContext context;
    SSL* ssl = nullptr;
    std::string server_hostname; // empty for none
    const bool server_side;
    std::exception_ptr callback_error; // what an SNI callback threw

private:
    void expect(std::string_view hostname, bool check);
};

/// What getpeercert() tells of a certificate.
ssl::Certificate decode_certificate(X509* certificate);
/// In DER.
std::string encode_certificate(X509* certificate);

} // namespace asyncio::detail
