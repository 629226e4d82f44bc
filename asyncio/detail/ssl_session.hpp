// Layer 4. SSLSession: what a client keeps of a connection to resume it, and CipherInfo.
//
// Python counterpart: ssl.SSLSession, and the dictionaries that SSLContext.get_ciphers() returns.
#pragma once
#include <asyncio/config.hpp>

#include <memory>
#include <optional>
#include <string>

namespace asyncio::ssl {

/// A handle; default-constructed it is None. Equal when it is the same session, by its id.
class ASYNCIO_EXPORT SSLSession {
public:
    SSLSession() = default;
    /// Takes over an `SSL_SESSION*`.
    explicit SSLSession(std::shared_ptr<void> session) noexcept : session_(std::move(session)) {}

    /// Bytes; those of TLS 1.3 are made up by the client.
    std::string id() const;
    /// When it began, in seconds since 1970, and for how many seconds it is good.
    long time() const;
    long timeout() const;
    bool has_ticket() const;
    /// For how many seconds the server wants to accept the ticket.
    unsigned long ticket_lifetime_hint() const;

    /// The `SSL_SESSION*`, for what is not offered here.
    void* native_handle() const;
    explicit operator bool() const noexcept { return session_ != nullptr; }
    friend bool operator==(const SSLSession& a, const SSLSession& b) {
        return a.session_ && b.session_ ? a.id() == b.id() : a.session_ == b.session_;
    }

private:
    std::shared_ptr<void> session_;
};

/// One of the ciphers that a context allows.
class ASYNCIO_EXPORT CipherInfo {
public:
    CipherInfo() = default;

    unsigned long id = 0;
    std::string name = {};     ///< "ECDHE-RSA-AES256-GCM-SHA384"
    std::string protocol = {}; ///< that defined it: "TLSv1.3", "TLSv1.2"
    std::string description = {};
    int strength_bits = 0;
    int alg_bits = 0;
    bool aead = false;                         ///< encrypts and authenticates in one
    std::optional<std::string> symmetric = {}; ///< "aes-256-gcm"
    std::optional<std::string> digest = {};    ///< of ciphers that are not aead
    std::optional<std::string> kea = {};       ///< how keys are agreed on: "kx-ecdhe"
    std::optional<std::string> auth = {};      ///< "auth-rsa"
    friend bool operator==(const CipherInfo&, const CipherInfo&) = default;
};

} // namespace asyncio::ssl
