// Layer 4. The accept loop. See server_impl.hpp.
#include <asyncio/detail/memory.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/log.hpp>

#include "server_impl.hpp"

#include <cerrno>
#include <memory>

#include <sys/socket.h>

namespace asyncio::detail {
namespace {

/// An accepted connection on its way to a transport, in an iteration and a context of its own.
class Incoming final : public ReadyNode, public Pooled {
public:
    Incoming(ServerImpl& server, Accepted connection, ContextSlot context)
        : server_(&server), connection_(std::move(connection)), context_(std::move(context)) {}
    void run() override {
        const std::unique_ptr<Incoming> self(this);
        const ContextScope scope(thread_state().context, context_);
        server_->connect(std::move(connection_));
    }
    void discard() noexcept override { delete this; }

private:
    Ref<ServerImpl> server_;
    Accepted connection_;
    ContextSlot context_;
};

bool out_of_resources(int error) {
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

} // namespace

Listener::Listener(ServerImpl& server, Ref<NetSocket> socket)
    : server_(&server), socket_(std::move(socket)),
      view_(make_ref<SocketView>(socket_->fileno(), 0)) {}

void Listener::listen(int backlog) {
    if (::listen(socket_->fileno(), backlog) != 0) raise_from_errno(errno);
    context_ = copy_current_context();
    wait();
}

void Listener::wait() {
    add_ref();
    socket_->wait_readable(*this);
}

void Listener::close() noexcept {
    const Ref<Listener> self(this);
    server_ = nullptr;
    view_->fd = -1;
    socket_->close();
    if (retry_) retry_.cancel();
}

void Listener::run() {
    settle();
    const Ref<Listener> self = Ref<Listener>::adopt(this);
    if (!server_) return;
    // One more than the backlog, so that a full one is emptied in one go.
    for (int left = server_->backlog() + 1; left > 0; --left)
        if (!accept_one()) break;
    if (server_ && !retry_) wait();
}

// False when there is nothing to accept.
bool Listener::accept_one() {
    Accepted connection = accept_socket(socket_->fileno());
    if (connection.error) return failed(connection.error);
    LoopCore& core = *server_->core_;
    if (core.debug_)
        logger().debug(server_->repr() + " got a new connection from " + connection.peer.str());
    ContextSlot context = context_ ? make_ref<ContextData>(context_->bindings_) : ContextSlot();
    core.push(*new Incoming(*server_, std::move(connection), std::move(context)));
    return true;
}

bool Listener::failed(int error) {
    if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR) return false;
    if (error == ECONNABORTED) return true;
    const bool exhausted = out_of_resources(error);
    if (exhausted) pause(); // before the handler, which may close the server
    server_->core_->loop().call_exception_handler({
        .message = exhausted ? "socket.accept() out of system resource"
                             : "Exception in callback Server.accept()",
        .exception = OSError::from_errno(error),
        .socket = view().repr(),
    });
    return false;
}

// The system goes on reporting the socket as ready: look away for a while.
void Listener::pause() {
    retry_ = server_->core_->loop().call_later(constants::ACCEPT_RETRY_DELAY,
                                               [self = Ref<Listener>(this)] {
                                                   self->retry_ = TimerHandle();
                                                   if (self->server_) self->wait();
                                               });
}

} // namespace asyncio::detail
