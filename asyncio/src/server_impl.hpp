// Layer 4. The server of stream sockets: accepts, makes a protocol and a transport for each
// connection, and keeps the list of them.
//
//   Listener (readiness) ─> accept ─> Incoming (next iteration) ─> factory() ─> SocketTransport
//
// Python counterpart: base_events.Server and the accept loop of selector_events.
#pragma once
#include <asyncio/constants.hpp>
#include <asyncio/detail/context_data.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/server.hpp>

#include "loop_extras.hpp"
#include "net_socket.hpp"
#include "unix_endpoints.hpp"

#include <functional>
#include <list>
#include <memory>
#include <vector>

namespace asyncio::detail {

class SocketTransport;
class ServerImpl;
struct TlsRequest;

using ProtocolFactory = std::function<std::shared_ptr<BaseProtocol>()>;

/// One bound socket. Its reference is held by the server, and by the ready queue or Asio while it
/// waits for a connection.
class Listener final : public IoNode, public RefCounted {
public:
    Listener(ServerImpl& server, Ref<NetSocket> socket);
    void destroy() noexcept { delete this; }

    void listen(int backlog);
    void close() noexcept;
    TransportSocket view() const { return TransportSocket(view_); }

    void run() override;
    void discard() noexcept override { settle_and_drop(); }
    void disarm() noexcept override { settle_and_drop(); }
    std::string describe() const override { return "<Handle accept>"; }
    void retain() noexcept override { add_ref(); }
    void release() noexcept override { Ref<Listener>::adopt(this); }

private:
    void wait();
    bool accept_one();
    bool failed(int error);
    void pause();
    void settle_and_drop() noexcept {
        settle();
        Ref<Listener>::adopt(this);
    }

    ServerImpl* server_; // null once closed
    const Ref<NetSocket> socket_;
    const Ref<SocketView> view_;
    ContextSlot context_;
    TimerHandle retry_;
};

class ServerImpl final : public ServerCore, public LoopResource {
public:
    ServerImpl(LoopCore& core, SocketMaker maker, ProtocolFactory factory, int backlog);
    /// The loop keeps it from now on, until it is closed.
    void open(std::vector<UniqueFd> sockets);
    /// May be null.
    void remove_when_closed(std::unique_ptr<SocketFile> file) noexcept { file_ = std::move(file); }
    /// Connections speak TLS. Before start_serving().
    void use_tls(std::shared_ptr<const TlsRequest> request) noexcept { tls_ = std::move(request); }

    void close() override;
    void close_clients() override;
    void abort_clients() override;
    bool is_serving() const noexcept override { return serving_; }
    bool is_closed() const noexcept override { return closed_; }
    std::vector<TransportSocket> sockets() const override;
    void start_serving() override;
    void loop_closing() noexcept override;

    void attach(SocketTransport& transport) noexcept;
    void detach(SocketTransport& transport) noexcept;
    int backlog() const noexcept { return backlog_; }
    /// Makes the protocol and the transport of an accepted connection.
    void connect(Accepted connection);

private:
    std::shared_ptr<BaseProtocol> over_tls(std::shared_ptr<BaseProtocol> protocol);
    void stop() noexcept;
    void wake_if_ended() noexcept;
    std::vector<std::shared_ptr<SocketTransport>> clients() const;

    const SocketMaker maker_;
    std::shared_ptr<const ProtocolFactory> factory_; // until it is closed: it may refer to us
    std::shared_ptr<const TlsRequest> tls_;          // null: plain connections
    const int backlog_;
    std::vector<Ref<Listener>> listeners_;
    std::unique_ptr<SocketFile> file_; // of a Unix socket
    SocketTransport* clients_ = nullptr;
    Ref<ServerImpl> self_;
    std::list<LoopResource*>::iterator registered_;
    bool serving_ = false;
    bool closed_ = false;
};

} // namespace asyncio::detail
