// Layer 4. See pipe_transport.hpp.
#include "pipe_transport.hpp"

#include <asyncio/constants.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>

#include "no_sigpipe.hpp"
#include "receive_buffer.hpp"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <unistd.h>

namespace asyncio::detail {
namespace {

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

void PipeTransport::use(BaseProtocol* protocol) {
    auto* stream = dynamic_cast<Protocol*>(protocol);
    auto* buffered = dynamic_cast<BufferedProtocol*>(protocol);
    if (protocol && !stream && !buffered)
        throw TypeError("a pipe transport needs a Protocol or a BufferedProtocol");
    stream_ = stream;
    buffered_ = buffered;
}

void PipeTransport::call_made() {
    const auto self = std::static_pointer_cast<PipeTransport>(shared_from_this());
    if (stream_)
        stream_->connection_made(self);
    else
        buffered_->connection_made(self);
}

std::any PipeTransport::get_extra_info(std::string_view name) const {
    if (name == "pipe") return fd_;
    return {};
}

// ---- the read end ----

void ReadPipe::begin() {
    if (!paused_) await_data();
}

void ReadPipe::pause_reading() {
    if (!is_reading()) return;
    paused_ = true;
    if (core_->debug_) logger().debug(repr() + " pauses reading");
}

void ReadPipe::resume_reading() {
    if (closing_ || !paused_) return;
    paused_ = false;
    await_data();
    if (core_->debug_) logger().debug(repr() + " resumes reading");
}

void ReadPipe::read_ready() {
    if (!is_reading()) return;
    try {
        receive();
    } catch (...) {
        if (is_reading()) await_data();
        throw;
    }
    if (is_reading()) await_data();
}

void ReadPipe::receive() {
    const std::span<char> buffer = receive_buffer();
    const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
    if (got > 0) return deliver(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
    if (got < 0) return failed(errno);
    if (core_->debug_) logger().debug(repr() + " was closed by peer");
    closing_ = true;
    writer_.fire(*core_);
    lose(nullptr);
}

void ReadPipe::deliver(std::string_view data) {
    if (stream_)
        call_reporting("Exception in callback protocol.data_received()",
                       [&] { stream_->data_received(data); });
    else
        call_reporting("Exception in callback protocol.buffer_updated()",
                       [&] { feed_data_to_buffered_proto(*buffered_, data); });
}

void ReadPipe::write_ready() {
    call_reporting("Exception in callback protocol.eof_received()",
                   [&] { stream_ ? stream_->eof_received() : buffered_->eof_received(); });
}

void ReadPipe::failed(int error) {
    if (would_block(error)) return;
    const std::exception_ptr what = OSError::from_errno(error);
    // The other side of a terminal was closed: no reason for alarm.
    if (error == EIO) return fatal_error(what, "Fatal read error on pipe transport");
    core_->loop().call_exception_handler({
        .message = "Fatal read error on pipe transport",
        .exception = what,
        .transport = std::static_pointer_cast<ReadPipe>(shared_from_this()),
        .protocol = protocol_,
    });
    force_close(what);
}

std::string ReadPipe::repr() const {
    std::string text = repr_head("ReadPipeTransport");
    if (lost_) return text + '>';
    return text + (is_reading() ? " polling>" : " idle>");
}

// ---- the write end ----

WritePipe::WritePipe(LoopCore& core, Ref<NetSocket> socket, bool is_socket, bool watched)
    : PipeTransport(core, std::move(socket)), is_socket_(is_socket), watched_(watched) {}

void WritePipe::begin() {
    if (watched_) socket_->wait_readable(reader_);
}

void WritePipe::read_ready() {
    if (lost_count_) return;
    if (core_->debug_) logger().info(repr() + " was closed by peer");
    force_close(buffer_.empty() ? nullptr : std::make_exception_ptr(BrokenPipeError()));
}

IoResult WritePipe::try_write(std::string_view data) const noexcept {
    ssize_t done;
    if (is_socket_) {
        done = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
    } else {
        const NoSigpipe quiet;
        done = ::write(fd_, data.data(), data.size());
        if (done < 0 && errno == EPIPE) {
            quiet.swallow();
            errno = EPIPE;
        }
    }
    if (done >= 0) return {static_cast<std::size_t>(done), 0, false};
    return {0, would_block(errno) ? 0 : errno, would_block(errno)};
}

void WritePipe::failed(int error) {
    ++dropped_;
    fatal_error(OSError::from_errno(error), "Fatal write error on pipe transport");
}

void WritePipe::write(std::string_view data) {
    if (data.empty()) return;
    if (closing_) {
        if (dropped_ >= constants::LOG_THRESHOLD_FOR_CONNLOST_WRITES)
            logger().warning("pipe closed by peer or os.write(pipe, data) raised exception.");
        ++dropped_;
        return;
    }
    if (buffer_.empty()) {
        const IoResult done = try_write(data);
        if (done.error) return failed(done.error);
        data.remove_prefix(done.bytes);
        if (data.empty()) return;
    }
    buffer_.append(data);
    await_room();
    maybe_pause_protocol();
}

void WritePipe::write_ready() {
    if (lost_count_ || buffer_.empty()) return;
    std::array<std::string_view, 1> piece;
    buffer_.peek(piece);
    const IoResult done = try_write(piece[0]);
    if (done.error) {
        buffer_.clear();
        return failed(done.error);
    }
    buffer_.consume(done.bytes);
    maybe_resume_protocol(); // it may write
    if (!buffer_.empty())
        await_room();
    else if (closing_ && !lost_count_)
        lose_now();
}

std::string WritePipe::repr() const {
    std::string text = repr_head("WritePipeTransport");
    if (lost_) return text + '>';
    text += writer_.idle() ? " idle" : " polling";
    return text + " bufsize=" + std::to_string(buffer_.size()) + '>';
}

} // namespace asyncio::detail
