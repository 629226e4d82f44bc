// Layer 4. A TLS connection's traffic: delivering, sending, water marks. See tls_transport.hpp.
#include <asyncio/constants.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include "receive_buffer.hpp"
#include "tls_transport.hpp"

#include <algorithm>

namespace asyncio::detail {

void TlsMarks::set(WriteBufferLimits limits) {
    const auto usual = static_cast<std::int64_t>(kibibytes_ * 1024);
    const std::int64_t high = limits.high ? *limits.high : limits.low ? 4 * *limits.low : usual;
    const std::int64_t low = limits.low ? *limits.low : high >> 2; // rounds down, as Python
    if (high < low || low < 0)
        throw ValueError("high (" + std::to_string(high) + ") must be >= low (" +
                         std::to_string(low) + ") must be >= 0");
    high_ = static_cast<std::size_t>(high);
    low_ = static_cast<std::size_t>(low);
}

// Runs a method of the protocol; an error of it breaks the connection.
template <class F>
bool TlsTransport::call_protocol(F&& call) {
    const auto keep = protocol_; // it may be replaced from inside
    guarded(std::forward<F>(call));
    return !failed_;
}

// The same, but an error is reported and changes nothing.
template <class F>
void TlsTransport::call_reporting(const char* failure, F&& call) {
    const auto keep = protocol_;
    try {
        call();
    } catch (...) {
        const std::exception_ptr error = std::current_exception();
        if (is_base_only(error)) throw;
        report(failure, error, shared_from_this());
    }
}

void TlsTransport::data_received(std::string_view data) {
    if (stage_ == Stage::lost) return;
    const auto self = shared_from_this();
    guarded([&] {
        const TlsEngine::Input lent(engine_, data);
        advance();
    });
    control_reading();
}

bool TlsTransport::eof_received() {
    eof_ = true;
    const auto self = shared_from_this();
    guarded([&] {
        engine_.receive_eof();
        advance();
    });
    // When to close is decided here, unless that below is TLS, too, and decides itself.
    return !dynamic_cast<SSLTransport*>(below_.get());
}

// After the engine was given something.
void TlsTransport::advance() {
    if (failed_ || stage_ == Stage::lost) return;
    if (!ready_) {
        if (engine_.state() == TlsState::do_handshake) return send();
        if (!end_handshake()) return;
    }
    deliver();
    settle();
}

void TlsTransport::deliver() {
    while (wants_data() && (buffered_ ? deliver_in_place() : deliver_copy())) {
    }
    drop_data();
}

// True when there may be more.
bool TlsTransport::deliver_copy() {
    const SpareBuffer memory;
    const std::span<char> buffer = memory.bytes();
    const std::size_t count = engine_.read(buffer);
    more_ = count == buffer.size();
    const std::string_view data(buffer.data(), count);
    if (count == 0) return false;
    call_protocol([&] {
        if (buffered_)
            feed_data_to_buffered_proto(*buffered_, data);
        else
            stream_->data_received(data);
    });
    return more_;
}

bool TlsTransport::deliver_in_place() {
    // There may be an end without bytes before it, for which nobody needs a buffer.
    if (engine_.read_buffer_size() == 0 && !more_) return deliver_copy();
    BufferedProtocol* const receiver = buffered_;
    const auto keep = protocol_;
    const auto hint = std::max<std::size_t>(engine_.read_buffer_size(), 1);
    std::span<std::byte> buffer;
    const bool given = call_protocol([&] {
        buffer = receiver->get_buffer(static_cast<std::ptrdiff_t>(hint));
        if (buffer.empty()) throw RuntimeError("get_buffer() returned an empty buffer");
    });
    if (!given || closing_) return false;
    const std::size_t count = engine_.read({reinterpret_cast<char*>(buffer.data()), buffer.size()});
    more_ = count == buffer.size();
    if (count > 0) call_protocol([&] { receiver->buffer_updated(count); });
    return more_;
}

// While the last data goes out, what comes in is of no interest, but holds the peer back.
void TlsTransport::drop_data() {
    if (!shutting_down_ || engine_.state() != TlsState::flushing) return;
    const SpareBuffer memory;
    while (engine_.state() == TlsState::flushing && engine_.read(memory.bytes()) > 0) {
    }
}

// Gives the transport below what it wants to take.
void TlsTransport::send() {
    while (!below_paused_ && !engine_.outgoing().empty()) {
        const std::string_view bytes = engine_.outgoing();
        below_->write(bytes);
        engine_.consume(bytes.size());
    }
}

// After every step: sends, and looks where the connection stands.
void TlsTransport::settle() {
    if (failed_ || stage_ == Stage::lost) return;
    send();
    if (engine_.error()) return fail(engine_.error(), "Fatal error on SSL protocol");
    if (engine_.end() != TlsEnd::open && !paused_ && !closing_) return peer_closed();
    if (engine_.state() == TlsState::closed && engine_.outgoing().empty()) {
        // As in Python the peer's goodbye is an EOF also for the side that closed first.
        if (stage_ == Stage::made && !call_eof_received()) return;
        close_below();
    }
    control_writing();
}

void TlsTransport::count_dropped_write() {
    if (lost_count_ >= constants::LOG_THRESHOLD_FOR_CONNLOST_WRITES)
        logger().warning("SSL connection is closed");
    ++lost_count_;
}

void TlsTransport::write(std::string_view data) {
    if (data.empty()) return;
    if (closing_) return count_dropped_write();
    guarded([&] {
        // As far as the transport below keeps up, nothing is stored.
        while (!below_paused_ && !data.empty()) {
            const std::size_t count = engine_.write_some(data);
            if (count == 0) break;
            data.remove_prefix(count);
            send();
        }
        engine_.write(data);
        if (ready_) return settle();
        // From inside connection_made(): the end of the connection has to wait, water marks do not.
        if (!handshaken_) return;
        send();
        control_writing();
    });
}

void TlsTransport::resume_writing() {
    if (!std::exchange(below_paused_, false)) {
        // It was the protocol that was paused, before start_tls().
        if (protocol_)
            call_reporting("protocol.resume_writing() failed",
                           [&] { protocol_->resume_writing(); });
        return;
    }
    if (stage_ == Stage::lost || !below_) return;
    const auto self = shared_from_this();
    guarded([&] {
        if (ready_)
            settle();
        else
            send();
    });
}

void TlsTransport::resume_reading() {
    if (stage_ == Stage::lost) return;
    if (!std::exchange(paused_, false) || std::exchange(resuming_, true)) return;
    core_->loop().call_soon([self = shared_from_this()] { self->resume(); });
}

void TlsTransport::resume() {
    resuming_ = false;
    if (stage_ == Stage::lost || !ready_) return;
    guarded([&] { advance(); });
    control_reading();
}

void TlsTransport::set_read_buffer_limits(WriteBufferLimits limits) {
    read_marks_.set(limits);
    control_reading();
}

std::pair<std::size_t, std::size_t> TlsTransport::get_read_buffer_limits() const {
    return read_marks_.limits();
}

void TlsTransport::control_reading() {
    if (!below_ || stage_ == Stage::lost) return;
    const std::size_t size = engine_.read_buffer_size();
    if (read_marks_.should_pause(size))
        below_->pause_reading();
    else if (read_marks_.should_resume(size))
        below_->resume_reading();
}

void TlsTransport::set_write_buffer_limits(WriteBufferLimits limits) {
    write_marks_.set(limits);
    control_writing();
}

std::pair<std::size_t, std::size_t> TlsTransport::get_write_buffer_limits() const {
    return write_marks_.limits();
}

void TlsTransport::control_writing() {
    if (failed_ || stage_ == Stage::lost || stage_ == Stage::fresh) return;
    const std::size_t size = engine_.write_buffer_size();
    if (write_marks_.should_pause(size))
        call_reporting("protocol.pause_writing() failed", [&] { protocol_->pause_writing(); });
    else if (write_marks_.should_resume(size))
        call_reporting("protocol.resume_writing() failed", [&] { protocol_->resume_writing(); });
}

} // namespace asyncio::detail
