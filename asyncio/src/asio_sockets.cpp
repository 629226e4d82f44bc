// Layer 5. See asio_sockets.hpp.
#include <asyncio/asio_sockets.hpp>

#include <cerrno>
#include <utility>

namespace asyncio::detail {
namespace {

ConnectRequest owning(ConnectRequest request, Socket socket) {
    request.sock = socket.fileno();
    request.owned = std::move(socket);
    return request;
}

} // namespace

Socket adopt_descriptor(int fd) {
    if (fd < 0) raise_from_errno(EBADF);
    return Socket::from_fileno(fd);
}

ConnectRequest connect_request(Socket socket, const CreateConnectionOptions& options) {
    return owning(ConnectRequest(HostArg(), PortArg(), options), std::move(socket));
}

ConnectRequest connect_request(Socket socket, const ConnectAcceptedSocketOptions& options) {
    const int fd = socket.fileno();
    return owning(ConnectRequest(fd, options), std::move(socket));
}

} // namespace asyncio::detail
