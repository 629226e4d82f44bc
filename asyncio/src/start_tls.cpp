// Layer 4. TLS on new connections, and start_tls(). See start_tls.hpp and endpoints.hpp.
#include <asyncio/endpoints.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include "endpoints.hpp"
#include "socket_transport.hpp"
#include "tls_transport.hpp"
#include "transport_ready.hpp"

namespace asyncio {
namespace detail {

Coroutine<std::shared_ptr<Transport>>
open_tls_transport(AbstractEventLoop& loop, Ref<StreamSocket> socket,
                   std::shared_ptr<BaseProtocol> protocol,
                   std::shared_ptr<const TlsRequest> request) {
    const auto transport =
        std::make_shared<TlsTransport>(loop.core(), *request, TlsRole{request->server_side, false});
    const auto below = std::make_shared<SocketTransport>(loop.core(), std::move(socket));
    transport->open(std::move(protocol));
    below->open(transport);
    co_await TransportReady(transport);
    if (loop.get_debug()) logger().debug(transport->repr() + " connected");
    co_return transport;
}

namespace {

// The bytes that came before the upgrade go into the handshake: a client's first message may be
// among them, but what somebody slipped in as plaintext is never taken for part of the connection.
std::shared_ptr<TlsTransport> make_upgrade(LoopCore& core, const TlsRequest& request, TlsRole role,
                                           const std::shared_ptr<BaseProtocol>& protocol) {
    auto transport = std::make_shared<TlsTransport>(core, request, role);
    transport->open(protocol);
    if (auto* buffering = dynamic_cast<BufferingProtocol*>(protocol.get()))
        transport->receive_early(buffering->upgrade(transport));
    return transport;
}

} // namespace

Coroutine<std::shared_ptr<Transport>> upgrade_to_tls(AbstractEventLoop& loop,
                                                     std::shared_ptr<Transport> below,
                                                     std::shared_ptr<BaseProtocol> protocol,
                                                     std::shared_ptr<const TlsRequest> request,
                                                     bool server_side) {
    loop.core().check_closed();
    if (!request->context)
        throw TypeError("sslcontext is expected to be an instance of ssl.SSLContext, got None");
    if (!below) throw TypeError("transport None is not supported by start_tls()");
    // Nobody would ever tell the end of the handshake.
    if (below->is_closing()) throw ConnectionResetError("Connection lost");
    const auto transport = make_upgrade(loop.core(), *request, {server_side, true}, protocol);
    below->pause_reading();
    below->set_protocol(transport);
    Handle made = loop.call_soon([transport, below] { transport->connection_made(below); });
    Handle resume = loop.call_soon([below] { below->resume_reading(); });
    try {
        co_await TransportReady(transport);
    } catch (...) {
        below->close();
        made.cancel();
        resume.cancel();
        throw;
    }
    co_return transport;
}

} // namespace detail

Coroutine<std::shared_ptr<Transport>>
AbstractEventLoop::start_tls(std::shared_ptr<Transport> transport,
                             std::shared_ptr<BaseProtocol> protocol, const ssl::SSLContext& context,
                             StartTlsOptions options) {
    return detail::upgrade_to_tls(*this, std::move(transport), std::move(protocol),
                                  std::make_shared<detail::TlsRequest>(context, options),
                                  options.server_side.value_or(false));
}

Coroutine<std::shared_ptr<Transport>>
AbstractEventLoop::start_tls(std::shared_ptr<Transport> transport,
                             std::shared_ptr<BaseProtocol> protocol,
                             const ssl::SSLContext& context) {
    return start_tls(std::move(transport), std::move(protocol), context, StartTlsOptions());
}

} // namespace asyncio
