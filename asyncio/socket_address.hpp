// Layer 4. SocketAddress: where a socket is, as getsockname() and getpeername() tell it.
//
// Python counterpart: the address tuples of the socket module, ('127.0.0.1', 80) and
// ('::1', 80, 0, 0), and the path of a Unix socket.
#pragma once
#include <asyncio/config.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace asyncio {

/// An IPv4, IPv6 or Unix address; default-constructed it is None.
class ASYNCIO_EXPORT SocketAddress {
public:
    SocketAddress() = default;
    /// From a literal IPv4 or IPv6 address. Throws ValueError for another text and OverflowError
    /// for a port outside of 0-65535.
    SocketAddress(std::string_view host, int port, std::uint32_t flowinfo = 0,
                  std::uint32_t scope_id = 0);
    /// The address of a Unix socket; an abstract one begins with a NUL.
    static SocketAddress unix_path(std::string_view path);

    /// AF_INET, AF_INET6 or AF_UNIX; AF_UNSPEC (0) for None.
    int family() const noexcept { return family_; }
    /// The address as text: "127.0.0.1", "::1", the path; empty for None.
    std::string host() const;
    int port() const noexcept { return port_; }
    std::uint32_t flowinfo() const noexcept { return flowinfo_; }
    std::uint32_t scope_id() const noexcept { return scope_id_; }
    explicit operator bool() const noexcept { return family_ != 0; }

    /// Python's repr of the tuple, "('127.0.0.1', 80)"; "None" for None.
    std::string str() const;

    friend bool operator==(const SocketAddress& a, const SocketAddress& b) noexcept {
        return (a <=> b) == 0;
    }
    friend ASYNCIO_EXPORT std::strong_ordering operator<=>(const SocketAddress& a,
                                                           const SocketAddress& b) noexcept;

    /// The system's form. `from` takes a sockaddr of `size` bytes and gives None for a family it
    /// does not know; `to` fills a sockaddr_storage and returns the size.
    static SocketAddress from(const void* sockaddr, std::size_t size);
    std::size_t to(void* sockaddr_storage) const noexcept;

private:
    std::uint16_t family_ = 0;
    std::uint16_t port_ = 0;
    std::uint32_t flowinfo_ = 0;
    std::uint32_t scope_id_ = 0;
    std::array<unsigned char, 16> bytes_{}; // in network order
    std::shared_ptr<const std::string> path_;
};

} // namespace asyncio
