// Layer 4. A server's life and its connections. See server_impl.hpp.
#include "server_impl.hpp"

#include <asyncio/exception_context.hpp>

#include "socket_transport.hpp"
#include "tls_transport.hpp"

namespace asyncio::detail {

ServerImpl::ServerImpl(LoopCore& core, SocketMaker maker, ProtocolFactory factory, int backlog)
    : ServerCore(core), maker_(std::move(maker)),
      factory_(std::make_shared<const ProtocolFactory>(std::move(factory))), backlog_(backlog) {}

void ServerImpl::open(std::vector<UniqueFd> sockets) {
    for (UniqueFd& fd : sockets)
        listeners_.push_back(make_ref<Listener>(*this, maker_.make(std::move(fd))));
    auto& resources = core_->extras_->resources;
    registered_ = resources.insert(resources.end(), this);
    self_ = Ref<ServerImpl>(this);
}

void ServerImpl::start_serving() {
    if (serving_ || closed_) return;
    serving_ = true;
    for (const auto& listener : listeners_) listener->listen(backlog_);
}

std::vector<TransportSocket> ServerImpl::sockets() const {
    std::vector<TransportSocket> views;
    for (const auto& listener : listeners_) views.push_back(listener->view());
    return views;
}

void ServerImpl::close() {
    if (closed_) return;
    const auto self = std::move(self_);
    if (self) core_->extras_->resources.erase(registered_);
    stop();
    if (forever_) std::exchange(forever_, nullptr)->cancel({});
    wake_if_ended();
}

void ServerImpl::loop_closing() noexcept {
    const auto self = std::move(self_);
    stop();
    wake_if_ended();
}

void ServerImpl::stop() noexcept {
    closed_ = true;
    serving_ = false;
    for (const auto& listener : std::exchange(listeners_, {})) listener->close();
    if (const auto file = std::move(file_)) file->remove();
    const auto factory = std::move(factory_);
}

void ServerImpl::wake_if_ended() noexcept {
    if (!closed_ || clients_) return;
    ended_ = true;
    while (waiters_.wake_next()) {
    }
}

void ServerImpl::connect(Accepted connection) {
    const auto factory = factory_;
    if (!factory) return; // closed meanwhile, the connection with it
    std::shared_ptr<BaseProtocol> protocol;
    try {
        protocol = (*factory)();
        if (closed_) return;
        auto transport =
            std::make_shared<SocketTransport>(*core_, maker_.make(std::move(connection.fd)));
        transport->open(tls_ ? over_tls(protocol) : protocol, this, std::move(connection.peer));
    } catch (...) {
        const std::exception_ptr error = std::current_exception();
        if (is_base_only(error)) throw;
        if (!core_->debug_) return;
        core_->loop().call_exception_handler({
            .message = "Error on transport creation for incoming connection",
            .exception = error,
            .protocol = protocol,
        });
    }
}

std::shared_ptr<BaseProtocol> ServerImpl::over_tls(std::shared_ptr<BaseProtocol> protocol) {
    auto tls = std::make_shared<TlsTransport>(*core_, *tls_, TlsRole{true, false});
    tls->open(std::move(protocol));
    return tls;
}

void ServerImpl::attach(SocketTransport& transport) noexcept {
    transport.client_after_ = clients_;
    if (clients_) clients_->client_before_ = &transport;
    clients_ = &transport;
}

void ServerImpl::detach(SocketTransport& transport) noexcept {
    SocketTransport* const before = std::exchange(transport.client_before_, nullptr);
    SocketTransport* const after = std::exchange(transport.client_after_, nullptr);
    (before ? before->client_after_ : clients_) = after;
    if (after) after->client_before_ = before;
    wake_if_ended();
}

std::vector<std::shared_ptr<SocketTransport>> ServerImpl::clients() const {
    std::vector<std::shared_ptr<SocketTransport>> clients;
    for (auto* client = clients_; client; client = client->client_after_)
        clients.push_back(client->shared_from_this());
    return clients;
}

namespace {

// Closes what the user sees: TLS says goodbye first, or the end would look cut off.
void close_properly(Transport& transport) {
    const auto protocol = transport.get_protocol();
    if (auto* tls = dynamic_cast<TlsTransport*>(protocol.get()))
        close_properly(*tls);
    else
        transport.close();
}

} // namespace

void ServerImpl::close_clients() {
    for (const auto& client : clients()) close_properly(*client);
}

void ServerImpl::abort_clients() {
    for (const auto& client : clients()) client->abort();
}

} // namespace asyncio::detail
