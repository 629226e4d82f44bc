// Layer 4. SSLObject: what there is to know about one TLS connection, and the peer's certificate.
//
// get_extra_info("ssl_object") gives it. It sends and receives nothing: the transport does.
// Python counterpart: ssl.SSLObject, and the dictionary that getpeercert() returns.
#pragma once
#include <asyncio/config.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace asyncio {

namespace detail {
struct TlsObject;
}

namespace ssl {

class SSLContext;
class SSLSession;

/// Names in the order of the certificate; each element has usually one pair, such as
/// ("commonName", "localhost").
using DistinguishedName = std::vector<std::vector<std::pair<std::string, std::string>>>;

/// A certificate's contents as Python's getpeercert() tells them.
class ASYNCIO_EXPORT Certificate {
public:
    Certificate() = default;

    DistinguishedName subject = {};
    DistinguishedName issuer = {};
    /// ("DNS", "localhost"), ("IP Address", "127.0.0.1"), ("email", ...), ("URI", ...), ...
    std::vector<std::pair<std::string, std::string>> subjectAltName = {};
    int version = 0;               ///< 3 for every modern certificate
    std::string serialNumber = {}; ///< in hexadecimal
    std::string notBefore = {};    ///< as in "Nov 21 15:23:11 2026 GMT"
    std::string notAfter = {};
    std::vector<std::string> OCSP = {};
    std::vector<std::string> caIssuers = {};
    std::vector<std::string> crlDistributionPoints = {};

    /// True for that of a peer that was not verified: its contents prove nothing and stay hidden.
    bool empty() const noexcept { return version == 0; }
    friend bool operator==(const Certificate&, const Certificate&) = default;
};

/// Name, protocol that defined it, secret bits: ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256).
using Cipher = std::tuple<std::string, std::string, int>;

/// Asks getpeercert() for the encoded form: `getpeercert(ssl::binary_form)`.
struct BinaryForm {};
inline constexpr BinaryForm binary_form;

/// A handle; default-constructed it is None. It stays usable when the connection is gone.
class ASYNCIO_EXPORT SSLObject {
public:
    SSLObject() = default;
    explicit SSLObject(std::shared_ptr<detail::TlsObject> impl) noexcept : impl_(std::move(impl)) {}

    /// The peer's certificate: nothing when it showed none, an empty one when it was not verified.
    /// Throws ValueError "handshake not done yet".
    std::optional<Certificate> getpeercert() const;
    /// The same in DER, also when it was not verified.
    std::optional<std::string> getpeercert(BinaryForm) const;
    /// Nothing before the handshake, as the next three.
    std::optional<Cipher> cipher() const;
    /// "TLSv1.3", "TLSv1.2".
    std::optional<std::string> version() const;
    /// What both sides agreed on by ALPN.
    std::optional<std::string> selected_alpn_protocol() const;
    /// Always nothing: compression of TLS is insecure and off.
    std::optional<std::string> compression() const { return {}; }
    bool session_reused() const;
    /// What the connection could be resumed by; None before the handshake. With TLS 1.3 it is good
    /// for that once the server has sent a ticket, which arrives with the first data.
    SSLSession session() const;

    /// The name that the client asked for; nothing on the server's side.
    std::optional<std::string> server_hostname() const;
    bool server_side() const;
    SSLContext context() const;
    /// In an SNI callback: the context whose certificate answers. Its other settings do not apply.
    void set_context(const SSLContext& context) const;

    /// Data that binds an authentication to this connection; "tls-unique" (RFC 5929) is the one
    /// kind. Throws ValueError for others.
    std::optional<std::string> get_channel_binding(std::string_view kind = "tls-unique") const;

    /// The `SSL*`, for what is not offered here. Never read, write or close through it.
    void* native_handle() const;

    explicit operator bool() const noexcept { return impl_ != nullptr; }
    friend bool operator==(const SSLObject&, const SSLObject&) noexcept = default;
    friend auto operator<=>(const SSLObject&, const SSLObject&) noexcept = default;

private:
    friend struct std::hash<SSLObject>;
    detail::TlsObject& impl() const;
    std::shared_ptr<detail::TlsObject> impl_;
};

} // namespace ssl
} // namespace asyncio

template <>
struct std::hash<asyncio::ssl::SSLObject> {
    std::size_t operator()(const asyncio::ssl::SSLObject& object) const noexcept {
        return std::hash<const void*>{}(object.impl_.get());
    }
};
