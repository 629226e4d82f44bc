// Layer 4. TransportSocket: a look at the socket of a transport or server, without the operations
// that would disturb it.
//
// Python counterpart: asyncio.trsock.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/socket_address.hpp>

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace asyncio {

namespace detail {

/// Shared by the views of one socket; its owner sets fd to -1 when it closes the socket.
struct ASYNCIO_EXPORT SocketView final : RefCounted, Pooled {
    SocketView(int descriptor, int family_number) noexcept;
    void destroy() noexcept { delete this; }
    int fd;
    int family;
    int type;
    int proto;
};

} // namespace detail

/// A handle; default-constructed it is None. Constants are the system's: SOL_SOCKET, SO_RCVBUF...
/// Once the socket is closed, fileno() is -1 and what needs the system throws OSError (EBADF).
class ASYNCIO_EXPORT TransportSocket {
public:
    TransportSocket() = default;
    explicit TransportSocket(detail::Ref<detail::SocketView> view) noexcept
        : view_(std::move(view)) {}

    int family() const { return view().family; } ///< AF_INET...
    int type() const { return view().type; }     ///< SOCK_STREAM...
    int proto() const { return view().proto; }
    int fileno() const { return view().fd; }
    /// A duplicate of the descriptor, close-on-exec, that the caller owns.
    int dup() const;
    bool get_inheritable() const;
    /// SHUT_RD, SHUT_WR or SHUT_RDWR.
    void shutdown(int how) const;
    int getsockopt(int level, int option) const;
    /// At most `size` bytes of an option that is no int.
    std::string getsockopt(int level, int option, std::size_t size) const;
    void setsockopt(int level, int option, int value) const;
    void setsockopt(int level, int option, std::string_view value) const;
    SocketAddress getsockname() const;
    SocketAddress getpeername() const;
    Seconds gettimeout() const noexcept { return 0; }
    /// Throws ValueError for anything but zero: the socket never blocks.
    void settimeout(std::optional<Seconds> timeout) const;
    /// Throws ValueError for true.
    void setblocking(bool flag) const;
    /// As Python's repr().
    std::string repr() const;

    explicit operator bool() const noexcept { return static_cast<bool>(view_); }
    friend bool operator==(const TransportSocket&, const TransportSocket&) noexcept = default;

private:
    detail::SocketView& view() const;
    detail::Ref<detail::SocketView> view_;
};

} // namespace asyncio
