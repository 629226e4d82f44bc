// Layer 4. See loop_transport.hpp.
#include "loop_transport.hpp"

#include <asyncio/constants.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/log.hpp>

namespace asyncio::detail {

LoopTransport::LoopTransport(LoopCore& core, Ref<NetSocket> socket)
    : core_(&core), socket_(std::move(socket)), fd_(socket_->fileno()),
      context_(copy_current_context()) {}

LoopTransport::~LoopTransport() { socket_->close(); }

void LoopTransport::open(std::shared_ptr<BaseProtocol> protocol) {
    set_protocol(std::move(protocol));
    auto& resources = core_->extras_->resources;
    registered_ = resources.insert(resources.end(), this);
    core_->extras_->transports.enter(fd_, *this);
    self_ = shared_from_this();
    made_.fire(*core_);
}

void LoopTransport::set_protocol(std::shared_ptr<BaseProtocol> protocol) {
    if (lost_) return;
    use(protocol.get());
    protocol_ = std::move(protocol);
}

void LoopTransport::made() {
    std::exception_ptr interrupt;
    try {
        call_reporting("Exception in callback protocol.connection_made()", [&] { call_made(); });
    } catch (...) {
        interrupt = std::current_exception();
    }
    if (!closing_) begin();
    if (Waiter* waiter = std::exchange(opened_, nullptr)) waiter->wake();
    if (interrupt) std::rethrow_exception(interrupt);
}

void LoopTransport::close() {
    if (closing_) return;
    closing_ = true;
    if (buffered() == 0) lose(nullptr);
}

void LoopTransport::force_close(std::exception_ptr error) {
    if (lost_count_) return;
    clear_buffer();
    closing_ = true;
    lose(std::move(error));
}

void LoopTransport::lose(std::exception_ptr error) {
    closing_ = true;
    ++lost_count_;
    lost_error_ = std::move(error);
    lost_node_.fire(*core_);
}

// The last of the buffer is sent: nothing stands between it and connection_lost().
void LoopTransport::lose_now() {
    ++lost_count_;
    connection_lost();
}

void LoopTransport::connection_lost() {
    if (lost_) return;
    const struct Release {
        LoopTransport& transport;
        ~Release() { transport.release_resources(); }
    } release{*this};
    const auto protocol = protocol_;
    call_reporting("Exception in callback protocol.connection_lost()",
                   [&] { protocol->connection_lost(std::exchange(lost_error_, nullptr)); });
}

void LoopTransport::release_resources() noexcept {
    lost_ = closing_ = true;
    ++lost_count_;
    core_->extras_->transports.leave(fd_, *this);
    socket_->close();
    clear_buffer();
    use(nullptr);
    core_->extras_->resources.erase(registered_);
    opened_ = nullptr;
    const auto protocol = std::move(protocol_);
}

// A node in the ready queue keeps the transport: the last one to run lets go.
void LoopTransport::unpin() noexcept {
    if (--pins_ != 0 || !lost_) return;
    if (made_.queued() || reader_.queued() || writer_.queued() || lost_node_.queued()) return;
    const auto self = std::move(self_);
}

void LoopTransport::loop_closing() noexcept {
    const auto self = std::move(self_);
    warnings::warn(warnings::Category::ResourceWarning, "unclosed transport " + repr());
    // The loop has taken it off its list.
    auto& resources = core_->extras_->resources;
    registered_ = resources.insert(resources.end(), this);
    release_resources();
}

// To be called in a handler.
void LoopTransport::report(const std::string& message) {
    const std::exception_ptr error = std::current_exception();
    if (is_base_only(error)) throw;
    core_->loop().call_exception_handler({
        .message = message,
        .exception = error,
        .transport = shared_from_this(),
        .protocol = protocol_,
    });
}

void LoopTransport::fatal_error(std::exception_ptr error, const char* message) {
    if (!is_instance<OSError>(error))
        core_->loop().call_exception_handler({
            .message = message,
            .exception = error,
            .transport = shared_from_this(),
            .protocol = protocol_,
        });
    else if (core_->debug_)
        logger().log(Level::Debug, repr() + ": " + message, error);
    force_close(std::move(error));
}

void LoopTransport::count_dropped_write(const char* warning) {
    if (lost_count_ >= constants::LOG_THRESHOLD_FOR_CONNLOST_WRITES) logger().warning(warning);
    ++lost_count_;
}

void LoopTransport::set_marks(WriteBufferLimits limits) {
    marks_.set(limits);
    maybe_pause_protocol();
}

namespace {

// Flow control calls the protocol where it is, in the caller's context.
template <class F, class Report>
void call_here(F&& call, Report&& report) {
    try {
        call();
    } catch (...) {
        report();
    }
}

} // namespace

void LoopTransport::maybe_pause_protocol() {
    if (!protocol_ || !marks_.should_pause(buffered())) return;
    const auto keep = protocol_;
    call_here([&] { keep->pause_writing(); }, [&] { report("protocol.pause_writing() failed"); });
}

void LoopTransport::maybe_resume_protocol() {
    if (!protocol_ || !marks_.should_resume(buffered())) return;
    const auto keep = protocol_;
    call_here([&] { keep->resume_writing(); }, [&] { report("protocol.resume_writing() failed"); });
}

std::string LoopTransport::repr_head(const char* kind) const {
    std::string text = std::string("<") + kind;
    if (closing_) text += lost_ ? " closed" : " closing";
    return text + " fd=" + std::to_string(fd_);
}

} // namespace asyncio::detail
