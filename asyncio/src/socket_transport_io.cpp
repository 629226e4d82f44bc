// Layer 4. A transport's traffic: receiving, sending, water marks. See socket_transport.hpp.
#include <asyncio/constants.hpp>
#include <asyncio/log.hpp>

#include "receive_buffer.hpp"
#include "socket_transport.hpp"

#include <algorithm>
#include <array>

namespace asyncio::detail {
namespace {
constexpr std::size_t max_pieces = 64; // of one system call
}

// Runs a method of the protocol; an error of it breaks the connection.
template <class F>
bool SocketTransport::call_protocol(const char* failure, F&& call) {
    const auto keep = protocol_; // it may be replaced from inside
    try {
        const ContextScope scope(thread_state().context, context_);
        call();
        return true;
    } catch (const KeyboardInterrupt&) {
        throw;
    } catch (const SystemExit&) {
        throw;
    } catch (...) {
        fatal_error(std::current_exception(), failure);
        return false;
    }
}

void SocketTransport::read_ready() {
    if (!wants_data()) return;
    bool more = false;
    try {
        more = buffered_ ? receive_buffered() : receive();
    } catch (...) {
        await_data(false);
        throw;
    }
    await_data(more);
}

IoResult SocketTransport::try_read(void* data, std::size_t size) {
    const IoResult got = socket_->try_read(data, size);
    if (std::exchange(not_waited_, false)) {
        core_->read_again_.tried(!got.would_block);
        core_->tried_reads_ = true;
    }
    return got;
}

// True when there may be more: the buffer was too small for what there is, or peers often
// have sent again by the next iteration.
bool SocketTransport::receive() {
    const std::span<char> buffer = receive_buffer();
    const IoResult got = try_read(buffer.data(), buffer.size());
    if (got.bytes == 0) return failed_to_receive(got);
    call_protocol("Fatal error: protocol.data_received() call failed.",
                  [&] { stream_->data_received(std::string_view(buffer.data(), got.bytes)); });
    return got.bytes == buffer.size() || core_->read_again_.worthwhile();
}

bool SocketTransport::receive_buffered() {
    const auto keep = protocol_;
    BufferedProtocol* const receiver = buffered_;
    std::span<std::byte> buffer;
    const bool given = call_protocol("Fatal error: protocol.get_buffer() call failed.", [&] {
        buffer = receiver->get_buffer(-1);
        if (buffer.empty()) throw RuntimeError("get_buffer() returned an empty buffer");
    });
    if (!given || closing_) return false;
    const IoResult got = try_read(buffer.data(), buffer.size());
    if (got.bytes == 0) return failed_to_receive(got);
    call_protocol("Fatal error: protocol.buffer_updated() call failed.",
                  [&] { receiver->buffer_updated(got.bytes); });
    return got.bytes == buffer.size() || core_->read_again_.worthwhile();
}

bool SocketTransport::failed_to_receive(IoResult got) {
    if (got.error)
        fatal_error(got.error, "Fatal read error on socket transport");
    else if (!got.would_block)
        end_of_stream();
    return false;
}

void SocketTransport::end_of_stream() {
    if (core_->debug_) logger().debug(repr() + " received EOF");
    eof_received_ = true;
    bool keep_open = false;
    const bool called = call_protocol("Fatal error: protocol.eof_received() call failed.", [&] {
        keep_open = stream_ ? stream_->eof_received() : buffered_->eof_received();
    });
    if (called && !keep_open) close();
}

// Waits for the next bytes; with more of them at hand only for the next iteration.
void SocketTransport::await_data(bool more) {
    if (!wants_data() || !reader_.idle()) return;
    not_waited_ = more;
    if (more)
        reader_.fire(*core_);
    else
        socket_->wait_readable(reader_);
}

void SocketTransport::pause_reading() {
    if (!is_reading()) return;
    paused_ = true;
    if (core_->debug_) logger().debug(repr() + " pauses reading");
}

void SocketTransport::resume_reading() {
    if (closing_ || !paused_) return;
    paused_ = false;
    if (!made_.queued()) await_data(false);
    if (core_->debug_) logger().debug(repr() + " resumes reading");
}

void SocketTransport::refuse_writing(const char* function) const {
    if (eof_written_)
        throw RuntimeError(std::string("Cannot call ") + function + "() after write_eof()");
    throw RuntimeError(std::string("unable to ") + function + "; sendfile is in progress");
}

void SocketTransport::begin_sendfile() {
    check_writable("write");
    sending_file_ = true;
}

void SocketTransport::wake_when_sendable(Waiter* waiter) {
    sender_ = waiter;
    if (waiter && writer_.idle() && !lost_count_) socket_->wait_writable(writer_);
}

void SocketTransport::wake_sender() noexcept {
    if (Waiter* const waiter = std::exchange(sender_, nullptr)) waiter->wake();
}

void SocketTransport::count_dropped_write() {
    if (lost_count_ >= constants::LOG_THRESHOLD_FOR_CONNLOST_WRITES)
        logger().warning("socket.send() raised exception.");
    ++lost_count_;
}

// Sends without buffering. False when nothing is left to do.
bool SocketTransport::send_now(std::string_view data, std::size_t& sent) {
    const IoResult done = socket_->try_write(data);
    if (done.error) {
        fatal_error(done.error, "Fatal write error on socket transport");
        return false;
    }
    sent = done.bytes;
    return sent < data.size();
}

void SocketTransport::write(std::string_view data) {
    check_writable("write");
    if (data.empty()) return;
    if (lost_count_) return count_dropped_write();
    std::size_t sent = 0;
    if (buffer_.empty() && !send_now(data, sent)) return;
    buffer_.append(data.substr(sent));
    buffered();
}

void SocketTransport::write_owned(std::string data) {
    check_writable("write");
    if (data.empty()) return;
    if (lost_count_) return count_dropped_write();
    std::size_t sent = 0;
    if (buffer_.empty() && !send_now(data, sent)) return;
    buffer_.append(std::move(data), sent);
    buffered();
}

void SocketTransport::write_pieces(std::span<const std::string_view> pieces) {
    check_writable("writelines");
    if (pieces.empty()) return;
    if (lost_count_) return count_dropped_write();
    while (buffer_.empty() && !pieces.empty()) {
        const auto batch = pieces.first(std::min(pieces.size(), max_pieces));
        const IoResult done = socket_->try_write(batch);
        if (done.error) return fatal_error(done.error, "Fatal write error on socket transport");
        std::size_t sent = done.bytes;
        std::size_t count = 0;
        while (count < batch.size() && sent >= batch[count].size()) sent -= batch[count++].size();
        pieces = pieces.subspan(count);
        if (count == batch.size()) continue;
        buffer_.append(pieces.front().substr(sent));
        pieces = pieces.subspan(1);
    }
    for (const std::string_view piece : pieces) buffer_.append(piece);
    if (!buffer_.empty()) buffered();
}

// After something was added to the buffer.
void SocketTransport::buffered() {
    if (writer_.idle()) socket_->wait_writable(writer_);
    maybe_pause_protocol();
}

void SocketTransport::write_ready() {
    if (lost_count_) return;
    if (buffer_.empty()) return wake_sender();
    std::array<std::string_view, max_pieces> pieces;
    const std::size_t count = buffer_.peek(pieces);
    const IoResult done = socket_->try_write(std::span(pieces).first(count));
    if (done.error) {
        buffer_.clear();
        return fatal_error(done.error, "Fatal write error on socket transport");
    }
    buffer_.consume(done.bytes);
    maybe_resume_protocol(); // it may write
    if (!buffer_.empty()) {
        if (writer_.idle() && !lost_count_) socket_->wait_writable(writer_);
        return;
    }
    wake_sender();
    if (lost_count_) {
        return;
    } else if (closing_) {
        connection_lost();
    } else if (eof_written_) {
        socket_->shutdown_write();
    }
}

void SocketTransport::write_eof() {
    if (closing_ || eof_written_) return;
    eof_written_ = true;
    if (buffer_.empty()) socket_->shutdown_write();
}

void SocketTransport::set_write_buffer_limits(WriteBufferLimits limits) {
    marks_.set(limits);
    maybe_pause_protocol();
}

std::pair<std::size_t, std::size_t> SocketTransport::get_write_buffer_limits() const {
    return {marks_.low(), marks_.high()};
}

// Runs a method of the protocol; an error of it is reported and changes nothing.
template <class F>
void SocketTransport::call_reporting(const char* failure, F&& call) {
    const auto keep = protocol_;
    try {
        call();
    } catch (const KeyboardInterrupt&) {
        throw;
    } catch (const SystemExit&) {
        throw;
    } catch (...) {
        report(failure, std::current_exception());
    }
}

void SocketTransport::maybe_pause_protocol() {
    if (marks_.should_pause(buffer_.size()))
        call_reporting("protocol.pause_writing() failed", [&] { protocol_->pause_writing(); });
}

void SocketTransport::maybe_resume_protocol() {
    if (marks_.should_resume(buffer_.size()))
        call_reporting("protocol.resume_writing() failed", [&] { protocol_->resume_writing(); });
}

} // namespace asyncio::detail
