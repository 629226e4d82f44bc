// Layer 4. create_datagram_endpoint: from addresses to a datagram transport.
//
//   local and remote address ─> getaddrinfo ─> bind, connect ─> DatagramTransport + protocol
//
// Python counterpart: base_events.BaseEventLoop.create_datagram_endpoint.
#pragma once
#include <asyncio/address_info.hpp>
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/endpoints.hpp>
#include <asyncio/events.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/transports.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A host and a port, {"127.0.0.1", 9999}, or the path of a Unix socket; by default None. A view.
class EndpointArg {
public:
    constexpr EndpointArg() noexcept = default;
    constexpr EndpointArg(HostArg host, PortArg port) noexcept : host_(host), port_(port) {
        kind_ = Kind::inet;
    }
    constexpr EndpointArg(AddressArg address) noexcept
        : EndpointArg(address.host(), address.port()) {}
    template <std::convertible_to<std::string_view> S>
    constexpr EndpointArg(const S& path) noexcept : path_(path), kind_(Kind::unix_path) {}

    /// Python's truth of the address: an empty path is as none.
    constexpr explicit operator bool() const noexcept {
        return kind_ == Kind::inet || !path_.empty();
    }
    constexpr bool is_path() const noexcept { return kind_ == Kind::unix_path; }
    constexpr std::string_view path() const noexcept { return path_; }
    constexpr HostArg host() const noexcept { return host_; }
    constexpr PortArg port() const noexcept { return port_; }

private:
    enum class Kind : unsigned char { none, inet, unix_path };
    HostArg host_;
    PortArg port_;
    std::string_view path_;
    Kind kind_ = Kind::none;
};

struct CreateDatagramEndpointOptions {
    EndpointArg local_addr = {};  ///< What to bind the socket to
    EndpointArg remote_addr = {}; ///< The peer: only its datagrams are received
    int family = 0;               ///< AF_INET, AF_INET6 or AF_UNIX; any by default
    int proto = 0;
    int flags = 0;                ///< of getaddrinfo()
    bool reuse_port = false;      ///< SO_REUSEPORT
    bool allow_broadcast = false; ///< SO_BROADCAST; a remote address is then not connected to
    std::optional<int> sock = {}; ///< A datagram socket to take, without all of the above
};

namespace detail {

// The options with their text.
class ASYNCIO_EXPORT DatagramRequest {
public:
    struct Address {
        explicit Address(const EndpointArg& given);
        bool given;
        bool is_path;
        std::string path;
        std::optional<std::string> host;
        std::optional<std::string> port;
        std::string repr() const;
    };

    explicit DatagramRequest(const CreateDatagramEndpointOptions& options);
    Address local;
    Address remote;
    int family;
    int proto;
    int flags;
    bool reuse_port;
    bool allow_broadcast;
    std::optional<int> sock;
};

/// A bound and connected socket.
class ASYNCIO_EXPORT DatagramEndpoint {
public:
    DatagramEndpoint(Ref<StreamSocket> opened, SocketAddress remote) noexcept
        : socket(std::move(opened)), address(std::move(remote)) {}
    Ref<StreamSocket> socket;
    SocketAddress address;
};

ASYNCIO_EXPORT Coroutine<DatagramEndpoint> open_datagram_socket(AbstractEventLoop& loop,
                                                                DatagramRequest request);
/// Returns once connection_made() has run.
ASYNCIO_EXPORT Coroutine<std::shared_ptr<DatagramTransport>>
open_datagram_transport(AbstractEventLoop& loop, DatagramEndpoint endpoint,
                        std::shared_ptr<BaseProtocol> protocol);

template <class F>
Coroutine<std::pair<std::shared_ptr<DatagramTransport>, std::shared_ptr<protocol_t<F>>>>
datagram_endpoint_with(AbstractEventLoop& loop, F source, DatagramRequest request) {
    DatagramEndpoint endpoint = co_await open_datagram_socket(loop, std::move(request));
    std::shared_ptr<protocol_t<F>> protocol = ProtocolOf<F>::make(source);
    std::shared_ptr<DatagramTransport> transport =
        co_await open_datagram_transport(loop, std::move(endpoint), protocol);
    co_return std::pair(std::move(transport), std::move(protocol));
}

} // namespace detail

// Declared in events.hpp.

template <class F>
auto AbstractEventLoop::create_datagram_endpoint(F&& factory,
                                                 CreateDatagramEndpointOptions options) {
    static_assert(detail::ProtocolSource<F>,
                  "create_datagram_endpoint() takes a function that returns a std::shared_ptr to a "
                  "protocol, or such a pointer");
    static_assert(std::derived_from<detail::protocol_t<F>, DatagramProtocol>,
                  "a datagram transport needs a DatagramProtocol");
    detail::check_callable<F>();
    return detail::datagram_endpoint_with<std::decay_t<F>>(*this, std::forward<F>(factory),
                                                           detail::DatagramRequest(options));
}

static_assert(std::is_trivially_destructible_v<CreateDatagramEndpointOptions>);

} // namespace asyncio
