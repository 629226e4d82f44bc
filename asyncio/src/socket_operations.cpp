// Layer 4. loop.sock_recv() and its kin.
#include <asyncio/exceptions.hpp>
#include <asyncio/socket.hpp>

#include "endpoints.hpp"
#include "net_socket.hpp"
#include "receive_buffer.hpp"
#include "socket_operations.hpp"
#include "socket_waits.hpp"

#include <cerrno>

#include <sys/socket.h>

namespace asyncio {
namespace detail {

void check_socket(const LoopCore& core, const Socket& sock) {
    if (core.debug_ && sock.fileno() >= 0 && sock.getblocking())
        throw ValueError("the socket must be non-blocking");
}

namespace {

// Where an address of the system ends up.
struct From {
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    SocketAddress address() const { return SocketAddress::from(&storage, size); }
};

ssize_t receive(int fd, void* buffer, std::size_t size, From* from) noexcept {
    if (!from) return ::recv(fd, buffer, size, MSG_DONTWAIT);
    from->size = sizeof from->storage;
    return ::recvfrom(fd, buffer, size, MSG_DONTWAIT,
                      reinterpret_cast<sockaddr*>(&from->storage), &from->size);
}

// Receives into a string that is as long as what arrives.
ssize_t receive(int fd, std::string& data, std::size_t size, From* from) {
    const std::span<char> shared = receive_buffer();
    if (size > shared.size()) {
        data.resize(size);
        const ssize_t got = receive(fd, data.data(), size, from);
        data.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return got;
    }
    const ssize_t got = receive(fd, shared.data(), size, from);
    if (got > 0) data.assign(shared.data(), static_cast<std::size_t>(got));
    return got;
}

Coroutine<std::string> recv(LoopCore& core, Socket sock, std::size_t size) {
    check_socket(core, sock);
    std::string data;
    SystemCall call([&] { return receive(sock.fileno(), data, size, nullptr); });
    if (!call()) co_await Attempted(core, sock.fileno(), Direction::read, call);
    call.value();
    co_return data;
}

Coroutine<std::size_t> recv_into(LoopCore& core, Socket sock, std::span<std::byte> buffer) {
    check_socket(core, sock);
    SystemCall call([&] { return receive(sock.fileno(), buffer.data(), buffer.size(), nullptr); });
    if (!call()) co_await Attempted(core, sock.fileno(), Direction::read, call);
    co_return call.value();
}

Coroutine<std::pair<std::string, SocketAddress>> recvfrom(LoopCore& core, Socket sock,
                                                          std::size_t size) {
    check_socket(core, sock);
    std::string data;
    From from;
    SystemCall call([&] { return receive(sock.fileno(), data, size, &from); });
    if (!call()) co_await Attempted(core, sock.fileno(), Direction::read, call);
    call.value();
    co_return std::pair(std::move(data), from.address());
}

Coroutine<std::pair<std::size_t, SocketAddress>>
recvfrom_into(LoopCore& core, Socket sock, std::span<std::byte> buffer, std::size_t nbytes) {
    check_socket(core, sock);
    if (nbytes > buffer.size())
        throw ValueError("nbytes is greater than the length of the buffer");
    const std::size_t size = nbytes ? nbytes : buffer.size();
    From from;
    SystemCall call([&] { return receive(sock.fileno(), buffer.data(), size, &from); });
    if (!call()) co_await Attempted(core, sock.fileno(), Direction::read, call);
    const std::size_t got = call.value();
    co_return std::pair(got, from.address());
}

/// Sends piece by piece: done when nothing is left or an error ends it.
class SendAll {
public:
    SendAll(int fd, std::string_view data) noexcept : fd_(fd), left_(data) {}
    bool operator()() noexcept {
        const ssize_t sent =
            ::send(fd_, left_.data(), left_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            left_.remove_prefix(static_cast<std::size_t>(sent));
            return left_.empty();
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return false;
        error_ = errno;
        return true;
    }
    void check() const {
        if (error_) raise_from_errno(error_);
    }

private:
    int fd_;
    std::string_view left_;
    int error_ = 0;
};

Coroutine<std::size_t> sendto(LoopCore& core, Socket sock, std::string data,
                              SocketAddress address) {
    check_socket(core, sock);
    sockaddr_storage storage;
    const auto size = static_cast<socklen_t>(address.to(&storage));
    SystemCall call([&] {
        return ::sendto(sock.fileno(), data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                        reinterpret_cast<sockaddr*>(&storage), size);
    });
    if (!call()) co_await Attempted(core, sock.fileno(), Direction::write, call);
    co_return call.value();
}

Coroutine<> connect_to(LoopCore& core, Socket sock, SocketAddress address) {
    check_socket(core, sock);
    const int started = connect_socket(sock.fileno(), address);
    if (started == 0) co_return;
    if (started != EINPROGRESS) raise_from_errno(started);
    int error = 0;
    auto ended = [&]() noexcept {
        error = socket_error(sock.fileno());
        return true;
    };
    co_await Attempted(core, sock.fileno(), Direction::write, ended);
    if (error) raise_from_errno(error, "Connect call failed " + address.str());
}

Coroutine<> connect_by_name(AbstractEventLoop& loop, Socket sock, AddressQuery query) {
    check_socket(loop.core(), sock);
    const std::vector<AddressInfo> answers = co_await resolved(loop, std::move(query), "connect");
    co_await connect_to(loop.core(), std::move(sock), answers.front().address);
}

Coroutine<std::pair<Socket, SocketAddress>> accept(LoopCore& core, Socket sock) {
    check_socket(core, sock);
    Accepted accepted;
    SystemCall call([&] {
        accepted = accept_socket(sock.fileno());
        errno = accepted.error;
        return accepted.error ? -1 : 0;
    });
    if (!call()) co_await Attempted(core, sock.fileno(), Direction::read, call);
    call.value();
    Socket connection = Socket::from_fileno(accepted.fd.get());
    accepted.fd.release();
    co_return std::pair(std::move(connection), std::move(accepted.peer));
}

} // namespace

Coroutine<> send_all(LoopCore& core, Socket sock, std::string data) {
    check_socket(core, sock);
    SendAll sending(sock.fileno(), data);
    if (!sending()) co_await Attempted(core, sock.fileno(), Direction::write, sending);
    sending.check();
}

} // namespace detail

Coroutine<std::string> AbstractEventLoop::sock_recv(Socket sock, std::size_t size) {
    return detail::recv(core(), std::move(sock), size);
}
Coroutine<std::size_t> AbstractEventLoop::sock_recv_into(Socket sock,
                                                         std::span<std::byte> buffer) {
    return detail::recv_into(core(), std::move(sock), buffer);
}
Coroutine<std::pair<std::string, SocketAddress>> AbstractEventLoop::sock_recvfrom(Socket sock,
                                                                                std::size_t size) {
    return detail::recvfrom(core(), std::move(sock), size);
}
Coroutine<std::pair<std::size_t, SocketAddress>>
AbstractEventLoop::sock_recvfrom_into(Socket sock, std::span<std::byte> buffer,
                                      std::size_t nbytes) {
    return detail::recvfrom_into(core(), std::move(sock), buffer, nbytes);
}
Coroutine<> AbstractEventLoop::sock_sendall(Socket sock, std::string_view data) {
    return detail::send_all(core(), std::move(sock), std::string(data));
}
Coroutine<std::size_t> AbstractEventLoop::sock_sendto(Socket sock, std::string_view data,
                                                      SocketAddress address) {
    return detail::sendto(core(), std::move(sock), std::string(data), std::move(address));
}
Coroutine<> AbstractEventLoop::sock_connect(Socket sock, SocketAddress address) {
    return detail::connect_to(core(), std::move(sock), std::move(address));
}
Coroutine<> AbstractEventLoop::sock_connect(Socket sock, HostArg host, PortArg port) {
    GetAddrInfoOptions wanted;
    wanted.family = sock.family();
    wanted.type = sock.type();
    wanted.proto = sock.proto();
    return detail::connect_by_name(*this, std::move(sock),
                                   AddressQuery(host.list().front(), port.text(), wanted));
}
Coroutine<std::pair<Socket, SocketAddress>> AbstractEventLoop::sock_accept(Socket sock) {
    return detail::accept(core(), std::move(sock));
}

} // namespace asyncio
