// How the sockets of the tests are made.
#include "raw_sockets.hpp"

#include <string>

#include <sys/socket.h>

namespace asyncio_test {

using asyncio::Socket;

namespace {

Socket nonblocking(int type) {
    Socket sock(AF_INET, type);
    sock.setblocking(false);
    return sock;
}

} // namespace

std::pair<Socket, Socket> pair_of(int type) {
    auto sockets = asyncio::socketpair(type);
    sockets.first.setblocking(false);
    sockets.second.setblocking(false);
    return sockets;
}

Socket udp() {
    const Socket sock = nonblocking(SOCK_DGRAM);
    sock.bind(asyncio::SocketAddress("127.0.0.1", 0));
    return sock;
}

Socket listening() {
    const Socket sock = nonblocking(SOCK_STREAM);
    sock.bind(asyncio::SocketAddress("127.0.0.1", 0));
    sock.listen();
    return sock;
}

Socket client() { return nonblocking(SOCK_STREAM); }

std::size_t clog(const Socket& sock) {
    const std::string block(1 << 16, 'x');
    std::size_t total = 0;
    try {
        for (;;) total += sock.send(block);
    } catch (const asyncio::BlockingIOError&) {
        return total;
    }
}

} // namespace asyncio_test
