// Layer 4. create_connection: addresses one after another until a connection is made.
#include <asyncio/endpoints.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>
#include <asyncio/staggered.hpp>

#include "endpoints.hpp"
#include "io_waits.hpp"
#include "socket_transport.hpp"
#include "transport_ready.hpp"
#include "unix_endpoints.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <memory>

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

// What the attempts of one create_connection() share.
struct Attempts {
    explicit Attempts(LoopCore& loop_core) noexcept : core(&loop_core) {}
    const Ref<LoopCore> core;
    std::optional<std::vector<AddressInfo>> locals;
    std::deque<Errors> errors; // of each attempt, in order of their start
};

// A connected socket. Throws OSError.
Coroutine<Ref<NetSocket>> connect_to(LoopCore& core, AddressInfo remote,
                                     const std::optional<std::vector<AddressInfo>>& locals,
                                     Errors& errors) {
    UniqueFd fd = open_socket(remote.family, remote.type, remote.proto);
    if (locals) bind_local(fd.get(), remote.family, *locals, errors);
    const int started = connect_socket(fd.get(), remote.address);
    if (started != 0 && started != EINPROGRESS) raise_from_errno(started);
    CloseOnError guard(SocketMaker(core).make(std::move(fd)));
    if (started != 0) {
        co_await SocketWritable(guard.socket);
        if (const int error = socket_error(guard.socket->fileno()))
            raise_from_errno(error, "Connect call failed " + remote.address.str());
    }
    co_return guard.release();
}

Coroutine<Ref<NetSocket>> attempt(std::shared_ptr<Attempts> all, AddressInfo remote) {
    Errors& errors = all->errors.emplace_back();
    try {
        Ref<NetSocket> socket = co_await connect_to(*all->core, remote, all->locals, errors);
        co_return socket;
    } catch (const OSError&) {
        errors.push_back(std::current_exception());
        throw;
    }
}

// The families in turn, in the order in which they come, after `first - 1` of the first one.
std::vector<AddressInfo> interleaved(const std::vector<AddressInfo>& addresses, int first) {
    std::vector<std::deque<AddressInfo>> families;
    for (const AddressInfo& address : addresses) {
        const auto same = [&](const auto& list) { return list.front().family == address.family; };
        auto list = std::find_if(families.begin(), families.end(), same);
        if (list == families.end()) list = families.emplace(list);
        list->push_back(address);
    }
    std::vector<AddressInfo> result;
    const auto take = [&result](std::deque<AddressInfo>& list) {
        result.push_back(std::move(list.front()));
        list.pop_front();
    };
    for (; first > 1 && !families.front().empty(); --first) take(families.front());
    while (result.size() < addresses.size())
        for (auto& list : families)
            if (!list.empty()) take(list);
    return result;
}

// Null when all have failed.
Coroutine<Ref<NetSocket>> race(std::shared_ptr<Attempts> all, std::vector<AddressInfo> remotes,
                               std::optional<Seconds> delay) {
    std::vector<staggered::Attempt<Ref<NetSocket>>> attempts;
    for (const AddressInfo& remote : remotes)
        attempts.push_back([all, remote] { return attempt(all, remote); });
    auto ended = co_await staggered::staggered_race(std::move(attempts), delay);
    co_return std::move(ended.result).value_or(nullptr);
}

Coroutine<Ref<NetSocket>> one_by_one(std::shared_ptr<Attempts> all,
                                     std::vector<AddressInfo> remotes) {
    for (const AddressInfo& remote : remotes) {
        try {
            Ref<NetSocket> socket = co_await attempt(all, remote);
            co_return socket;
        } catch (const OSError&) {
            continue; // it is in the list of errors
        }
    }
    co_return Ref<NetSocket>();
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
    auto remotes = co_await resolved(loop, *std::move(request.remote), "connect");
    const auto all = std::make_shared<Attempts>(loop.core());
    if (request.local) {
        auto locals = co_await resolved(loop, *std::move(request.local), "bind");
        all->locals = std::move(locals);
    }
    if (request.interleave) remotes = interleaved(remotes, request.interleave);
    Ref<NetSocket> socket;
    if (request.happy_eyeballs_delay)
        socket = co_await race(all, std::move(remotes), request.happy_eyeballs_delay);
    else
        socket = co_await one_by_one(all, std::move(remotes));
    if (socket) co_return socket;
    Errors errors;
    for (const Errors& some : all->errors) errors.insert(errors.end(), some.begin(), some.end());
    raise_errors(errors, request.all_errors);
}

} // namespace

Coroutine<Ref<StreamSocket>> connect(AbstractEventLoop& loop, ConnectRequest request) {
    loop.core().check_closed();
    if (request.tls) request.tls->check_client(request.over_unix);
    if (request.over_unix) co_return SocketMaker(loop.core()).make(connect_unix(request));
    if (request.remote) co_return co_await connect_by_name(loop, std::move(request));
    if (!request.sock) throw ValueError("host and port was not specified and no sock specified");
    adopt_stream_socket(*request.sock);
    if (request.owned) request.owned.detach();
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
    co_await TransportReady(transport);
    if (loop.get_debug()) logger().debug(transport->repr() + " connected");
    co_return transport;
}

} // namespace asyncio::detail
