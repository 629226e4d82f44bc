// Layer 4. Arguments and errors of create_connection and create_server.
#include "endpoints.hpp"

#include <asyncio/endpoints.hpp>
#include <asyncio/exceptions.hpp>

#include "net_socket.hpp"
#include "tls_request.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>

namespace asyncio::detail {

ConnectRequest::ConnectRequest(HostArg host, PortArg port, const CreateConnectionOptions& options)
    : sock(options.sock), all_errors(options.all_errors),
      happy_eyeballs_delay(options.happy_eyeballs_delay),
      interleave(options.interleave.value_or(happy_eyeballs_delay ? 1 : 0)) {
    GetAddrInfoOptions wanted;
    wanted.family = options.family;
    wanted.type = SOCK_STREAM;
    wanted.proto = options.proto;
    wanted.flags = options.flags;
    if (!host.none() || !port.none()) remote.emplace(host.list().front(), port.text(), wanted);
    if (options.local_addr)
        local.emplace(options.local_addr->host().list().front(), options.local_addr->port().text(),
                      wanted);
    tls = make_tls_request(tls_arguments(options));
    if (tls && !host.none()) tls->set_host(host.list().front());
}

ConnectRequest::ConnectRequest(int accepted, const ConnectAcceptedSocketOptions& options)
    : sock(accepted), all_errors(false), interleave(0),
      tls(make_tls_request(tls_arguments(options))) {
    if (tls) tls->server_side = true;
}

ListenRequest::ListenRequest(HostArg host, PortArg port, const CreateServerOptions& given)
    : options(given), tls(make_tls_request(tls_arguments(given))) {
    if (host.none() && port.none()) return;
    GetAddrInfoOptions wanted;
    wanted.family = given.family;
    wanted.type = SOCK_STREAM;
    wanted.flags = given.flags.value_or(AI_PASSIVE);
    for (auto& name : host.list()) {
        if (name && name->empty()) name.reset();
        addresses.emplace_back(std::move(name), port.text(), wanted);
    }
}

Coroutine<std::vector<AddressInfo>> resolved(AbstractEventLoop& loop, AddressQuery query,
                                             const char* call) {
    std::vector<AddressInfo> answers = literal_address(query, call);
    if (answers.empty()) answers = co_await loop.resolve(std::move(query));
    if (answers.empty()) throw OSError("getaddrinfo() returned empty list");
    co_return answers;
}

std::exception_ptr bind_error(int error, const SocketAddress& address) {
    std::string why =
        "[Errno " + std::to_string(error) + "] " + std::system_category().message(error);
    std::transform(why.begin(), why.end(), why.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return OSError::from_errno(error, "error while attempting to bind on address " + address.str() +
                                          ": " + why);
}

void adopt_stream_socket(int fd) {
    if (int_option(fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM) {
        if (::fcntl(fd, F_GETFD) < 0) raise_from_errno(errno);
        throw ValueError("A Stream Socket was expected, got " +
                         TransportSocket(make_ref<SocketView>(fd, 0)).repr());
    }
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

} // namespace asyncio::detail
