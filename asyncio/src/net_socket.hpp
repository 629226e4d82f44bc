// Layer 4. The seam over a socket of the system: system calls for bytes, Asio for readiness.
//
// Asio's completion handlers only append a node to the loop's ready queue. All descriptors are
// non-blocking and close-on-exec.
#pragma once
#include <asyncio/detail/stream_socket.hpp>
#include <asyncio/socket_address.hpp>

#include <memory>
#include <utility>

namespace asyncio::detail {

/// Owns a descriptor.
class UniqueFd {
public:
    UniqueFd() = default;
    explicit UniqueFd(int fd) noexcept : fd_(fd) {}
    UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
    UniqueFd& operator=(UniqueFd&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~UniqueFd();
    int get() const noexcept { return fd_; }
    int release() noexcept { return std::exchange(fd_, -1); }
    explicit operator bool() const noexcept { return fd_ >= 0; }

private:
    int fd_ = -1;
};

/// A connecting, listening or connected socket that belongs to one loop.
class NetSocket : public StreamSocket {
public:
    IoResult try_read(void* buffer, std::size_t size) noexcept final;
    IoResult try_write(std::string_view data) noexcept final;
    IoResult try_write(std::span<const std::string_view> pieces) noexcept final;
    int shutdown_write() noexcept final;
    int fileno() const noexcept final { return fd_; }

protected:
    explicit NetSocket(int fd) noexcept : fd_(fd) {}
    int fd_;
};

/// What makes NetSockets for a loop. Throws NotImplementedError for a user's own loop.
class SocketMaker {
public:
    explicit SocketMaker(LoopCore& core);
    SocketMaker(SocketMaker&&) noexcept;
    ~SocketMaker();
    /// Takes the descriptor. Throws OSError when it cannot be watched.
    Ref<NetSocket> make(UniqueFd fd) const;

private:
    struct Executor;
    std::unique_ptr<Executor> executor_;
};

/// A new non-blocking socket. Throws OSError.
UniqueFd open_socket(int family, int type, int proto);
/// 0 or an errno.
int bind_socket(int fd, const SocketAddress& address) noexcept;
/// EINPROGRESS: the socket becomes writable when the connection is made or has failed.
int connect_socket(int fd, const SocketAddress& address) noexcept;
/// SO_ERROR: how a connection attempt ended.
int socket_error(int fd) noexcept;
/// setsockopt of an int; 0 or an errno.
int set_option(int fd, int level, int option, int value) noexcept;
/// getsockopt of an int, -1 when it fails.
int int_option(int fd, int level, int option) noexcept;
/// Small writes are sent without waiting for the peer. Does nothing to what is not TCP.
void set_nodelay(int fd, int family) noexcept;
/// None when the system does not tell.
SocketAddress local_address(int fd) noexcept;
SocketAddress peer_address(int fd) noexcept;

struct Accepted {
    UniqueFd fd;
    SocketAddress peer;
    int error = 0;
};
Accepted accept_socket(int fd) noexcept;

} // namespace asyncio::detail
