// Layer 4. A TLS connection's life: handshake, shutdown, failing. See tls_transport.hpp.
#include "tls_transport.hpp"

#include <asyncio/constants.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include <cstdio>
#include <optional>

namespace asyncio::detail {
namespace {

double checked_timeout(const std::optional<double>& timeout, double usual, const char* name) {
    if (timeout && *timeout <= 0)
        throw ValueError(std::string(name) + " should be a positive number, got " +
                         python_float(*timeout));
    return timeout.value_or(usual);
}

bool has_name(const TlsRequest& request) {
    return request.server_hostname && !request.server_hostname->empty();
}

ssl::SSLContext context_of(const TlsRequest& request, TlsRole role) {
    if (request.context) return request.context;
    if (role.server_side) throw ValueError("Server side SSL needs a valid SSLContext");
    const ssl::SSLContext context = ssl::create_default_context();
    if (!has_name(request)) context.set_check_hostname(false);
    return context;
}

TlsEngineOptions engine_options(const TlsRequest& request, TlsRole role) {
    TlsEngineOptions options;
    options.server_side = role.server_side;
    if (!role.server_side && request.server_hostname)
        options.server_hostname = *request.server_hostname;
    return options;
}

} // namespace

TlsTransport::TlsTransport(LoopCore& core, const TlsRequest& request, TlsRole role)
    : core_(&core), context_(context_of(request, role)),
      engine_(context_, engine_options(request, role)),
      handshake_timeout_(checked_timeout(
          request.handshake_timeout, constants::SSL_HANDSHAKE_TIMEOUT, "ssl_handshake_timeout")),
      shutdown_timeout_(checked_timeout(request.shutdown_timeout, constants::SSL_SHUTDOWN_TIMEOUT,
                                        "ssl_shutdown_timeout")),
      role_(role), suppress_ragged_eofs_(request.suppress_ragged_eofs) {}

TlsTransport::~TlsTransport() { unregister(); }

void TlsTransport::open(std::shared_ptr<BaseProtocol> protocol) {
    set_protocol(std::move(protocol));
    if (role_.upgrade) stage_ = Stage::made;
    auto& resources = core_->extras_->resources;
    registered_ = resources.insert(resources.end(), this);
    is_registered_ = true;
}

void TlsTransport::set_protocol(std::shared_ptr<BaseProtocol> protocol) {
    if (stage_ == Stage::lost) return;
    auto* stream = dynamic_cast<Protocol*>(protocol.get());
    auto* buffered = dynamic_cast<BufferedProtocol*>(protocol.get());
    if (!stream && !buffered)
        throw TypeError("a TLS transport needs a Protocol or a BufferedProtocol");
    protocol_ = std::move(protocol);
    stream_ = stream;
    buffered_ = buffered;
}

template <void (TlsTransport::*Expired)()>
void TlsTransport::start_timer(double delay) {
    timer_ = core_->loop().call_later(delay, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) ((*self).*Expired)();
    });
}

void TlsTransport::connection_made(std::shared_ptr<Transport> below) {
    if (stage_ == Stage::lost) return;
    below_ = std::move(below);
    if (closing_) return below_->abort(); // nobody has waited for it
    start_handshake();
}

void TlsTransport::start_handshake() {
    if (core_->debug_) {
        logger().debug(repr() + " starts SSL handshake");
        handshake_start_ = core_->loop().time();
    }
    start_timer<&TlsTransport::handshake_expired>(handshake_timeout_);
    guarded([&] {
        if (!early_.empty()) engine_.receive(std::exchange(early_, {}));
        engine_.start();
        advance();
    });
}

void TlsTransport::handshake_expired() {
    if (ready_) return;
    fail(std::make_exception_ptr(ConnectionAbortedError("SSL handshake is taking longer than " +
                                                        python_float(handshake_timeout_) +
                                                        " seconds: aborting the connection")),
         "Fatal error on transport");
}

// False when there is no connection to go on with.
bool TlsTransport::end_handshake() {
    timer_.cancel();
    if (const auto error = engine_.error()) {
        fail(error, is_instance<ssl::SSLCertVerificationError>(error)
                        ? "SSL handshake failed on verifying the certificate"
                        : "SSL handshake failed");
        return false;
    }
    handshaken_ = true;
    if (core_->debug_) {
        char taken[32];
        std::snprintf(taken, sizeof taken, "%.1f", (core_->loop().time() - handshake_start_) * 1e3);
        logger().debug(repr() + ": SSL handshake took " + taken + " ms");
    }
    if (stage_ == Stage::fresh && !call_connection_made()) return false;
    wake_waiter(nullptr);
    return true;
}

bool TlsTransport::call_connection_made() {
    stage_ = Stage::made;
    const auto keep = protocol_;
    try {
        if (stream_)
            stream_->connection_made(shared_from_this());
        else
            buffered_->connection_made(shared_from_this());
        return true;
    } catch (...) {
        const std::exception_ptr error = std::current_exception();
        if (is_base_only(error)) throw;
        fail(error, "Fatal error: protocol.buffer_updated() call failed.");
        return false;
    }
}

// The handshake has ended.
void TlsTransport::wake_waiter(std::exception_ptr error) {
    if (std::exchange(ready_, true)) return;
    handshake_error_ = error;
    if (Waiter* waiter = std::exchange(waiter_, nullptr)) waiter->wake();
    if (!error || !core_->debug_ || !role_.server_side || role_.upgrade) return;
    core_->loop().call_exception_handler({
        .message = "Error on transport creation for incoming connection",
        .exception = std::move(error),
        .transport = shared_from_this(),
        .protocol = protocol_,
    });
}

void TlsTransport::close() {
    if (closing_) return;
    if (!below_) {
        closing_ = true;
        return;
    }
    const auto self = shared_from_this();
    if (handshaken_)
        guarded([&] { start_shutdown(); });
    else
        abort();
}

void TlsTransport::abort() {
    if (failed_ || stage_ == Stage::lost) return;
    failed_ = closing_ = true;
    engine_.abort();
    if (below_) below_->abort();
}

void TlsTransport::start_shutdown() {
    if (shutting_down_) return;
    shutting_down_ = closing_ = true;
    start_timer<&TlsTransport::shutdown_expired>(shutdown_timeout_);
    // Who has closed the connection below may not expect a goodbye, and answer it with a reset.
    if (eof_ && engine_.write_buffer_size() == 0)
        engine_.abort();
    else
        engine_.shutdown();
    drop_data();
    settle();
    control_reading();
}

void TlsTransport::shutdown_expired() {
    if (stage_ == Stage::lost) return;
    fail(std::make_exception_ptr(TimeoutError("SSL shutdown timed out")),
         "Fatal error on transport");
}

// The end of the peer's data, once all before it is delivered.
void TlsTransport::peer_closed() {
    if (engine_.end() == TlsEnd::truncated && !suppress_ragged_eofs_)
        return fail(TlsEngine::truncation_error(), "Fatal error on SSL protocol");
    if (stage_ == Stage::made && !call_eof_received()) return;
    if (!closing_) start_shutdown();
}

bool TlsTransport::call_eof_received() {
    if (core_->debug_) logger().debug(repr() + " received EOF");
    stage_ = Stage::eof;
    const auto keep = protocol_;
    try {
        if (stream_ ? stream_->eof_received() : buffered_->eof_received())
            logger().warning("returning true from eof_received() has no effect when using ssl");
        return true;
    } catch (...) {
        const std::exception_ptr error = std::current_exception();
        if (is_base_only(error)) throw;
        fail(error, "Error calling eof_received()");
        return false;
    }
}

// All is said.
void TlsTransport::close_below() {
    if (std::exchange(closing_below_, true)) return;
    core_->loop().call_soon([below = below_] { below->close(); });
}

void TlsTransport::send_alert() {
    if (engine_.outgoing().empty() || below_paused_) return;
    try {
        below_->write(engine_.outgoing());
    } catch (const RuntimeError&) {
        return; // it takes nothing any more, and the connection is about to break anyway
    }
}

// Breaks the connection; the peer is told why if there is an alert.
void TlsTransport::fail(std::exception_ptr error, const char* message) {
    if (failed_ || stage_ == Stage::lost) return;
    failed_ = closing_ = true;
    failure_ = error;
    timer_.cancel();
    send_alert();
    engine_.abort();
    below_->abort();
    if (!is_instance<OSError>(error) && !is_instance<CancelledError>(error))
        report(message, error, below_);
    else if (core_->debug_)
        logger().log(Level::Debug, repr() + ": " + message, error);
    wake_waiter(std::move(error));
}

void TlsTransport::report(const char* message, std::exception_ptr error,
                          std::shared_ptr<BaseTransport> at) {
    core_->loop().call_exception_handler({
        .message = message,
        .exception = std::move(error),
        .transport = std::move(at),
        .protocol = shared_from_this(),
    });
}

void TlsTransport::connection_lost(std::exception_ptr error) {
    if (stage_ == Stage::lost) return;
    if (!error) error = failure_;
    const bool tell = stage_ != Stage::fresh;
    const auto protocol = protocol_;
    const auto self = shared_from_this();
    closing_ = true;
    ++lost_count_;
    // Who waits for the handshake must not take this for success.
    wake_waiter(error ? error : std::make_exception_ptr(ConnectionResetError()));
    release();
    if (!tell) return;
    core_->loop().call_soon([self, protocol, error] {
        try {
            protocol->connection_lost(error);
        } catch (...) {
            const std::exception_ptr raised = std::current_exception();
            if (is_base_only(raised)) throw;
            self->report("Exception in callback protocol.connection_lost()", raised, self);
        }
    });
}

// Lets go of the protocol, which may hold this.
void TlsTransport::release() noexcept {
    stage_ = Stage::lost;
    closing_ = true;
    waiter_ = nullptr;
    if (timer_) timer_.cancel(); // None before the handshake
    timer_ = TimerHandle();
    engine_.abort();
    std::string().swap(early_);
    failure_ = nullptr;
    unregister();
    stream_ = nullptr;
    buffered_ = nullptr;
    const auto protocol = std::move(protocol_);
}

void TlsTransport::unregister() noexcept {
    if (std::exchange(is_registered_, false)) core_->extras_->resources.erase(registered_);
}

void TlsTransport::loop_closing() noexcept {
    is_registered_ = false; // the loop has taken it off its list
    const auto self = shared_from_this();
    warnings::warn(warnings::Category::ResourceWarning, "unclosed transport " + repr());
    const auto below = std::move(below_);
    release();
}

std::any TlsTransport::get_extra_info(std::string_view name) const {
    if (name == "sslcontext") return context_;
    if (handshaken_) {
        const ssl::SSLObject object = engine_.object();
        if (name == "ssl_object") return object;
        if (name == "compression") return {};
        if (name == "peercert") {
            if (auto certificate = object.getpeercert()) return *std::move(certificate);
            return {};
        }
        if (name == "cipher") {
            if (auto cipher = object.cipher()) return *std::move(cipher);
            return {};
        }
    }
    return below_ ? below_->get_extra_info(name) : std::any();
}

std::string TlsTransport::repr() const {
    std::string text = "<SSLTransport";
    if (closing_) text += stage_ == Stage::lost ? " closed" : " closing";
    if (below_) text += " over " + below_->repr();
    return text + '>';
}

} // namespace asyncio::detail
