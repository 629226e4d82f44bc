// Layer 4. create_unix_connection and create_unix_server: transports over Unix domain sockets.
//
//   create_unix_connection ─> connect ─> transport + protocol
//   create_unix_server     ─> remove a stale socket, bind, listen ─> Server ─> close: unlink
//
// A path is text; one that begins with a NUL names an abstract socket, which has no file.
// Python counterpart: unix_events._UnixSelectorEventLoop.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/endpoints.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asyncio {

/// The path of a Unix socket: None, text or a std::filesystem::path. A view: the text is copied by
/// the function that is called with it.
class PathArg {
public:
    constexpr PathArg(std::nullptr_t = nullptr) noexcept {}
    constexpr PathArg(std::nullopt_t) noexcept {}
    constexpr PathArg(const char* path) noexcept {
        if (path) path_ = path;
    }
    constexpr PathArg(std::string_view path) noexcept : path_(path) {}
    PathArg(const std::string& path) noexcept : path_(path) {}
    template <class Path>
        requires requires(const Path& path) {
            { path.native() } -> std::same_as<const std::string&>;
        }
    PathArg(const Path& path) noexcept : path_(path.native()) {}

    constexpr bool none() const noexcept { return !path_; }
    std::optional<std::string> text() const {
        return path_ ? std::optional<std::string>(*path_) : std::nullopt;
    }

private:
    std::optional<std::string_view> path_;
};

struct CreateUnixConnectionOptions {
    std::optional<int> sock = {}; ///< A connected Unix stream socket to take, without a path
    SSLArg ssl = {};              ///< Use TLS: a context, or true for the default one
    /// What the server's certificate must be for; demanded with ssl. Empty: anything.
    std::optional<std::string_view> server_hostname = {};
    std::optional<Seconds> ssl_handshake_timeout = {}; ///< 60 s by default
    std::optional<Seconds> ssl_shutdown_timeout = {};  ///< 30 s by default
    bool suppress_ragged_eofs = true;                  ///< See StartTlsOptions

    CreateConnectionOptions connection() const {
        return {.sock = sock,
                .ssl = ssl,
                .server_hostname = server_hostname,
                .ssl_handshake_timeout = ssl_handshake_timeout,
                .ssl_shutdown_timeout = ssl_shutdown_timeout,
                .suppress_ragged_eofs = suppress_ragged_eofs};
    }
};

struct CreateUnixServerOptions {
    std::optional<int> sock = {}; ///< A bound Unix stream socket to take, without a path
    int backlog = constants::DEFAULT_BACKLOG; ///< Connections the system queues before we accept
    bool start_serving = true;                ///< False: bind only, until start_serving()
    bool cleanup_socket = true; ///< Closing removes the path, unless it is another file by then
    SSLArg ssl = {};            ///< A context with a certificate: connections use TLS
    std::optional<Seconds> ssl_handshake_timeout = {}; ///< 60 s by default
    std::optional<Seconds> ssl_shutdown_timeout = {};  ///< 30 s by default
    bool suppress_ragged_eofs = true;                  ///< See StartTlsOptions

    CreateServerOptions server() const {
        return {.sock = sock,
                .backlog = backlog,
                .start_serving = start_serving,
                .ssl = ssl,
                .ssl_handshake_timeout = ssl_handshake_timeout,
                .ssl_shutdown_timeout = ssl_shutdown_timeout,
                .suppress_ragged_eofs = suppress_ragged_eofs};
    }
};

// Declared in events.hpp.

/// Throws FileNotFoundError, ConnectionRefusedError..., and BlockingIOError when the server's
/// backlog is full.
template <class F>
auto AbstractEventLoop::create_unix_connection(F&& factory, PathArg path,
                                               CreateUnixConnectionOptions options) {
    static_assert(detail::ProtocolSource<F>,
                  "create_unix_connection() takes a function that returns a std::shared_ptr to a "
                  "protocol, or such a pointer");
    detail::check_callable<F>();
    return detail::connect_with<std::decay_t<F>>(*this, std::forward<F>(factory),
                                                 detail::ConnectRequest(path, options));
}
template <class F>
auto AbstractEventLoop::create_unix_connection(F&& factory, PathArg path) {
    return create_unix_connection(std::forward<F>(factory), path, CreateUnixConnectionOptions());
}
template <class F>
auto AbstractEventLoop::create_unix_connection(F&& factory, CreateUnixConnectionOptions options) {
    return create_unix_connection(std::forward<F>(factory), PathArg(), options);
}

/// A socket that is there already is replaced, whether or not somebody listens on it; another file
/// is not: OSError "Address ... is already in use".
template <class F>
auto AbstractEventLoop::create_unix_server(F&& factory, PathArg path,
                                           CreateUnixServerOptions options) {
    static_assert(detail::ProtocolSource<F>,
                  "create_unix_server() takes a function that returns a std::shared_ptr to a "
                  "protocol, or such a pointer");
    detail::check_callable<F>();
    return detail::serve(*this, detail::make_factory(std::forward<F>(factory)),
                         detail::ListenRequest(path, options));
}
template <class F>
auto AbstractEventLoop::create_unix_server(F&& factory, PathArg path) {
    return create_unix_server(std::forward<F>(factory), path, CreateUnixServerOptions());
}
template <class F>
auto AbstractEventLoop::create_unix_server(F&& factory, CreateUnixServerOptions options) {
    return create_unix_server(std::forward<F>(factory), PathArg(), options);
}

static_assert(std::is_trivially_destructible_v<CreateUnixServerOptions> &&
              std::is_trivially_destructible_v<CreateUnixConnectionOptions>);

} // namespace asyncio
