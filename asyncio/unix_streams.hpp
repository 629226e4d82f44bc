// Layer 5. Streams over Unix domain sockets. See streams.hpp and unix_endpoints.hpp.
//
// Python counterpart: streams.open_unix_connection and start_unix_server.
#pragma once
#include <asyncio/streams.hpp>
#include <asyncio/unix_endpoints.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace asyncio {

/// Those of create_unix_connection(), and the reader's limit.
struct OpenUnixConnectionOptions {
    std::int64_t limit = constants::DEFAULT_LIMIT;
    std::optional<int> sock = {};
    SSLArg ssl = {};
    std::optional<std::string_view> server_hostname = {};
    std::optional<Seconds> ssl_handshake_timeout = {};
    std::optional<Seconds> ssl_shutdown_timeout = {};
    bool suppress_ragged_eofs = true;

    CreateUnixConnectionOptions connection() const {
        return {.sock = sock,
                .ssl = ssl,
                .server_hostname = server_hostname,
                .ssl_handshake_timeout = ssl_handshake_timeout,
                .ssl_shutdown_timeout = ssl_shutdown_timeout,
                .suppress_ragged_eofs = suppress_ragged_eofs};
    }
};

/// Those of create_unix_server(), and the readers' limit.
struct StartUnixServerOptions {
    std::int64_t limit = constants::DEFAULT_LIMIT;
    std::optional<int> sock = {};
    int backlog = constants::DEFAULT_BACKLOG;
    bool start_serving = true;
    bool cleanup_socket = true;
    SSLArg ssl = {};
    std::optional<Seconds> ssl_handshake_timeout = {};
    std::optional<Seconds> ssl_shutdown_timeout = {};
    bool suppress_ragged_eofs = true;

    CreateUnixServerOptions server() const {
        return {.sock = sock,
                .backlog = backlog,
                .start_serving = start_serving,
                .cleanup_socket = cleanup_socket,
                .ssl = ssl,
                .ssl_handshake_timeout = ssl_handshake_timeout,
                .ssl_shutdown_timeout = ssl_shutdown_timeout,
                .suppress_ragged_eofs = suppress_ragged_eofs};
    }
};

/// Connects to the Unix socket at `path`. Throws OSError: FileNotFoundError,
/// ConnectionRefusedError...
inline Coroutine<StreamPair> open_unix_connection(PathArg path = {},
                                                  OpenUnixConnectionOptions options = {}) {
    return detail::open_stream(options.limit, detail::ConnectRequest(path, options.connection()));
}
inline Coroutine<StreamPair> open_unix_connection(OpenUnixConnectionOptions options) {
    return open_unix_connection({}, options);
}

/// Listens on the Unix socket at `path`; otherwise as start_server().
template <detail::ClientConnectedCallback F>
Coroutine<Server> start_unix_server(F&& client_connected_cb, PathArg path = {},
                                    StartUnixServerOptions options = {}) {
    return detail::serve_streams(detail::make_client_callback(std::forward<F>(client_connected_cb)),
                                 options.limit, detail::ListenRequest(path, options.server()));
}
template <detail::ClientConnectedCallback F>
Coroutine<Server> start_unix_server(F&& client_connected_cb, StartUnixServerOptions options) {
    return start_unix_server(std::forward<F>(client_connected_cb), {}, options);
}

static_assert(std::is_trivially_destructible_v<OpenUnixConnectionOptions> &&
              std::is_trivially_destructible_v<StartUnixServerOptions>);

} // namespace asyncio
