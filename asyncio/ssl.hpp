// Layer 4. TLS: contexts, what is known of a connection, errors.
//
// A context holds certificates and rules, and is given to create_connection(), create_server(),
// start_tls() as `.ssl`. Python counterpart: the ssl module, as far as asyncio uses it.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/ssl_constants.hpp>
#include <asyncio/detail/ssl_errors.hpp>
#include <asyncio/detail/ssl_object.hpp>
#include <asyncio/detail/ssl_session.hpp>

#include <compare>
#include <concepts>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace asyncio {

namespace detail {
class TlsContext;
}

namespace ssl {

/// Whom to trust; a view, copied by the function that is called with it.
struct VerifyLocations {
    std::optional<std::string_view> cafile = {}; ///< certificates in PEM, one after the other
    std::optional<std::string_view> capath = {}; ///< directory with hashed names (c_rehash)
    std::optional<std::string_view> cadata = {}; ///< certificates in PEM, or in DER
};

/// Looks at the name that a client asks for, nothing if it does not say. It may give the connection
/// another context, or return an alert that refuses it. An exception refuses it, too.
using SNICallback = std::function<std::optional<int>(const SSLObject& connection,
                                                     const std::optional<std::string>& server_name,
                                                     const SSLContext& context)>;

/// A handle; default-constructed it is None. Set it up before connections use it: then any number
/// of loops and threads may share it.
class ASYNCIO_EXPORT SSLContext {
public:
    SSLContext() = default;
    /// TLS 1.2 or newer, Python's ciphers, no compression, no renegotiation. PROTOCOL_TLS_CLIENT
    /// verifies certificate and host name, but trusts nobody until load_...() is called.
    explicit SSLContext(SSLMethod protocol);

    SSLMethod protocol() const;

    /// The own certificate with its chain, and the key, which may be in the same file. Throws
    /// FileNotFoundError, SSLError, and ValueError for a password over 1024 bytes. An encrypted key
    /// without a password is an SSLError: nothing is read from the terminal.
    void load_cert_chain(std::string_view certfile, std::optional<std::string_view> keyfile = {},
                         std::optional<std::string_view> password = {}) const;
    /// Adds certificates to trust, and revocation lists. Throws TypeError when nothing is given,
    /// FileNotFoundError, ValueError for empty data, SSLError.
    void load_verify_locations(VerifyLocations locations) const;
    /// Those that the system trusts, or what SSL_CERT_FILE and SSL_CERT_DIR name.
    void load_default_certs(Purpose purpose = Purpose::SERVER_AUTH) const;
    void set_default_verify_paths() const;

    /// Whether a client compares the certificate with the host's name. Turning it on makes
    /// CERT_NONE CERT_REQUIRED.
    bool check_hostname() const;
    void set_check_hostname(bool check) const;
    /// CERT_NONE throws ValueError as long as host names are checked.
    VerifyMode verify_mode() const;
    void set_verify_mode(VerifyMode mode) const;
    VerifyFlags verify_flags() const;
    void set_verify_flags(VerifyFlags flags) const;
    /// Throws ValueError for a version that OpenSSL does not have.
    TLSVersion minimum_version() const;
    void set_minimum_version(TLSVersion version) const;
    TLSVersion maximum_version() const;
    void set_maximum_version(TLSVersion version) const;
    Options options() const;
    void set_options(Options options) const;
    /// OpenSSL's notation; TLS 1.3 has its own list, which stays. Throws SSLError "No cipher can be
    /// selected.".
    void set_ciphers(std::string_view ciphers) const;
    /// What is allowed, the favourite first.
    std::vector<CipherInfo> get_ciphers() const;
    /// OpenSSL's level, which rules out short keys and weak digests; a part of set_ciphers().
    int security_level() const;
    /// The one curve to agree on keys with, by OpenSSL's name: "prime256v1", "X25519". Throws
    /// ValueError for an unknown name.
    void set_ecdh_curve(std::string_view curve_name) const;
    /// Parameters for ciphers without curves, in PEM. Throws FileNotFoundError, SSLError.
    void load_dh_params(std::string_view path) const;
    /// Whether a client lets servers ask for its certificate after a TLS 1.3 handshake.
    bool post_handshake_auth() const;
    void set_post_handshake_auth(bool allow) const;
    /// Session tickets that a server sends after a TLS 1.3 handshake, 2 by default. Throws
    /// ValueError unless it is a server's context and the number is not negative.
    int num_tickets() const;
    void set_num_tickets(int count) const;

    /// What to speak, the favourite first: "h2", "http/1.1". The server decides; without a common
    /// protocol there is none. Throws SSLError unless each has 1 to 255 bytes.
    template <std::ranges::input_range R>
        requires std::convertible_to<std::ranges::range_reference_t<const R>, std::string_view>
    void set_alpn_protocols(const R& protocols) const {
        set_alpn(
            std::vector<std::string>(std::ranges::begin(protocols), std::ranges::end(protocols)));
    }
    void set_alpn_protocols(std::initializer_list<std::string_view> protocols) const {
        set_alpn(std::vector<std::string>(protocols.begin(), protocols.end()));
    }

    /// An empty function removes it. Throws ValueError on a client's context.
    void set_sni_callback(SNICallback callback) const;
    /// The file that gets the keys of all connections, for tools that decrypt recorded traffic.
    std::optional<std::string> keylog_filename() const;
    void set_keylog_filename(std::optional<std::string_view> filename) const;

    /// Counters: "connect", "accept_good", "hits", ...
    std::map<std::string, long> session_stats() const;
    /// The authorities that are trusted. Those of a capath appear once they were used.
    std::vector<Certificate> get_ca_certs() const;
    std::vector<std::string> get_ca_certs(BinaryForm) const; ///< in DER
    /// What is trusted: "x509", "x509_ca", "crl".
    std::map<std::string, long> cert_store_stats() const;

    /// The `SSL_CTX*`, for what is not offered here.
    void* native_handle() const;

    explicit operator bool() const noexcept { return impl_ != nullptr; }
    friend bool operator==(const SSLContext&, const SSLContext&) noexcept = default;
    friend auto operator<=>(const SSLContext&, const SSLContext&) noexcept = default;

    explicit SSLContext(std::shared_ptr<detail::TlsContext> impl) noexcept
        : impl_(std::move(impl)) {}
    detail::TlsContext& impl() const;

private:
    friend struct std::hash<SSLContext>;
    void set_alpn(const std::vector<std::string>& protocols) const;
    std::shared_ptr<detail::TlsContext> impl_;
};

/// A context with secure settings. For SERVER_AUTH, which clients use, the certificate and the host
/// name are verified, against the system's authorities unless others are given. For CLIENT_AUTH it
/// is a server's, without a certificate so far. Writes keys to $SSLKEYLOGFILE if that is set.
ASYNCIO_EXPORT SSLContext create_default_context(Purpose purpose = Purpose::SERVER_AUTH,
                                                 VerifyLocations locations = {});
inline SSLContext create_default_context(VerifyLocations locations) {
    return create_default_context(Purpose::SERVER_AUTH, locations);
}

} // namespace ssl
} // namespace asyncio

template <>
struct std::hash<asyncio::ssl::SSLContext> {
    std::size_t operator()(const asyncio::ssl::SSLContext& context) const noexcept {
        return std::hash<const void*>{}(context.impl_.get());
    }
};
