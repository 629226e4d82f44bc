// Layer 4. Arguments and sockets of create_datagram_endpoint.
#include <asyncio/datagrams.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include "datagram_transport.hpp"
#include "endpoints.hpp"
#include "transport_ready.hpp"

#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asyncio::detail {

DatagramRequest::Address::Address(const EndpointArg& from)
    : given(static_cast<bool>(from)), is_path(from.is_path()), path(from.path()) {
    if (!given || is_path) return;
    host = from.host().list().front();
    port = from.port().text();
}

std::string DatagramRequest::Address::repr() const {
    if (is_path) return repr_string(path);
    return '(' + (host ? repr_string(*host) : "None") + ", " + port.value_or("None") + ')';
}

DatagramRequest::DatagramRequest(const CreateDatagramEndpointOptions& options)
    : local(options.local_addr), remote(options.remote_addr), family(options.family),
      proto(options.proto), flags(options.flags), reuse_port(options.reuse_port),
      allow_broadcast(options.allow_broadcast), sock(options.sock) {}

namespace {

// Where a socket is to be bound and connected.
struct AddressPair {
    int family;
    int proto;
    SocketAddress local;
    SocketAddress remote;
};

void check_datagram_socket(const DatagramRequest& request) {
    const int fd = *request.sock;
    if (int_option(fd, SOL_SOCKET, SO_TYPE) < 0) raise_from_errno(errno);
    if (int_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM)
        throw ValueError("A datagram socket was expected, got " +
                         TransportSocket(make_ref<SocketView>(fd, 0)).repr());
    std::string problems;
    const auto problem = [&](const char* name, bool given, const std::string& value) {
        if (given) problems += (problems.empty() ? "" : ", ") + (name + ('=' + value));
    };
    problem("local_addr", request.local.given, request.local.repr());
    problem("remote_addr", request.remote.given, request.remote.repr());
    problem("family", request.family, std::to_string(request.family));
    problem("proto", request.proto, std::to_string(request.proto));
    problem("flags", request.flags, std::to_string(request.flags));
    problem("reuse_port", request.reuse_port, "True");
    problem("allow_broadcast", request.allow_broadcast, "True");
    if (!problems.empty())
        throw ValueError("socket modifier keyword arguments can not be used when sock is "
                         "specified. (" +
                         problems + ')');
}

Ref<StreamSocket> adopt(LoopCore& core, const DatagramRequest& request) {
    check_datagram_socket(request);
    const int fd = *request.sock;
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    return SocketMaker(core).make(UniqueFd(fd));
}

void remove_stale_socket(const std::string& path) {
    struct stat status {};
    if (path.empty() || path.front() == '\0') return;
    int error = ::stat(path.c_str(), &status) == 0 ? 0 : errno;
    if (!error && S_ISSOCK(status.st_mode) && ::unlink(path.c_str()) != 0) error = errno;
    if (error && error != ENOENT)
        logger().error("Unable to check or remove stale UNIX socket " + repr_string(path) + ": " +
                       repr(OSError::from_errno(error)));
}

AddressPair unix_pair(const DatagramRequest& request) {
    for (const auto* address : {&request.local, &request.remote})
        if (address->given && !address->is_path) throw TypeError("string is expected");
    if (request.local.given) remove_stale_socket(request.local.path);
    AddressPair pair{request.family, request.proto, {}, {}};
    if (request.local.given) pair.local = SocketAddress::unix_path(request.local.path);
    if (request.remote.given) pair.remote = SocketAddress::unix_path(request.remote.path);
    return pair;
}

AddressPair& pair_for(std::vector<AddressPair>& pairs, int family, int proto) {
    for (AddressPair& pair : pairs)
        if (pair.family == family && pair.proto == proto) return pair;
    pairs.push_back({family, proto, {}, {}});
    return pairs.back();
}

// Joins the addresses of both ends by family and protocol.
Coroutine<> resolve_into(std::vector<AddressPair>& pairs, AbstractEventLoop& loop,
                         const DatagramRequest& request, SocketAddress AddressPair::* end) {
    const bool local = end == &AddressPair::local;
    const auto& address = local ? request.local : request.remote;
    if (!address.given) co_return;
    if (address.is_path) throw TypeError("2-tuple is expected");
    GetAddrInfoOptions wanted;
    wanted.family = request.family;
    wanted.type = SOCK_DGRAM;
    wanted.proto = request.proto;
    wanted.flags = request.flags;
    const std::vector<AddressInfo> answers = co_await resolved(
        loop, AddressQuery(address.host, address.port, wanted), local ? "bind" : "connect");
    for (const AddressInfo& answer : answers)
        pair_for(pairs, answer.family, answer.proto).*end = answer.address;
}

Coroutine<std::vector<AddressPair>> address_pairs(AbstractEventLoop& loop,
                                                  const DatagramRequest& request) {
    std::vector<AddressPair> pairs;
    if (!request.local.given && !request.remote.given) {
        if (request.family == AF_UNSPEC) throw ValueError("unexpected address family");
        pairs.push_back({request.family, request.proto, {}, {}});
        co_return pairs;
    }
    if (request.family == AF_UNIX) {
        pairs.push_back(unix_pair(request));
        co_return pairs;
    }
    co_await resolve_into(pairs, loop, request, &AddressPair::local);
    co_await resolve_into(pairs, loop, request, &AddressPair::remote);
    std::erase_if(pairs, [&](const AddressPair& pair) {
        return (request.local.given && !pair.local) || (request.remote.given && !pair.remote);
    });
    if (pairs.empty()) throw ValueError("can not get address information");
    co_return pairs;
}

UniqueFd open_pair(const AddressPair& pair, const DatagramRequest& request) {
    UniqueFd fd = open_socket(pair.family, SOCK_DGRAM, pair.proto);
    if (request.reuse_port && set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1) != 0)
        throw ValueError("reuse_port not supported by socket module, SO_REUSEPORT defined but not "
                         "implemented.");
    if (request.allow_broadcast)
        if (const int error = set_option(fd.get(), SOL_SOCKET, SO_BROADCAST, 1))
            raise_from_errno(error);
    if (pair.local)
        if (const int error = bind_socket(fd.get(), pair.local)) raise_from_errno(error);
    if (pair.remote && !request.allow_broadcast)
        if (const int error = connect_socket(fd.get(), pair.remote)) raise_from_errno(error);
    return fd;
}

} // namespace

Coroutine<DatagramEndpoint> open_datagram_socket(AbstractEventLoop& loop, DatagramRequest request) {
    LoopCore& core = loop.core();
    core.check_closed();
    if (request.sock) co_return DatagramEndpoint(adopt(core, request), {});
    const std::vector<AddressPair> pairs = co_await address_pairs(loop, request);
    std::exception_ptr first;
    for (const AddressPair& pair : pairs) {
        try {
            UniqueFd fd = open_pair(pair, request);
            co_return DatagramEndpoint(SocketMaker(core).make(std::move(fd)), pair.remote);
        } catch (const OSError&) {
            if (!first) first = std::current_exception();
        }
    }
    std::rethrow_exception(first);
}

Coroutine<std::shared_ptr<DatagramTransport>>
open_datagram_transport(AbstractEventLoop& loop, DatagramEndpoint endpoint,
                        std::shared_ptr<BaseProtocol> protocol) {
    Ref<NetSocket> socket(static_cast<NetSocket*>(endpoint.socket.get()));
    auto transport =
        std::make_shared<DatagramSocket>(loop.core(), std::move(socket), endpoint.address);
    transport->open(std::move(protocol));
    co_await TransportReady(transport);
    if (loop.get_debug())
        logger().debug("Datagram endpoint remote_addr=" + endpoint.address.str() +
                       " created: " + transport->repr());
    co_return transport;
}

} // namespace asyncio::detail
