// Layer 4. A transport's life: opening, closing, losing its connection. See socket_transport.hpp.
#include "socket_transport.hpp"

#include <asyncio/constants.hpp>
#include <asyncio/detail/names.hpp>
#include <asyncio/detail/stream_transport.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/log.hpp>

#include "net_socket.hpp"
#include "server_impl.hpp"

namespace asyncio::detail {

SocketTransport::SocketTransport(LoopCore& core, Ref<StreamSocket> socket)
    : core_(&core), socket_(std::move(socket)), context_(copy_current_context()),
      fd_(socket_->fileno()) {}

SocketTransport::~SocketTransport() { socket_->close(); }

void SocketTransport::open(std::shared_ptr<BaseProtocol> protocol, ServerImpl* server,
                           SocketAddress peer) {
    set_protocol(std::move(protocol));
    peername_ = std::move(peer);
    if (fd_ >= 0) {
        sockname_ = local_address(fd_);
        if (!peername_) peername_ = peer_address(fd_);
        set_nodelay(fd_, sockname_.family());
    }
    server_ = Ref<ServerImpl>(server);
    if (server_) server_->attach(*this);
    auto& resources = core_->extras_->resources;
    registered_ = resources.insert(resources.end(), this);
    core_->extras_->transports.enter(fd_, *this);
    self_ = shared_from_this();
    made_.fire(*core_);
}

void SocketTransport::set_protocol(std::shared_ptr<BaseProtocol> protocol) {
    if (lost_) return;
    auto* stream = dynamic_cast<Protocol*>(protocol.get());
    auto* buffered = dynamic_cast<BufferedProtocol*>(protocol.get());
    if (!stream && !buffered)
        throw TypeError("a stream transport needs a Protocol or a BufferedProtocol");
    protocol_ = std::move(protocol);
    stream_ = stream;
    buffered_ = buffered;
}

namespace {

// A callback's own copy of a context, as call_soon() would make.
ContextSlot copy_of(const ContextSlot& slot) {
    return slot ? make_ref<ContextData>(slot->bindings_) : ContextSlot();
}

} // namespace

void SocketTransport::made() {
    struct Opened {
        SocketTransport& transport;
        ~Opened() {
            if (Waiter* waiter = std::exchange(transport.opened_, nullptr)) waiter->wake();
        }
    } const opened{*this};
    ContextSlot context = copy_of(context_);
    const auto protocol = protocol_;
    try {
        const ContextScope scope(thread_state().context, context);
        if (stream_)
            stream_->connection_made(shared_from_this());
        else
            buffered_->connection_made(shared_from_this());
    } catch (...) {
        await_data(false);
        const std::exception_ptr error = std::current_exception();
        if (is_base_only(error)) throw;
        report("Exception in callback protocol.connection_made()", error);
        return;
    }
    await_data(false);
}

void SocketTransport::close() {
    if (closing_) return;
    closing_ = true;
    if (buffer_.empty()) lose(nullptr);
}

void SocketTransport::force_close(std::exception_ptr error) {
    if (lost_count_) return;
    buffer_.clear();
    closing_ = true;
    lose(std::move(error));
}

// Schedules connection_lost().
void SocketTransport::lose(std::exception_ptr error) {
    ++lost_count_;
    lost_error_ = std::move(error);
    lost_node_.fire(*core_);
    wake_sender();
}

void SocketTransport::connection_lost() {
    if (lost_) return;
    const struct Release {
        SocketTransport& transport;
        ~Release() { transport.release_resources(); }
    } release{*this};
    ContextSlot context = copy_of(context_);
    const auto protocol = protocol_;
    try {
        const ContextScope scope(thread_state().context, context);
        protocol->connection_lost(std::exchange(lost_error_, nullptr));
    } catch (...) {
        const std::exception_ptr error = std::current_exception();
        if (is_base_only(error)) throw;
        report("Exception in callback protocol.connection_lost()", error);
    }
}

void SocketTransport::release_resources() noexcept {
    lost_ = closing_ = true;
    ++lost_count_;
    core_->extras_->transports.leave(fd_, *this);
    socket_->close();
    if (view_) view_->fd = -1;
    buffer_.clear();
    core_->extras_->resources.erase(registered_);
    stream_ = nullptr;
    buffered_ = nullptr;
    opened_ = nullptr;
    wake_sender();
    const auto protocol = std::move(protocol_);
    if (const auto server = std::move(server_)) server->detach(*this);
}

// A node in the ready queue keeps the transport: the last one to run lets go.
void SocketTransport::release_self() noexcept {
    if (made_.queued() || reader_.queued() || writer_.queued() || lost_node_.queued()) return;
    const auto self = std::move(self_);
}

void SocketTransport::loop_closing() noexcept {
    const auto self = std::move(self_);
    warnings::warn(warnings::Category::ResourceWarning, "unclosed transport " + repr());
    // The loop has taken it off its list.
    auto& resources = core_->extras_->resources;
    registered_ = resources.insert(resources.end(), this);
    release_resources();
}

void SocketTransport::report(const char* message, std::exception_ptr error) {
    core_->loop().call_exception_handler({
        .message = message,
        .exception = std::move(error),
        .transport = shared_from_this(),
        .protocol = protocol_,
    });
}

void SocketTransport::fatal_error(std::exception_ptr error, const char* message) {
    if (!is_instance<OSError>(error))
        report(message, error);
    else if (core_->debug_)
        logger().log(Level::Debug, repr() + ": " + message, error);
    force_close(std::move(error));
}

void SocketTransport::fatal_error(int error, const char* message) {
    fatal_error(OSError::from_errno(error), message);
}

std::any SocketTransport::get_extra_info(std::string_view name) const {
    if (name == "peername" && peername_) return peername_;
    if (name == "sockname" && sockname_) return sockname_;
    if (name != "socket" || fd_ < 0) return {};
    if (!view_) view_ = make_ref<SocketView>(lost_ ? -1 : fd_, sockname_.family());
    return TransportSocket(view_);
}

std::string SocketTransport::repr() const {
    std::string text = "<SocketTransport";
    if (closing_) text += lost_ ? " closed" : " closing";
    text += " fd=" + std::to_string(fd_);
    if (lost_) return text + '>';
    text += wants_data() ? " read=polling" : " read=idle";
    text += std::string(" write=<") + (writer_.idle() ? "idle" : "polling");
    return text + ", bufsize=" + std::to_string(buffer_.size()) + ">>";
}

std::shared_ptr<Transport> make_stream_transport(LoopCore& core, Ref<StreamSocket> socket,
                                                 std::shared_ptr<BaseProtocol> protocol) {
    auto transport = std::make_shared<SocketTransport>(core, std::move(socket));
    transport->open(std::move(protocol));
    return transport;
}

} // namespace asyncio::detail
