// Layer 4. create_server: binds every address, then listens.
#include <asyncio/endpoints.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/log.hpp>
#include <asyncio/tasks.hpp>

#include "endpoints.hpp"
#include "net_socket.hpp"
#include "server_impl.hpp"
#include "unix_endpoints.hpp"

#include <algorithm>
#include <cerrno>

#include <netinet/in.h>
#include <sys/socket.h>

namespace asyncio::detail {
namespace {

using Addresses = std::vector<AddressInfo>;

// All hosts at once; an address that several of them have counts once.
Coroutine<Addresses> resolve_all(AbstractEventLoop& loop, std::vector<AddressQuery> queries) {
    std::vector<Task<Addresses>> lookups;
    for (AddressQuery& query : queries)
        lookups.push_back(loop.create_task(resolved(loop, std::move(query), "bind")));
    const auto answers = co_await gather(lookups);
    Addresses all;
    for (const Addresses& some : answers)
        for (const AddressInfo& address : some)
            if (std::find(all.begin(), all.end(), address) == all.end()) all.push_back(address);
    co_return all;
}

bool is_inet(int family) { return family == AF_INET || family == AF_INET6; }

void set_options(int fd, int family, const CreateServerOptions& options) {
    if (options.reuse_address.value_or(true)) set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (options.reuse_port && is_inet(family) && set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1) != 0)
        throw ValueError("reuse_port not supported by socket module, SO_REUSEPORT defined but not "
                         "implemented.");
    if (options.keep_alive) set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    // One socket for each family, whatever the system's default is.
    if (family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
}

// A socket of a family that this system does not have.
UniqueFd open_or_skip(const AddressInfo& address, bool debug) {
    try {
        return open_socket(address.family, address.type, address.proto);
    } catch (const OSError&) {
        if (debug)
            logger().warning("create_server() failed to create a socket for " +
                                 address.address.str(),
                             std::current_exception());
        return UniqueFd();
    }
}

std::vector<UniqueFd> bind_all(const Addresses& addresses, const CreateServerOptions& options,
                               bool debug) {
    std::vector<UniqueFd> sockets;
    for (const AddressInfo& address : addresses) {
        UniqueFd fd = open_or_skip(address, debug);
        if (!fd) continue;
        set_options(fd.get(), address.family, options);
        const int error = bind_socket(fd.get(), address.address);
        if (error && error != EADDRNOTAVAIL)
            std::rethrow_exception(bind_error(error, address.address));
        if (!error)
            sockets.push_back(std::move(fd));
        else if (debug) // the family may be switched off
            logger().warning(str(bind_error(error, address.address)));
    }
    if (!sockets.empty()) return sockets;
    std::string text = "could not bind on any address out of [";
    for (const AddressInfo& address : addresses)
        text += (&address == &addresses.front() ? "" : ", ") + address.address.str();
    throw OSError(text + ']');
}

Coroutine<std::vector<UniqueFd>> bound_sockets(AbstractEventLoop& loop, ListenRequest request) {
    const auto& options = request.options;
    if (request.over_unix) {
        std::vector<UniqueFd> sockets;
        sockets.push_back(bind_unix(request));
        co_return sockets;
    }
    if (request.addresses.empty()) {
        if (!options.sock) throw ValueError("Neither host/port nor sock were specified");
        adopt_stream_socket(*options.sock);
        std::vector<UniqueFd> sockets;
        sockets.emplace_back(*options.sock);
        co_return sockets;
    }
    if (options.sock) throw ValueError("host/port and sock can not be specified at the same time");
    const auto addresses = co_await resolve_all(loop, std::move(request.addresses));
    co_return bind_all(addresses, options, loop.get_debug());
}

} // namespace

Coroutine<Server> serve(AbstractEventLoop& loop, ProtocolFactory factory, ListenRequest request) {
    loop.core().check_closed();
    const std::shared_ptr<const TlsRequest> tls = request.tls;
    if (tls) tls->check_server();
    const CreateServerOptions options = request.options;
    const bool cleanup = request.cleanup_socket;
    std::vector<UniqueFd> sockets = co_await bound_sockets(loop, std::move(request));
    auto server = make_ref<ServerImpl>(loop.core(), SocketMaker(loop.core()), std::move(factory),
                                       options.backlog);
    if (cleanup) server->remove_when_closed(SocketFile::of(sockets.front().get()));
    if (tls && tls->wanted) server->use_tls(tls);
    try {
        server->open(std::move(sockets));
        if (options.start_serving) {
            server->start_serving();
            co_await sleep(0); // the loop polls the new sockets
        }
    } catch (...) {
        server->close();
        throw;
    }
    if (loop.get_debug()) logger().info(server->repr() + " is serving");
    co_return Server(server);
}

} // namespace asyncio::detail
