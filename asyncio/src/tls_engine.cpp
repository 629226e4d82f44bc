// Layer 4. TlsEngine: its states. See tls_engine.hpp; what moves data is in tls_engine_data.cpp.
#include "tls_engine.hpp"

#include "tls_errors.hpp"
#include "tls_object.hpp"

#include <openssl/ssl.h>

#include <array>
#include <utility>

namespace asyncio::detail {

std::string_view name_of(TlsState state) noexcept {
    switch (state) {
    case TlsState::unwrapped: return "SSLProtocolState.UNWRAPPED";
    case TlsState::do_handshake: return "SSLProtocolState.DO_HANDSHAKE";
    case TlsState::wrapped: return "SSLProtocolState.WRAPPED";
    case TlsState::flushing: return "SSLProtocolState.FLUSHING";
    case TlsState::shutdown: return "SSLProtocolState.SHUTDOWN";
    case TlsState::closed: break;
    }
    return "SSLProtocolState.CLOSED";
}

TlsEngine::TlsEngine(const ssl::SSLContext& context, TlsEngineOptions options)
    : object_(std::make_shared<TlsObject>(context, options.server_side, options.server_hostname)),
      window_(options.window) {
    wire_.attach(object_->ssl);
}

TlsEngine::~TlsEngine() = default;

void TlsEngine::start() {
    move(TlsState::do_handshake);
    advance_handshake();
}

void TlsEngine::receive_eof() {
    eof_ = true;
    if (state_ == TlsState::do_handshake) fail(std::make_exception_ptr(ConnectionResetError()));
    if (state_ == TlsState::shutdown) close();
}

void TlsEngine::shutdown() {
    switch (state_) {
    case TlsState::unwrapped:
    case TlsState::do_handshake: close(); break;
    case TlsState::wrapped:
        move(TlsState::flushing);
        advance_backlog();
        break;
    case TlsState::flushing:
    case TlsState::shutdown:
    case TlsState::closed: break;
    }
}

void TlsEngine::abort() noexcept {
    close();
    wire_.consume(wire_.outgoing_size());
}

std::exception_ptr TlsEngine::truncation_error() {
    return std::make_exception_ptr(tls_truncation_error());
}

void TlsEngine::lend(std::string_view bytes) {
    if (state_ == TlsState::closed) return;
    wire_.lend(bytes);
    if (state_ == TlsState::do_handshake) advance_handshake();
    if (state_ == TlsState::flushing) advance_backlog(); // it may have waited for the peer
    if (state_ == TlsState::shutdown) advance_shutdown();
}

void TlsEngine::keep() noexcept {
    // After the peer's close_notify nothing counts.
    if (end_ != TlsEnd::open) return wire_.drop_input();
    try {
        wire_.keep();
    } catch (...) {
        fail(std::current_exception());
    }
}

void TlsEngine::move(TlsState next) {
    // A successful connection passes all states in their order.
    if (static_cast<int>(next) == static_cast<int>(state_) + 1) {
        state_ = next;
        return;
    }
    throw RuntimeError("cannot switch state from " + std::string(name_of(state_)) + " to " +
                       std::string(name_of(next)));
}

void TlsEngine::close() noexcept {
    state_ = TlsState::closed;
    backlog_.clear();
    wire_.drop_input();
}

void TlsEngine::fail(std::exception_ptr error) noexcept {
    error_ = std::move(error);
    close();
}

// After a call of OpenSSL that failed: nothing to do when it only needs more bytes.
void TlsEngine::fail_from(int result) {
    const int kind = SSL_get_error(object_->ssl, result);
    if (kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE) return;
    auto error = tls_connection_error(object_->ssl, kind, object_->server_hostname);
    if (object_->callback_error) {
        auto* ours = const_cast<BaseException*>(exception_cast<BaseException>(error));
        if (ours) ours->set_cause(std::exchange(object_->callback_error, nullptr));
    }
    fail(std::move(error));
}

void TlsEngine::advance_handshake() {
    forget_errors();
    const int result = SSL_do_handshake(object_->ssl);
    if (result != 1) {
        fail_from(result);
        if (state_ == TlsState::do_handshake && eof_) receive_eof();
        return;
    }
    move(TlsState::wrapped);
    advance_backlog();
}

void TlsEngine::advance_shutdown() {
    // The peer may still be sending. RFC 8446 6.1: its data is of no use to anybody, and its
    // close_notify is worth waiting for only as long as it costs little.
    constexpr std::size_t patience = 256 * 1024;
    const std::size_t before = wire_.outgoing_size();
    std::array<char, 4096> scratch;
    while (state_ == TlsState::shutdown && end_ == TlsEnd::open && dropped_ <= patience) {
        const std::size_t count = decrypt(scratch);
        if (count == 0) break;
        dropped_ += count;
    }
    if (state_ != TlsState::shutdown) return;
    if (end_ != TlsEnd::open || eof_ || dropped_ > patience || is_flooded(before)) close();
}

} // namespace asyncio::detail
