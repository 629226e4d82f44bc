// Layer 5. See asio_sockets.hpp.
#include <asyncio/asio_sockets.hpp>

#include "net_socket.hpp"

#include <cerrno>
#include <utility>

namespace asyncio::detail {
namespace {

ConnectRequest owning(ConnectRequest request, Socket socket) {
    if (request.sock) throw ValueError("a socket of Asio and sock= exclude each other");
    request.sock = socket.fileno();
    request.owned = std::move(socket);
    return request;
}

} // namespace

Socket adopt_descriptor(int fd) {
    if (fd < 0) raise_from_errno(EBADF);
    UniqueFd owned(fd);
    Socket socket = Socket::from_fileno(fd);
    owned.release();
    return socket;
}

ConnectRequest connect_request(Socket socket, const CreateConnectionOptions& options) {
    return owning(ConnectRequest(HostArg(), PortArg(), options), std::move(socket));
}

ConnectRequest connect_request(Socket socket, const ConnectAcceptedSocketOptions& options) {
    ConnectRequest request(socket.fileno(), options);
    request.sock.reset();
    return owning(std::move(request), std::move(socket));
}

} // namespace asyncio::detail
