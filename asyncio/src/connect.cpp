// Layer 4. create_connection: addresses one after another until a connection is made.
#include <asyncio/endpoints.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include "endpoints.hpp"
#include "io_waits.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/socket.h>

namespace asyncio::detail {
namespace {

using Errors = std::vector<std::exception_ptr>;

std::string family_name(int family) {
    const char* name = family == AF_INET    ? "AF_INET"
                       : family == AF_INET6 ? "AF_INET6"
                                            : "AF_UNSPEC";
    return std::string("<AddressFamily.") + name + ": " + std::to_string(family) + '>';
}

// Binds to the first local address of the same family that works.
void bind_local(int fd, int family, const std::vector<AddressInfo>& locals, Errors& errors) {
    std::exception_ptr last;
    for (const AddressInfo& local : locals) {
        if (local.family != family) continue;
        const int error = bind_socket(fd, local.address);
        if (!error) return;
        if (last) errors.push_back(last);
        last = bind_error(error, local.address);
    }
    if (last) std::rethrow_exception(last);
    throw OSError("no matching local address with family=" + family_name(family) + " found");
}

// Closes a socket on the way out, unless it has been released: an attempt that is under way keeps
// the object alive.
struct CloseOnError {
    explicit CloseOnError(Ref<NetSocket> opened) noexcept : socket(std::move(opened)) {}
    CloseOnError(const CloseOnError&) = delete;
    ~CloseOnError() {
        if (socket) socket->close();
    }
    Ref<NetSocket> release() noexcept { return std::move(socket); }
    Ref<NetSocket> socket;
};

// A connected socket. Throws OSError.
Coroutine<Ref<NetSocket>> connect_to(LoopCore& core, AddressInfo remote,
                                     const std::vector<AddressInfo>* locals, Errors& errors) {
    UniqueFd fd = open_socket(remote.family, remote.type, remote.proto);
    if (locals) bind_local(fd.get(), remote.family, *locals, errors);
    const int started = connect_socket(fd.get(), remote.address);
    if (started != 0 && started != EINPROGRESS && started != EAGAIN) raise_from_errno(started);
    CloseOnError guard(SocketMaker(core).make(std::move(fd)));
    if (started != 0) {
        co_await SocketWritable(guard.socket);
        if (const int error = socket_error(guard.socket->fileno()))
            raise_from_errno(error, "Connect call failed " + remote.address.str());
    }
    co_return guard.release();
}

[[noreturn]] void raise_errors(const Errors& errors, bool all) {
    if (all) throw ExceptionGroup("create_connection failed", errors);
    if (errors.empty()) throw TimeoutError("create_connection failed");
    const std::string first = str(errors.front());
    const bool same = std::all_of(errors.begin(), errors.end(),
                                  [&](const auto& error) { return str(error) == first; });
    if (same) std::rethrow_exception(errors.front());
    std::string text = "Multiple exceptions: ";
    for (const auto& error : errors) text += (&error == &errors.front() ? "" : ", ") + str(error);
    throw OSError(std::move(text));
}

Coroutine<Ref<StreamSocket>> connect_by_name(AbstractEventLoop& loop, ConnectRequest request) {
    if (request.sock) throw ValueError("host/port and sock can not be specified at the same time");
    const auto remotes = co_await resolved(loop, *std::move(request.remote), "connect");
    std::vector<AddressInfo> locals;
    const bool bind = request.local.has_value();
    if (bind) locals = co_await resolved(loop, *std::move(request.local), "bind");
    Errors errors;
    for (const AddressInfo& remote : remotes) {
        try {
            Ref<NetSocket> socket =
                co_await connect_to(loop.core(), remote, bind ? &locals : nullptr, errors);
            co_return socket;
        } catch (const OSError&) {
            errors.push_back(std::current_exception());
        }
    }
    raise_errors(errors, request.all_errors);
}

} // namespace

Coroutine<Ref<StreamSocket>> connect(AbstractEventLoop& loop, ConnectRequest request) {
    loop.core().check_closed();
    if (request.tls) request.tls->check_client();
    if (request.remote) co_return co_await connect_by_name(loop, std::move(request));
    if (!request.sock) throw ValueError("host and port was not specified and no sock specified");
    adopt_stream_socket(*request.sock);
    co_return SocketMaker(loop.core()).make(UniqueFd(*request.sock));
}

Coroutine<std::shared_ptr<Transport>> open_transport(AbstractEventLoop& loop,
                                                     Ref<StreamSocket> socket,
                                                     std::shared_ptr<BaseProtocol> protocol,
                                                     std::shared_ptr<const TlsRequest> tls) {
    if (tls && tls->wanted)
        co_return co_await open_tls_transport(loop, std::move(socket), std::move(protocol),
                                              std::move(tls));
    auto transport = std::make_shared<SocketTransport>(loop.core(), std::move(socket));
    transport->open(std::move(protocol));
    co_await TransportOpen(transport);
    if (loop.get_debug()) logger().debug(transport->repr() + " connected");
    co_return transport;
}

} // namespace asyncio::detail
