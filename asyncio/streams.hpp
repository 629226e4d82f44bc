// Layer 5. Streams: connections for those who would rather await than be called.
//
//   transport ─ data_received ─> StreamReaderProtocol ─ feed_data ─> StreamReader <─ read()
//   transport <──────────────────────────────────────────────────── StreamWriter <─ write()
//
// Python counterpart: asyncio.streams.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/endpoints.hpp>
#include <asyncio/events.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/server.hpp>
#include <asyncio/stream_reader.hpp>
#include <asyncio/stream_writer.hpp>
#include <asyncio/tasks.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

/// What a server calls for each connection. Kept until the tasks it started are done.
class ASYNCIO_EXPORT ClientCallback {
public:
    ClientCallback() = default;
    ClientCallback(const ClientCallback&) = delete;
    ClientCallback& operator=(const ClientCallback&) = delete;
    virtual ~ClientCallback();
    /// The task it started; None when the function was a plain one.
    virtual TaskRef call(AbstractEventLoop& loop, StreamReader reader, StreamWriter writer) = 0;
};

template <class F>
class ClientFunction final : public ClientCallback {
public:
    template <class G>
    explicit ClientFunction(std::in_place_t, G&& function) : function_(std::forward<G>(function)) {}
    TaskRef call(AbstractEventLoop& loop, StreamReader reader, StreamWriter writer) override {
        using Result = std::invoke_result_t<F&, StreamReader, StreamWriter>;
        if constexpr (Awaitable<Result> && !FutureLike<Result>) {
            return loop.create_task(std::invoke(function_, std::move(reader), std::move(writer)));
        } else {
            std::invoke(function_, std::move(reader), std::move(writer));
            return {};
        }
    }

private:
    F function_;
};

template <class F>
std::shared_ptr<ClientCallback> make_client_callback(F&& function) {
    check_callable<F>();
    return std::make_shared<ClientFunction<std::decay_t<F>>>(std::in_place,
                                                             std::forward<F>(function));
}

template <class F>
concept ClientConnectedCallback = std::invocable<std::decay_t<F>&, StreamReader, StreamWriter>;

} // namespace detail

/// Feeds a StreamReader with what a transport receives, and tells StreamWriters when to wait. A
/// subclass that overrides a method calls the one of this class.
class ASYNCIO_EXPORT StreamReaderProtocol
    : public Protocol,
      public detail::BufferingProtocol,
      public std::enable_shared_from_this<StreamReaderProtocol> {
public:
    /// Without a loop it belongs to get_event_loop().
    explicit StreamReaderProtocol(StreamReader reader, AbstractEventLoop* loop = nullptr);
    /// The callback gets the reader and a writer when the connection is made; what it returns, if
    /// it is a coroutine, runs as a task.
    template <detail::ClientConnectedCallback F>
    StreamReaderProtocol(StreamReader reader, F&& client_connected_cb,
                         AbstractEventLoop* loop = nullptr)
        : StreamReaderProtocol(std::move(reader), loop) {
        callback_ = detail::make_client_callback(std::forward<F>(client_connected_cb));
    }
    StreamReaderProtocol(StreamReader reader, std::shared_ptr<detail::ClientCallback> callback,
                         AbstractEventLoop& loop);
    ~StreamReaderProtocol() override;

    void connection_made(std::shared_ptr<Transport> transport) override;
    void connection_lost(std::exception_ptr exc) override;
    void data_received(std::string_view data) override { feed(data); }
    bool eof_received() override;
    void pause_writing() override;
    void resume_writing() override;

    const std::shared_ptr<detail::StreamControl>& control() const noexcept { return control_; }
    /// Whether connections are accepted: it was made with a client_connected_cb.
    bool is_server() const noexcept { return callback_ != nullptr; }
    std::string upgrade(std::shared_ptr<Transport> transport) override;

private:
    void feed(std::string_view data) {
        if (reader_) reader_->feed_data(data);
    }
    void call_client(const std::shared_ptr<Transport>& transport);

    const detail::Ref<detail::LoopCore> core_;
    detail::Ref<detail::StreamReaderImpl> reader_; // until the connection is lost
    std::shared_ptr<detail::ClientCallback> callback_;
    const std::shared_ptr<detail::StreamControl> control_;
    bool over_ssl_ = false;
};

/// A reader and a writer: `auto pair = co_await open_connection(...); auto& [reader, writer] =
/// pair;`
using StreamPair = std::pair<StreamReader, StreamWriter>;

/// Those of create_connection(), and the reader's limit.
struct OpenConnectionOptions {
    std::int64_t limit = constants::DEFAULT_LIMIT;
    int family = 0;
    int proto = 0;
    int flags = 0;
    std::optional<int> sock = {};
    std::optional<AddressArg> local_addr = {};
    bool all_errors = false;
    std::optional<Seconds> happy_eyeballs_delay = {};
    std::optional<int> interleave = {};
    SSLArg ssl = {};
    std::optional<std::string_view> server_hostname = {};
    std::optional<Seconds> ssl_handshake_timeout = {};
    std::optional<Seconds> ssl_shutdown_timeout = {};
    bool suppress_ragged_eofs = true;

    CreateConnectionOptions connection() const {
        return {.family = family,
                .proto = proto,
                .flags = flags,
                .sock = sock,
                .local_addr = local_addr,
                .all_errors = all_errors,
                .happy_eyeballs_delay = happy_eyeballs_delay,
                .interleave = interleave,
                .ssl = ssl,
                .server_hostname = server_hostname,
                .ssl_handshake_timeout = ssl_handshake_timeout,
                .ssl_shutdown_timeout = ssl_shutdown_timeout,
                .suppress_ragged_eofs = suppress_ragged_eofs};
    }
};

/// Those of create_server(), and the readers' limit.
struct StartServerOptions {
    std::int64_t limit = constants::DEFAULT_LIMIT;
    int family = 0;
    std::optional<int> flags = {};
    std::optional<int> sock = {};
    int backlog = constants::DEFAULT_BACKLOG;
    std::optional<bool> reuse_address = {};
    bool reuse_port = false;
    bool keep_alive = false;
    bool start_serving = true;
    SSLArg ssl = {};
    std::optional<Seconds> ssl_handshake_timeout = {};
    std::optional<Seconds> ssl_shutdown_timeout = {};
    bool suppress_ragged_eofs = true;

    CreateServerOptions server() const {
        return {family,
                flags,
                sock,
                backlog,
                reuse_address,
                reuse_port,
                keep_alive,
                start_serving,
                ssl,
                ssl_handshake_timeout,
                ssl_shutdown_timeout,
                suppress_ragged_eofs};
    }
};

namespace detail {
ASYNCIO_EXPORT Coroutine<StreamPair> open_stream(std::int64_t limit, ConnectRequest request);
ASYNCIO_EXPORT Coroutine<Server> serve_streams(std::shared_ptr<ClientCallback> callback,
                                               std::int64_t limit, ListenRequest request);
} // namespace detail

/// Connects to host:port. Throws OSError: ConnectionRefusedError, gaierror...
inline Coroutine<StreamPair> open_connection(HostArg host = {}, PortArg port = {},
                                             OpenConnectionOptions options = {}) {
    return detail::open_stream(options.limit,
                               detail::ConnectRequest(host, port, options.connection()));
}
inline Coroutine<StreamPair> open_connection(OpenConnectionOptions options) {
    return open_connection({}, {}, options);
}

/// Listens on host:port, on all interfaces without a host, and calls client_connected_cb(reader,
/// writer) for each connection. If it is a coroutine function, each call runs as a task; what such
/// a task throws is reported to the loop's exception handler and closes the connection. The
/// callable is owned until the server is closed and the last of its tasks is done.
template <detail::ClientConnectedCallback F>
Coroutine<Server> start_server(F&& client_connected_cb, HostArg host = {}, PortArg port = {},
                               StartServerOptions options = {}) {
    return detail::serve_streams(detail::make_client_callback(std::forward<F>(client_connected_cb)),
                                 options.limit,
                                 detail::ListenRequest(host, port, options.server()));
}
template <detail::ClientConnectedCallback F>
Coroutine<Server> start_server(F&& client_connected_cb, StartServerOptions options) {
    return start_server(std::forward<F>(client_connected_cb), {}, {}, options);
}

static_assert(std::is_trivially_destructible_v<OpenConnectionOptions> &&
              std::is_trivially_destructible_v<StartServerOptions>);

} // namespace asyncio
