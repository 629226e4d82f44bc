// Layer 4. Checks of connect_read_pipe and connect_write_pipe.
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>
#include <asyncio/pipes.hpp>

#include "pipe_transport.hpp"
#include "transport_ready.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace asyncio::detail {
namespace {

std::shared_ptr<PipeTransport> make_pipe(LoopCore& core, PipeEnd end, int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) raise_from_errno(errno);
    const bool is_socket = S_ISSOCK(status.st_mode);
    if (!is_socket && !S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode))
        throw ValueError(end == PipeEnd::read
                             ? "Pipe transport is for pipes/sockets only."
                             : "Pipe transport is only for pipes, sockets and character devices");
    // Both directions of a terminal may have the same descriptor, which can be watched once only.
    if (core.extras_->transports.find(fd)) fd = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) raise_from_errno(errno);
    UniqueFd owned(fd);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    auto socket = SocketMaker(core).make(std::move(owned));
    if (end == PipeEnd::read) return std::make_shared<ReadPipe>(core, std::move(socket));
    const bool watched = is_socket || S_ISFIFO(status.st_mode);
    return std::make_shared<WritePipe>(core, std::move(socket), is_socket, watched);
}

} // namespace

Coroutine<std::shared_ptr<Transport>> open_pipe(AbstractEventLoop& loop, PipeEnd end, int fd,
                                                std::shared_ptr<BaseProtocol> protocol) {
    LoopCore& core = loop.core();
    core.check_closed();
    const std::shared_ptr<PipeTransport> transport = make_pipe(core, end, fd);
    transport->open(std::move(protocol));
    co_await TransportReady(transport);
    if (loop.get_debug())
        logger().debug((end == PipeEnd::read ? "Read pipe " : "Write pipe ") + std::to_string(fd) +
                       " connected: " + transport->repr());
    co_return transport;
}

} // namespace asyncio::detail
