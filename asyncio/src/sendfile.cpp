// Layer 4. See sendfile.hpp.
#include <asyncio/constants.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/protocols.hpp>
#include <asyncio/sendfile.hpp>
#include <asyncio/tasks.hpp>
#include <asyncio/threads.hpp>

#include "no_sigpipe.hpp"
#include "pipe_transport.hpp"
#include "socket_operations.hpp"
#include "socket_transport.hpp"
#include "socket_waits.hpp"

#include <algorithm>
#include <cerrno>

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace asyncio {
namespace detail {
namespace {

constexpr std::int64_t transport_block = 16384;
constexpr std::int64_t largest_call = 1 << 30;

void check_range(const SendfileOptions& options) {
    if (options.count && *options.count <= 0)
        throw ValueError("count must be a positive integer (got " +
                         std::to_string(*options.count) + ')');
    if (options.offset < 0)
        throw ValueError("offset must be a non-negative integer (got " +
                         std::to_string(options.offset) + ')');
}

/// How far a file is sent. In the end its position is there.
class Progress {
public:
    Progress(int file, const SendfileOptions& options) noexcept
        : file_(file), begin_(options.offset), count_(options.count) {}
    Progress(const Progress&) = delete;
    ~Progress() {
        if (sent_ > 0) ::lseek(file_, offset(), SEEK_SET);
    }
    int file() const noexcept { return file_; }
    std::int64_t offset() const noexcept { return begin_ + sent_; }
    /// The size of the next block; 0 when all is sent.
    std::int64_t next(std::int64_t largest) const noexcept {
        return count_ ? std::min(*count_ - sent_, largest) : largest;
    }
    void add(std::int64_t bytes) noexcept { sent_ += bytes; }
    std::uint64_t sent() const noexcept { return static_cast<std::uint64_t>(sent_); }

private:
    int file_;
    std::int64_t begin_;
    std::optional<std::int64_t> count_;
    std::int64_t sent_ = 0;
};

/// One system call after another, each when the socket takes more.
class NativeSending {
public:
    NativeSending(int socket, Progress& progress) noexcept
        : socket_(socket), progress_(progress) {}
    /// True when it is over.
    bool operator()() noexcept {
        const std::int64_t size = progress_.next(largest_call);
        if (size <= 0) return true;
        off_t offset = progress_.offset();
        const NoSigpipe quiet;
        const ssize_t sent =
            ::sendfile(socket_, progress_.file(), &offset, static_cast<std::size_t>(size));
        const int error = sent < 0 ? errno : 0;
        if (error == EPIPE) quiet.swallow();
        if (error == EAGAIN || error == EINTR) return false;
        if (sent > 0) progress_.add(sent);
        error_ = error;
        return sent <= 0 || progress_.next(1) == 0;
    }
    /// An error of the first call means that the system cannot do it.
    void check() const {
        if (!error_) return;
        if (progress_.sent() == 0) throw SendfileNotAvailableError("os.sendfile call failed");
        if (error_ == ENOTCONN) throw ConnectionError(ENOTCONN, "socket is not connected");
        raise_from_errno(error_);
    }

private:
    int socket_;
    Progress& progress_;
    int error_ = 0;
};

// True when there is nothing to send.
bool is_empty(int file, const SendfileOptions& options) {
    struct stat status {};
    if (::fstat(file, &status) != 0) throw SendfileNotAvailableError("not a regular file");
    return !options.count && status.st_size == 0;
}

std::string read_block(int file, std::int64_t offset, std::int64_t size) {
    std::string block(static_cast<std::size_t>(size), '\0');
    ssize_t got = ::pread(file, block.data(), block.size(), offset);
    if (got < 0 && errno == ESPIPE) got = ::read(file, block.data(), block.size());
    if (got < 0) raise_from_errno(errno);
    block.resize(static_cast<std::size_t>(got));
    return block;
}

Coroutine<std::uint64_t> native_on_socket(LoopCore& core, Socket sock, int file,
                                          SendfileOptions options) {
    if (is_empty(file, options)) co_return 0;
    Progress progress(file, options);
    NativeSending sending(sock.fileno(), progress);
    if (!sending()) co_await Attempted(core, sock.fileno(), Direction::write, sending);
    sending.check();
    co_return progress.sent();
}

Coroutine<std::uint64_t> blocks_on_socket(AbstractEventLoop& loop, Socket sock, int file,
                                          SendfileOptions options) {
    Progress progress(file, options);
    for (;;) {
        const std::int64_t size = progress.next(constants::SENDFILE_FALLBACK_READBUFFER_SIZE);
        if (size <= 0) break;
        const std::string block =
            co_await loop.run_in_executor(nullptr, read_block, file, progress.offset(), size);
        if (block.empty()) break;
        co_await send_all(loop.core(), sock, block);
        progress.add(static_cast<std::int64_t>(block.size()));
    }
    co_return progress.sent();
}

Coroutine<std::uint64_t> on_socket(AbstractEventLoop& loop, Socket sock, int file,
                                   SendfileOptions options) {
    check_socket(loop.core(), sock);
    if (sock.type() != SOCK_STREAM)
        throw ValueError("only SOCK_STREAM type sockets are supported");
    check_range(options);
    try {
        const std::uint64_t sent = co_await native_on_socket(loop.core(), sock, file, options);
        co_return sent;
    } catch (const SendfileNotAvailableError&) {
        if (!options.fallback) throw;
    }
    const std::uint64_t sent = co_await blocks_on_socket(loop, std::move(sock), file, options);
    co_return sent;
}

/// Waits until a transport has sent its buffer and takes more, or is lost.
class Sendable : public Leaf<Sendable, void> {
public:
    explicit Sendable(std::shared_ptr<SocketTransport> transport) noexcept
        : transport_(std::move(transport)) {}
    Sendable(Sendable&&) noexcept = default;
    ~Sendable() {
        if (waiter_.suspended()) transport_->wake_when_sendable(nullptr);
    }
    bool await_ready() const noexcept { return transport_->lost(); }
    void suspend(PromiseBase& promise) {
        waiter_.suspend(promise);
        transport_->wake_when_sendable(&waiter_);
    }
    void await_resume() {
        waiter_.check();
        if (!transport_->lost()) return;
        if (transport_->lost_error()) std::rethrow_exception(transport_->lost_error());
        throw ConnectionError("Connection is closed by peer");
    }

private:
    std::shared_ptr<SocketTransport> transport_;
    Waiter waiter_;
};

/// A transport that sends a file: it does not read, and nothing else is written.
class Sending {
public:
    explicit Sending(std::shared_ptr<SocketTransport> transport)
        : transport_(std::move(transport)), was_reading_(transport_->is_reading()) {
        transport_->begin_sendfile();
        transport_->pause_reading();
    }
    Sending(const Sending&) = delete;
    ~Sending() {
        transport_->end_sendfile();
        if (was_reading_) transport_->resume_reading();
    }

private:
    std::shared_ptr<SocketTransport> transport_;
    bool was_reading_;
};

Coroutine<std::uint64_t> native_on_transport(std::shared_ptr<SocketTransport> transport, int file,
                                             SendfileOptions options) {
    const Sending guard(transport);
    if (transport->get_write_buffer_size() > 0) co_await Sendable(transport);
    const int fd = transport->socket()->fileno();
    if (fd < 0) throw SendfileNotAvailableError("sendfile syscall is not supported");
    if (is_empty(file, options)) co_return 0;
    Progress progress(file, options);
    NativeSending sending(fd, progress);
    while (!sending()) co_await Sendable(transport);
    sending.check();
    co_return progress.sent();
}

/// Stands in for the protocol while blocks are written: it is told when to wait.
class StandIn final : public Protocol {
public:
    explicit StandIn(std::shared_ptr<BaseProtocol> protocol, bool paused)
        : protocol_(std::move(protocol)) {
        if (paused) ready_.clear();
    }
    void connection_lost(std::exception_ptr error) override {
        lost_ = true;
        error_ = error;
        ready_.set();
        protocol_->connection_lost(std::move(error));
    }
    void pause_writing() override {
        ours_ = true;
        ready_.clear();
    }
    void resume_writing() override {
        if (!std::exchange(ours_, false)) protocol_->resume_writing();
        ready_.set();
    }
    void data_received(std::string_view) override {
        throw RuntimeError("Invalid state: reading should be paused");
    }
    bool eof_received() override {
        throw RuntimeError("Invalid state: reading should be paused");
    }
    /// The transport takes more.
    Coroutine<> drain(const BaseTransport& transport) {
        if (transport.is_closing() && !lost_) throw ConnectionError("Connection closed by peer");
        co_await ready_.wait();
        if (lost_ && error_) std::rethrow_exception(error_);
        if (lost_) throw ConnectionError("Connection is closed by peer");
    }
    /// The protocol must hear of what began meanwhile and is not over.
    bool paused() const noexcept { return ours_ && !lost_; }

private:
    // An event of one waiter.
    class Ready {
    public:
        void set() {
            set_ = true;
            if (waiter_) std::exchange(waiter_, nullptr)->wake();
        }
        void clear() noexcept { set_ = false; }
        class Wait : public Leaf<Wait, void> {
        public:
            explicit Wait(Ready& ready) noexcept : ready_(ready) {}
            Wait(Wait&&) noexcept = default;
            ~Wait() {
                if (waiter_.suspended()) ready_.waiter_ = nullptr;
            }
            bool await_ready() const noexcept { return ready_.set_; }
            void suspend(PromiseBase& promise) {
                ready_.waiter_ = &waiter_;
                waiter_.suspend(promise);
            }
            void await_resume() { waiter_.check(); }

        private:
            Ready& ready_;
            Waiter waiter_;
        };
        Wait wait() noexcept { return Wait(*this); }

    private:
        bool set_ = true;
        Waiter* waiter_ = nullptr;
    };

    std::shared_ptr<BaseProtocol> protocol_;
    std::exception_ptr error_;
    Ready ready_;
    bool ours_ = false; // it was paused here, the protocol does not know
    bool lost_ = false;
};

/// Puts the stand-in in the protocol's place, and the protocol back.
class Replaced {
public:
    Replaced(LoopCore& core, std::shared_ptr<Transport> transport)
        : core_(core), transport_(std::move(transport)), protocol_(transport_->get_protocol()),
          was_reading_(transport_->is_reading()),
          stand_in_(std::make_shared<StandIn>(
              protocol_, transport_->get_write_buffer_size() >
                             transport_->get_write_buffer_limits().second)) {
        transport_->pause_reading();
        transport_->set_protocol(stand_in_);
    }
    Replaced(const Replaced&) = delete;
    ~Replaced() {
        try {
            transport_->set_protocol(protocol_);
            if (stand_in_->paused() && !core_.destroying_) protocol_->pause_writing();
            if (was_reading_) transport_->resume_reading();
        } catch (...) {
            transport_->abort();
        }
    }
    StandIn& stand_in() const noexcept { return *stand_in_; }

private:
    LoopCore& core_;
    std::shared_ptr<Transport> transport_;
    std::shared_ptr<BaseProtocol> protocol_;
    bool was_reading_;
    std::shared_ptr<StandIn> stand_in_;
};

Coroutine<std::uint64_t> blocks_on_transport(AbstractEventLoop& loop,
                                             std::shared_ptr<Transport> transport, int file,
                                             SendfileOptions options) {
    const Replaced replaced(loop.core(), transport);
    Progress progress(file, options);
    for (;;) {
        const std::int64_t size = progress.next(transport_block);
        if (size <= 0) break;
        const std::string block =
            co_await loop.run_in_executor(nullptr, read_block, file, progress.offset(), size);
        if (block.empty()) break;
        co_await replaced.stand_in().drain(*transport);
        transport->write(block);
        progress.add(static_cast<std::int64_t>(block.size()));
    }
    co_return progress.sent();
}

Coroutine<std::uint64_t> on_transport(AbstractEventLoop& loop, std::shared_ptr<Transport> transport,
                                      int file, SendfileOptions options) {
    if (transport->is_closing()) throw RuntimeError("Transport is closing");
    check_range(options);
    if (std::dynamic_pointer_cast<PipeTransport>(transport))
        throw RuntimeError("sendfile is not supported for transport " + transport->repr());
    const auto socket = std::dynamic_pointer_cast<SocketTransport>(transport);
    if (socket) {
        try {
            const std::uint64_t sent = co_await native_on_transport(socket, file, options);
            co_return sent;
        } catch (const SendfileNotAvailableError&) {
            if (!options.fallback) throw;
        }
    }
    if (!options.fallback)
        throw RuntimeError("fallback is disabled and native sendfile is not supported for "
                           "transport " +
                           transport->repr());
    const std::uint64_t sent =
        co_await blocks_on_transport(loop, std::move(transport), file, options);
    co_return sent;
}

} // namespace
} // namespace detail

Coroutine<std::uint64_t> AbstractEventLoop::sendfile(std::shared_ptr<Transport> transport,
                                                     FileArg file) {
    return sendfile(std::move(transport), file, SendfileOptions());
}
Coroutine<std::uint64_t> AbstractEventLoop::sendfile(std::shared_ptr<Transport> transport,
                                                     FileArg file, SendfileOptions options) {
    return detail::on_transport(*this, std::move(transport), file.fileno(), options);
}
Coroutine<std::uint64_t> AbstractEventLoop::sock_sendfile(Socket sock, FileArg file) {
    return sock_sendfile(std::move(sock), file, SendfileOptions());
}
Coroutine<std::uint64_t> AbstractEventLoop::sock_sendfile(Socket sock, FileArg file,
                                                          SendfileOptions options) {
    return detail::on_socket(*this, std::move(sock), file.fileno(), options);
}

} // namespace asyncio
