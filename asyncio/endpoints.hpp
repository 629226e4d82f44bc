// Layer 4. create_connection and create_server: from a host and a port to transports.
//
//   create_connection ─> getaddrinfo ─> connect, address by address ─> transport + protocol
//   create_server     ─> getaddrinfo ─> bind, listen ─> Server ─> a transport for each connection
//
// Python counterpart: base_events.BaseEventLoop.
#pragma once
#include <asyncio/address_info.hpp>
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/stream_socket.hpp>
#include <asyncio/events.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/server.hpp>
#include <asyncio/socket.hpp>
#include <asyncio/start_tls.hpp>
#include <asyncio/transports.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {

struct CreateServerOptions {
    int family = 0;                ///< AF_INET or AF_INET6; any by default
    std::optional<int> flags = {}; ///< of getaddrinfo(); AI_PASSIVE by default
    std::optional<int> sock = {};  ///< A bound stream socket to take, without host and port
    int backlog = constants::DEFAULT_BACKLOG; ///< Connections the system queues before we accept
    std::optional<bool> reuse_address = {};   ///< SO_REUSEADDR; true by default
    bool reuse_port = false;                  ///< SO_REUSEPORT
    bool keep_alive = false;                  ///< SO_KEEPALIVE
    bool start_serving = true;                ///< False: bind only, until start_serving()
    SSLArg ssl = {};                          ///< Use TLS with this context
    std::optional<Seconds> ssl_handshake_timeout = {}; ///< 60 s by default
    std::optional<Seconds> ssl_shutdown_timeout = {};  ///< 30 s by default
    bool suppress_ragged_eofs = true;                  ///< See StartTlsOptions
};

struct CreateConnectionOptions {
    int family = 0;
    int proto = 0;
    int flags = 0;
    std::optional<int> sock = {};              ///< A connected stream socket to take instead
    std::optional<AddressArg> local_addr = {}; ///< What to bind the socket to
    bool all_errors = false; ///< Raise all errors as an ExceptionGroup "create_connection failed"
    /// Happy eyeballs (RFC 8305): an attempt that is not over by then runs on while the next
    /// address is tried; the first connection wins. Nothing: one address after another.
    std::optional<Seconds> happy_eyeballs_delay = {};
    /// n > 0 alternates the address families, after n addresses of the first one; 0 keeps the
    /// resolver's order. 1 by default with happy_eyeballs_delay, else 0.
    std::optional<int> interleave = {};
    SSLArg ssl = {}; ///< Use TLS: a context, or true for the default one
    /// What the server's certificate must be for; the host by default. Empty: anything.
    std::optional<std::string_view> server_hostname = {};
    std::optional<Seconds> ssl_handshake_timeout = {}; ///< 60 s by default
    std::optional<Seconds> ssl_shutdown_timeout = {};  ///< 30 s by default
    bool suppress_ragged_eofs = true;                  ///< See StartTlsOptions
};

struct ConnectAcceptedSocketOptions {
    SSLArg ssl = {}; ///< Be the server of a TLS connection: a context with a certificate
    std::optional<Seconds> ssl_handshake_timeout = {}; ///< 60 s by default
    std::optional<Seconds> ssl_shutdown_timeout = {};  ///< 30 s by default
    bool suppress_ragged_eofs = true;                  ///< See StartTlsOptions
};

namespace detail {

using ProtocolFactory = std::function<std::shared_ptr<BaseProtocol>()>;

// What connects and listens, with its text: the options are views.
class ASYNCIO_EXPORT ConnectRequest {
public:
    ConnectRequest(HostArg host, PortArg port, const CreateConnectionOptions& options);
    ConnectRequest(int accepted, const ConnectAcceptedSocketOptions& options);
    ConnectRequest(PathArg path, const CreateUnixConnectionOptions& options);
    std::optional<AddressQuery> remote; // nothing: the socket
    std::optional<AddressQuery> local;
    std::optional<int> sock;
    Socket owned; // the same, if it is to be closed unless a transport takes it
    bool all_errors;
    std::optional<Seconds> happy_eyeballs_delay;
    int interleave;
    bool over_unix = false;
    std::optional<std::string> path;
    std::shared_ptr<TlsRequest> tls; // null without any of its arguments
};
class ASYNCIO_EXPORT ListenRequest {
public:
    ListenRequest(HostArg host, PortArg port, const CreateServerOptions& options);
    ListenRequest(PathArg path, const CreateUnixServerOptions& options);
    std::vector<AddressQuery> addresses; // nothing: the socket
    CreateServerOptions options;
    bool over_unix = false;
    std::optional<std::string> path;
    bool cleanup_socket = false;
    std::shared_ptr<TlsRequest> tls;
};

ASYNCIO_EXPORT Coroutine<Ref<StreamSocket>> connect(AbstractEventLoop& loop,
                                                    ConnectRequest request);
/// Returns once connection_made() has run, over TLS if that is wanted.
ASYNCIO_EXPORT Coroutine<std::shared_ptr<Transport>>
open_transport(AbstractEventLoop& loop, Ref<StreamSocket> socket,
               std::shared_ptr<BaseProtocol> protocol, std::shared_ptr<const TlsRequest> tls);
ASYNCIO_EXPORT Coroutine<Server> serve(AbstractEventLoop& loop, ProtocolFactory factory,
                                       ListenRequest request);

template <class F>
struct ProtocolOf {}; // no protocol factory
template <class P>
    requires std::derived_from<P, BaseProtocol>
struct ProtocolOf<std::shared_ptr<P>> {
    using type = P;
    static const std::shared_ptr<P>& make(const std::shared_ptr<P>& protocol) { return protocol; }
};
template <class F>
    requires std::invocable<F&>
struct ProtocolOf<F> : ProtocolOf<std::remove_cvref_t<std::invoke_result_t<F&>>> {
    static decltype(auto) make(F& factory) { return factory(); }
};

/// A function that returns a std::shared_ptr<P>, or such a pointer itself.
template <class F>
concept ProtocolSource = requires { typename ProtocolOf<std::decay_t<F>>::type; };

template <ProtocolSource F>
using protocol_t = typename ProtocolOf<std::decay_t<F>>::type;

template <class F>
Coroutine<std::pair<std::shared_ptr<Transport>, std::shared_ptr<protocol_t<F>>>>
connect_with(AbstractEventLoop& loop, F source, ConnectRequest request) {
    const std::shared_ptr<const TlsRequest> tls = request.tls;
    Ref<StreamSocket> socket = co_await connect(loop, std::move(request));
    std::shared_ptr<protocol_t<F>> protocol = ProtocolOf<F>::make(source);
    std::shared_ptr<Transport> transport =
        co_await open_transport(loop, std::move(socket), protocol, tls);
    co_return std::pair(std::move(transport), std::move(protocol));
}

template <class F>
ProtocolFactory make_factory(F&& source) {
    using D = std::decay_t<F>;
    auto owned = std::make_shared<D>(std::forward<F>(source));
    return [owned]() -> std::shared_ptr<BaseProtocol> { return ProtocolOf<D>::make(*owned); };
}

} // namespace detail

// Declared in events.hpp.

template <class F>
auto AbstractEventLoop::create_connection(F&& factory, HostArg host, PortArg port,
                                          CreateConnectionOptions options) {
    static_assert(detail::ProtocolSource<F>, "create_connection() takes a function that returns a "
                                             "std::shared_ptr to a protocol, or such a pointer");
    detail::check_callable<F>();
    return detail::connect_with<std::decay_t<F>>(*this, std::forward<F>(factory),
                                                 detail::ConnectRequest(host, port, options));
}
template <class F>
auto AbstractEventLoop::create_connection(F&& factory, HostArg host, PortArg port) {
    return create_connection(std::forward<F>(factory), host, port, CreateConnectionOptions());
}
template <class F>
auto AbstractEventLoop::create_connection(F&& factory, CreateConnectionOptions options) {
    return create_connection(std::forward<F>(factory), HostArg(), PortArg(), options);
}

template <class F>
auto AbstractEventLoop::create_server(F&& factory, HostArg host, PortArg port,
                                      CreateServerOptions options) {
    static_assert(detail::ProtocolSource<F>, "create_server() takes a function that returns a "
                                             "std::shared_ptr to a protocol, or such a pointer");
    detail::check_callable<F>();
    return detail::serve(*this, detail::make_factory(std::forward<F>(factory)),
                         detail::ListenRequest(host, port, options));
}
template <class F>
auto AbstractEventLoop::create_server(F&& factory, HostArg host, PortArg port) {
    return create_server(std::forward<F>(factory), host, port, CreateServerOptions());
}
template <class F>
auto AbstractEventLoop::create_server(F&& factory, CreateServerOptions options) {
    return create_server(std::forward<F>(factory), HostArg(), PortArg(), options);
}

template <class F>
auto AbstractEventLoop::connect_accepted_socket(F&& factory, int sock,
                                                ConnectAcceptedSocketOptions options) {
    static_assert(detail::ProtocolSource<F>,
                  "connect_accepted_socket() takes a function that returns a std::shared_ptr to a "
                  "protocol, or such a pointer");
    detail::check_callable<F>();
    return detail::connect_with<std::decay_t<F>>(*this, std::forward<F>(factory),
                                                 detail::ConnectRequest(sock, options));
}
template <class F>
auto AbstractEventLoop::connect_accepted_socket(F&& factory, int sock) {
    return connect_accepted_socket(std::forward<F>(factory), sock, ConnectAcceptedSocketOptions());
}

static_assert(std::is_trivially_destructible_v<CreateServerOptions> &&
              std::is_trivially_destructible_v<CreateConnectionOptions> &&
              std::is_trivially_destructible_v<ConnectAcceptedSocketOptions> &&
              std::is_trivially_destructible_v<GetAddrInfoOptions>);

} // namespace asyncio
