// Layer 4. TLS on connections: the arguments, and what a TLS transport has besides a plain one.
//
//   create_connection(..., {.ssl = true})        verify the server against the system's authorities
//   create_server(..., {.ssl = context})         with the context's certificate
//   loop.start_tls(transport, protocol, context) upgrade a connection that is open
//
// Python counterpart: the ssl arguments of the event loop, and sslproto._SSLProtocolTransport.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/transports.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace ssl {
class SSLContext;
}

/// Whether to use TLS: an SSLContext, or true for a client's default one; false, nullptr, or a
/// context that is None for a plain connection. A view.
class SSLArg {
public:
    constexpr SSLArg(std::nullptr_t = nullptr) noexcept {}
    template <std::same_as<bool> B>
    constexpr SSLArg(B use) noexcept : is_bool_(true), use_(use) {}
    ASYNCIO_EXPORT SSLArg(const ssl::SSLContext& context) noexcept;

    constexpr bool wanted() const noexcept { return use_; }
    constexpr bool is_bool() const noexcept { return is_bool_; }
    /// Null for a bool.
    constexpr const ssl::SSLContext* context() const noexcept { return context_; }

private:
    const ssl::SSLContext* context_ = nullptr;
    bool is_bool_ = false;
    bool use_ = false;
};

/// Of loop.start_tls() and StreamWriter::start_tls().
struct StartTlsOptions {
    /// Who answers the handshake. A StreamWriter of a server does by default, others do not.
    std::optional<bool> server_side = {};
    /// What a client expects of the server's certificate. A context that checks host names demands
    /// it (ValueError); an empty one turns the check off.
    std::optional<std::string_view> server_hostname = {};
    std::optional<Seconds> ssl_handshake_timeout = {}; ///< 60 s by default
    std::optional<Seconds> ssl_shutdown_timeout = {};  ///< 30 s by default
    /// False: a connection that ends without the peer's goodbye is lost with SSLEOFError, because
    /// somebody may have cut off its end. True: it ends like one that was closed.
    bool suppress_ragged_eofs = true;
};

/// What connections over TLS have: `std::dynamic_pointer_cast<SSLTransport>(transport)`.
///
/// It knows under get_extra_info() "sslcontext" (ssl::SSLContext), and after the handshake
/// "ssl_object" (ssl::SSLObject), "peercert" (ssl::Certificate), "cipher" (ssl::Cipher); everything
/// else is asked of the transport below. close() sends what is buffered and says goodbye to the
/// peer, which has ssl_shutdown_timeout to do the same. There is no write_eof(), and
/// eof_received() cannot keep the connection open.
class ASYNCIO_EXPORT SSLTransport : public Transport {
public:
    ~SSLTransport() override;
    /// Bytes that were received and not decrypted because reading is paused: at `high` the
    /// transport below is paused, at `low` it is resumed. 256 and 64 KiB by default. Throws
    /// ValueError unless high >= low >= 0.
    virtual void set_read_buffer_limits(WriteBufferLimits limits = {}) = 0;
    /// The marks: low, high.
    virtual std::pair<std::size_t, std::size_t> get_read_buffer_limits() const = 0;
    virtual std::size_t get_read_buffer_size() const = 0;
};

namespace detail {

/// The arguments of all functions that begin TLS, as they were given; a view.
struct TlsArguments {
    SSLArg ssl = {};
    std::optional<std::string_view> server_hostname = {};
    std::optional<Seconds> handshake_timeout = {};
    std::optional<Seconds> shutdown_timeout = {};
    bool suppress_ragged_eofs = true;
};

template <class Options>
TlsArguments tls_arguments(const Options& options) {
    TlsArguments arguments;
    arguments.ssl = options.ssl;
    if constexpr (requires { options.server_hostname; })
        arguments.server_hostname = options.server_hostname;
    arguments.handshake_timeout = options.ssl_handshake_timeout;
    arguments.shutdown_timeout = options.ssl_shutdown_timeout;
    arguments.suppress_ragged_eofs = options.suppress_ragged_eofs;
    return arguments;
}

struct TlsRequest; // owns what the arguments refer to
ASYNCIO_EXPORT std::shared_ptr<TlsRequest> make_tls_request(const TlsArguments& arguments);

/// A protocol that keeps what it receives for others, as StreamReaderProtocol does.
class ASYNCIO_EXPORT BufferingProtocol {
public:
    /// Its connection is upgraded: from now on it belongs to this transport. Gives up the bytes
    /// that nobody has read; they came before the upgrade and must not be taken for its first ones.
    virtual std::string upgrade(std::shared_ptr<Transport> transport) = 0;

protected:
    BufferingProtocol() = default;
    BufferingProtocol(const BufferingProtocol&) = default;
    BufferingProtocol& operator=(const BufferingProtocol&) = default;
    ~BufferingProtocol();
};

} // namespace detail

static_assert(std::is_trivially_destructible_v<StartTlsOptions>);

} // namespace asyncio
