// Layer 4. System calls behind TransportSocket.
#include <asyncio/exceptions.hpp>
#include <asyncio/sockets.hpp>

#include "net_socket.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/socket.h>

namespace asyncio {

detail::SocketView::SocketView(int descriptor, int family_number) noexcept
    : fd(descriptor), family(family_number), type(SOCK_STREAM), proto(0) {
    if (fd < 0) return;
    family = int_option(fd, SOL_SOCKET, SO_DOMAIN);
    type = int_option(fd, SOL_SOCKET, SO_TYPE);
    proto = int_option(fd, SOL_SOCKET, SO_PROTOCOL);
}

detail::SocketView& TransportSocket::view() const {
    if (!view_) throw RuntimeError("the TransportSocket is None");
    return *view_;
}

namespace {

// A system call's result, or OSError.
int checked(int result) {
    if (result < 0) raise_from_errno(errno);
    return result;
}

SocketAddress address_of(int fd, int (*get)(int, sockaddr*, socklen_t*) noexcept) {
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    checked(get(fd, reinterpret_cast<sockaddr*>(&storage), &size));
    return SocketAddress::from(&storage, size);
}

} // namespace

int TransportSocket::dup() const { return checked(::fcntl(fileno(), F_DUPFD_CLOEXEC, 0)); }

bool TransportSocket::get_inheritable() const {
    return !(checked(::fcntl(fileno(), F_GETFD)) & FD_CLOEXEC);
}

void TransportSocket::shutdown(int how) const { checked(::shutdown(fileno(), how)); }

int TransportSocket::getsockopt(int level, int option) const {
    int value = 0;
    socklen_t size = sizeof value;
    checked(::getsockopt(fileno(), level, option, &value, &size));
    return value;
}

std::string TransportSocket::getsockopt(int level, int option, std::size_t size) const {
    std::string value(size, '\0');
    auto length = static_cast<socklen_t>(size);
    checked(::getsockopt(fileno(), level, option, value.data(), &length));
    value.resize(length);
    return value;
}

void TransportSocket::setsockopt(int level, int option, int value) const {
    checked(::setsockopt(fileno(), level, option, &value, sizeof value));
}

void TransportSocket::setsockopt(int level, int option, std::string_view value) const {
    checked(
        ::setsockopt(fileno(), level, option, value.data(), static_cast<socklen_t>(value.size())));
}

SocketAddress TransportSocket::getsockname() const { return address_of(fileno(), ::getsockname); }
SocketAddress TransportSocket::getpeername() const { return address_of(fileno(), ::getpeername); }

void TransportSocket::settimeout(std::optional<Seconds> timeout) const {
    if (!timeout || timeout->count() != 0)
        throw ValueError("settimeout(): only 0 timeout is allowed on transport sockets");
}

void TransportSocket::setblocking(bool flag) const {
    if (flag) throw ValueError("setblocking(): transport sockets cannot be blocking");
}

namespace {

// As Python's str(): the path of a Unix socket bare, nothing for one without a name.
std::string shown(const char* key, const SocketAddress& address) {
    std::string text = address.str();
    if (address.family() == AF_UNIX && !address.host().starts_with('\0')) text = address.host();
    return text.empty() || !address ? "" : key + text;
}

} // namespace

std::string TransportSocket::repr() const {
    if (!view_) return "None";
    const detail::SocketView& socket = view();
    std::string text = "<asyncio.TransportSocket fd=" + std::to_string(socket.fd) +
                       ", family=" + std::to_string(socket.family) +
                       ", type=" + std::to_string(socket.type) +
                       ", proto=" + std::to_string(socket.proto);
    if (socket.fd >= 0) {
        text += shown(", laddr=", detail::local_address(socket.fd));
        text += shown(", raddr=", detail::peer_address(socket.fd));
    }
    return text + '>';
}

} // namespace asyncio
