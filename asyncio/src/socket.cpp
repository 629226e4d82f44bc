// Layer 4. System calls behind Socket.
#include <asyncio/exceptions.hpp>
#include <asyncio/socket.hpp>

#include "net_socket.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace asyncio {
namespace {

// A system call's result, or OSError. Interrupted calls are made again, as in Python.
template <class Call>
auto checked(Call call) {
    for (;;) {
        const auto result = call();
        if (result >= 0) return result;
        if (errno != EINTR) raise_from_errno(errno);
    }
}

SocketAddress address_of(int fd, int (*get)(int, sockaddr*, socklen_t*) noexcept) {
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    checked([&] { return get(fd, reinterpret_cast<sockaddr*>(&storage), &size); });
    return SocketAddress::from(&storage, size);
}

} // namespace

detail::SocketCore::SocketCore(int descriptor) noexcept
    : fd(descriptor), family(int_option(fd, SOL_SOCKET, SO_DOMAIN)),
      type(int_option(fd, SOL_SOCKET, SO_TYPE)), proto(int_option(fd, SOL_SOCKET, SO_PROTOCOL)) {}

detail::SocketCore::~SocketCore() {
    if (fd >= 0) ::close(fd);
}

detail::SocketCore& Socket::core() const {
    if (!core_) throw RuntimeError("the Socket is None");
    return *core_;
}

Socket::Socket(int family, int type, int proto)
    : Socket(from_fileno(
          checked([&] { return ::socket(family, type | SOCK_CLOEXEC, proto); }))) {}

Socket Socket::from_fileno(int fd) {
    auto core = detail::make_ref<detail::SocketCore>(fd);
    if (core->type >= 0) return Socket(std::move(core));
    const int error = errno;
    core->fd = -1; // not ours
    raise_from_errno(error);
}

int Socket::detach() const { return std::exchange(core().fd, -1); }

void Socket::close() const {
    if (const int fd = detach(); fd >= 0) ::close(fd);
}

void Socket::setblocking(bool flag) const {
    const int flags = checked([&] { return ::fcntl(fileno(), F_GETFL); });
    const int wanted = flag ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    if (wanted != flags) checked([&] { return ::fcntl(fileno(), F_SETFL, wanted); });
}

bool Socket::getblocking() const {
    return !(checked([&] { return ::fcntl(fileno(), F_GETFL); }) & O_NONBLOCK);
}

std::optional<Seconds> Socket::gettimeout() const {
    if (getblocking()) return {};
    return Seconds(0);
}

int Socket::getsockopt(int level, int option) const {
    int value = 0;
    socklen_t size = sizeof value;
    checked([&] { return ::getsockopt(fileno(), level, option, &value, &size); });
    return value;
}

void Socket::setsockopt(int level, int option, int value) const {
    checked([&] { return ::setsockopt(fileno(), level, option, &value, sizeof value); });
}

void Socket::setsockopt(int level, int option, std::string_view value) const {
    const auto size = static_cast<socklen_t>(value.size());
    checked([&] { return ::setsockopt(fileno(), level, option, value.data(), size); });
}

SocketAddress Socket::getsockname() const { return address_of(fileno(), ::getsockname); }
SocketAddress Socket::getpeername() const { return address_of(fileno(), ::getpeername); }

void Socket::bind(const SocketAddress& address) const {
    if (const int error = detail::bind_socket(fileno(), address)) raise_from_errno(error);
}

void Socket::listen(int backlog) const {
    checked([&] { return ::listen(fileno(), backlog); });
}

void Socket::connect(const SocketAddress& address) const {
    if (const int error = detail::connect_socket(fileno(), address)) raise_from_errno(error);
}

std::pair<Socket, SocketAddress> Socket::accept() const {
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    const int flags = SOCK_CLOEXEC | (getblocking() ? 0 : SOCK_NONBLOCK);
    const int fd = checked([&] {
        size = sizeof storage;
        return ::accept4(fileno(), reinterpret_cast<sockaddr*>(&storage), &size, flags);
    });
    return {from_fileno(fd), SocketAddress::from(&storage, size)};
}

void Socket::shutdown(int how) const {
    checked([&] { return ::shutdown(fileno(), how); });
}

std::size_t Socket::send(std::string_view data) const {
    return static_cast<std::size_t>(
        checked([&] { return ::send(fileno(), data.data(), data.size(), MSG_NOSIGNAL); }));
}

std::size_t Socket::sendto(std::string_view data, const SocketAddress& address) const {
    sockaddr_storage storage;
    const auto size = static_cast<socklen_t>(address.to(&storage));
    return static_cast<std::size_t>(checked([&] {
        return ::sendto(fileno(), data.data(), data.size(), MSG_NOSIGNAL,
                        reinterpret_cast<sockaddr*>(&storage), size);
    }));
}

std::string Socket::recv(std::size_t size) const {
    std::string data(size, '\0');
    const auto got = checked([&] { return ::recv(fileno(), data.data(), size, 0); });
    data.resize(static_cast<std::size_t>(got));
    return data;
}

std::pair<std::string, SocketAddress> Socket::recvfrom(std::size_t size) const {
    std::string data(size, '\0');
    sockaddr_storage storage;
    socklen_t length = sizeof storage;
    const auto got = checked([&] {
        length = sizeof storage;
        return ::recvfrom(fileno(), data.data(), size, 0, reinterpret_cast<sockaddr*>(&storage),
                          &length);
    });
    data.resize(static_cast<std::size_t>(got));
    return {std::move(data), SocketAddress::from(&storage, length)};
}

std::string Socket::repr() const {
    if (!core_) return "None";
    const detail::SocketCore& it = core();
    std::string text = std::string("<asyncio.Socket") + (it.fd < 0 ? " [closed]" : "") +
                       " fd=" + std::to_string(it.fd) + ", family=" + std::to_string(it.family) +
                       ", type=" + std::to_string(it.type) + ", proto=" + std::to_string(it.proto);
    if (it.fd >= 0) {
        if (const auto local = detail::local_address(it.fd)) text += ", laddr=" + local.str();
        if (const auto peer = detail::peer_address(it.fd)) text += ", raddr=" + peer.str();
    }
    return text + '>';
}

std::pair<Socket, Socket> socketpair(int type) {
    int fds[2];
    const int kind = type ? type : SOCK_STREAM;
    checked([&] { return ::socketpair(AF_UNIX, kind | SOCK_CLOEXEC, 0, fds); });
    Socket first = Socket::from_fileno(fds[0]);
    return {std::move(first), Socket::from_fileno(fds[1])};
}

} // namespace asyncio
