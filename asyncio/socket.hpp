// Layer 4. Socket: a socket of one's own, and what the loop's sock_* methods work on.
//
// A handle: the last one closes the socket. Sockets are made blocking, as in Python; the loop's
// methods need setblocking(false). Python counterpart: socket.socket.
#pragma once
#include <asyncio/address_info.hpp>
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/events.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/socket_address.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace asyncio {

namespace detail {
struct ASYNCIO_EXPORT SocketCore final : RefCounted {
    explicit SocketCore(int descriptor) noexcept;
    ~SocketCore();
    void destroy() noexcept { delete this; }
    int fd;
    int family;
    int type;
    int proto;
};
} // namespace detail

/// Default-constructed it is None. Numbers are the system's: AF_INET, SOCK_STREAM, SOL_SOCKET...
/// System calls that fail throw OSError; what would block on a non-blocking socket throws
/// BlockingIOError. All descriptors are close-on-exec.
class ASYNCIO_EXPORT Socket {
public:
    Socket() = default;
    Socket(int family, int type, int proto = 0);
    /// Takes a descriptor, as Python's socket.socket(fileno=fd).
    static Socket from_fileno(int fd);

    int family() const { return core().family; }
    int type() const { return core().type; }
    int proto() const { return core().proto; }
    /// -1 once it is closed or detached.
    int fileno() const { return core().fd; }
    /// Gives the descriptor to the caller.
    int detach() const;
    /// Idempotent.
    void close() const;

    void setblocking(bool flag) const;
    bool getblocking() const;
    /// None when it blocks, zero when it does not.
    std::optional<Seconds> gettimeout() const;
    int getsockopt(int level, int option) const;
    void setsockopt(int level, int option, int value) const;
    void setsockopt(int level, int option, std::string_view value) const;
    SocketAddress getsockname() const;
    SocketAddress getpeername() const;

    void bind(const SocketAddress& address) const;
    void listen(int backlog = 128) const;
    void connect(const SocketAddress& address) const;
    /// The connection, blocking as this socket is, and where it comes from.
    std::pair<Socket, SocketAddress> accept() const;
    /// SHUT_RD, SHUT_WR or SHUT_RDWR.
    void shutdown(int how) const;

    std::size_t send(std::string_view data) const;
    std::size_t sendto(std::string_view data, const SocketAddress& address) const;
    std::string recv(std::size_t size) const;
    std::pair<std::string, SocketAddress> recvfrom(std::size_t size) const;

    /// As Python's repr().
    std::string repr() const;
    explicit operator bool() const noexcept { return static_cast<bool>(core_); }
    friend bool operator==(const Socket&, const Socket&) noexcept = default;

private:
    explicit Socket(detail::Ref<detail::SocketCore> core) noexcept : core_(std::move(core)) {}
    detail::SocketCore& core() const;
    detail::Ref<detail::SocketCore> core_;
};

/// Two connected sockets; of AF_UNIX, as Python's socket.socketpair(). Type 0 is SOCK_STREAM.
ASYNCIO_EXPORT std::pair<Socket, Socket> socketpair(int type = 0);

} // namespace asyncio
