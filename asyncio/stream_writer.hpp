// Layer 5. StreamWriter: a transport's write side with back-pressure one can await.
//
//   writer.write(data);          never blocks
//   co_await writer.drain();     waits while the write buffer is above its high-water mark
//
// Python counterpart: streams.StreamWriter, streams.FlowControlMixin.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/waiters.hpp>
#include <asyncio/events.hpp>
#include <asyncio/stream_reader.hpp>
#include <asyncio/transports.hpp>

#include <any>
#include <concepts>
#include <exception>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace asyncio {

class StreamReaderProtocol;
struct StartTlsOptions;
namespace ssl {
class SSLContext;
}

namespace detail {

class DrainWaiter : public QueuedWaiter {
public:
    std::exception_ptr error_; // what the lost connection ended with
};

/// What a StreamWriter knows of its protocol: whether it may write, whether the connection lives.
class ASYNCIO_EXPORT StreamControl {
public:
    bool paused() const noexcept { return paused_; }
    bool lost() const noexcept { return lost_; }
    const std::exception_ptr& lost_error() const noexcept { return lost_error_; }

    void pause_writing() noexcept { paused_ = true; }
    void resume_writing();
    void connection_lost(std::exception_ptr error);

    WaiterList drainers_;
    WaiterList closers_;                           // in wait_closed()
    std::weak_ptr<StreamReaderProtocol> protocol_; // whose control it is

private:
    bool paused_ = false;
    bool lost_ = false;
    std::exception_ptr lost_error_;
};

/// The object behind the handle.
class ASYNCIO_EXPORT StreamWriterImpl final : public RefCounted, public Pooled {
public:
    StreamWriterImpl(LoopCore& core, std::shared_ptr<Transport> transport,
                     std::shared_ptr<StreamControl> control, Ref<StreamReaderImpl> reader);
    /// The last handle is gone: closes the transport if that was forgotten. From any thread.
    void destroy() noexcept;
    std::string repr() const;

    const Ref<LoopCore> core_;
    std::shared_ptr<Transport> transport_; // start_tls() replaces it
    const std::shared_ptr<StreamControl> control_;
    const Ref<StreamReaderImpl> reader_; // may be null
};

} // namespace detail

/// What drain() returns: an awaitable that also converts to a Coroutine.
class ASYNCIO_EXPORT StreamDrain final : public detail::Leaf<StreamDrain, void>,
                                         private detail::DrainWaiter {
public:
    explicit StreamDrain(detail::Ref<detail::StreamWriterImpl> writer) noexcept
        : writer_(std::move(writer)) {}
    bool await_ready() {
        if (writer_->reader_ && writer_->reader_->exception_) [[unlikely]]
            std::rethrow_exception(writer_->reader_->exception_);
        closing_ = writer_->transport_->is_closing();
        return !closing_ && !must_wait();
    }
    void suspend(detail::PromiseBase& promise) {
        Waiter::suspend(promise);
        if (closing_)
            wake_to_look(); // connection_lost() gets its turn, as after sleep(0)
        else
            writer_->control_->drainers_.push(*this);
    }
    void await_resume() {
        leave();
        check();
        if (error_) [[unlikely]]
            std::rethrow_exception(std::move(error_));
    }

private:
    bool look_again() noexcept override;
    /// Throws ConnectionResetError when the connection is lost.
    bool must_wait() const {
        if (writer_->control_->lost()) [[unlikely]]
            throw_lost();
        return writer_->control_->paused();
    }
    [[noreturn]] static void throw_lost();

    detail::Ref<detail::StreamWriterImpl> writer_;
    bool closing_ = false;
};

/// What wait_closed() returns: an awaitable that also converts to a Coroutine.
class [[nodiscard]] StreamClosed final : public detail::Leaf<StreamClosed, void>,
                                         private detail::QueuedWaiter {
public:
    explicit StreamClosed(std::shared_ptr<detail::StreamControl> control) noexcept
        : control_(std::move(control)) {}
    bool await_ready() const noexcept { return control_->lost(); }
    void suspend(detail::PromiseBase& promise) {
        control_->closers_.push(*this);
        Waiter::suspend(promise);
    }
    void await_resume() {
        leave();
        check();
        if (control_->lost_error()) std::rethrow_exception(control_->lost_error());
    }

private:
    std::shared_ptr<detail::StreamControl> control_;
};

/// A handle; default-constructed it is None. When the last one goes before close() was called, the
/// transport is closed and ResourceWarning "unclosed <StreamWriter ...>" is emitted.
class ASYNCIO_EXPORT StreamWriter {
public:
    StreamWriter() = default;
    /// For a protocol of your own; `reader` may be None.
    StreamWriter(std::shared_ptr<Transport> transport,
                 std::shared_ptr<StreamReaderProtocol> protocol, StreamReader reader,
                 AbstractEventLoop& loop);
    explicit StreamWriter(detail::Ref<detail::StreamWriterImpl> impl) noexcept
        : impl_(std::move(impl)) {}

    const std::shared_ptr<Transport>& transport() const { return impl().transport_; }
    /// As Transport::write(), which it calls.
    void write(std::string_view data) const { impl().transport_->write(data); }
    void write(std::span<const std::byte> data) const { impl().transport_->write(data); }
    template <std::same_as<std::string> S>
    void write(S&& data) const {
        impl().transport_->write(std::move(data));
    }
    template <class R>
    void writelines(const R& pieces) const {
        impl().transport_->writelines(pieces);
    }
    void writelines(std::initializer_list<std::string_view> pieces) const {
        impl().transport_->writelines(pieces);
    }
    /// Waits until the write buffer is below the high-water mark; usually returns at once. Throws
    /// the reader's exception, or ConnectionResetError when the connection is lost.
    [[nodiscard]] StreamDrain drain() const { return StreamDrain(ref()); }
    /// Upgrades the connection to TLS: waits until it may write, then for the handshake. It is the
    /// server's side if a server made the writer. What the reader has received and nobody has read
    /// is given to the handshake, never returned as data of the new connection. Throws what
    /// drain() and loop.start_tls() throw; then the connection is closed.
    Coroutine<> start_tls(const ssl::SSLContext& context) const;
    Coroutine<> start_tls(const ssl::SSLContext& context, StartTlsOptions options) const;
    void write_eof() const { impl().transport_->write_eof(); }
    bool can_write_eof() const { return impl().transport_->can_write_eof(); }
    /// Sends what is buffered, then closes. Immediate and idempotent.
    void close() const { impl().transport_->close(); }
    bool is_closing() const { return impl().transport_->is_closing(); }
    /// Waits for the end of the connection and throws the error that broke it, if any.
    StreamClosed wait_closed() const { return StreamClosed(impl().control_); }
    std::any get_extra_info(std::string_view name) const {
        return impl().transport_->get_extra_info(name);
    }
    template <class T>
    T get_extra_info(std::string_view name, T otherwise = T()) const {
        return impl().transport_->get_extra_info<T>(name, std::move(otherwise));
    }

    /// As Python's repr().
    std::string repr() const { return impl_ ? impl_->repr() : "None"; }
    explicit operator bool() const noexcept { return static_cast<bool>(impl_); }
    friend bool operator==(const StreamWriter&, const StreamWriter&) noexcept = default;

private:
    detail::StreamWriterImpl& impl() const {
        if (!impl_) throw_none();
        return *impl_;
    }
    const detail::Ref<detail::StreamWriterImpl>& ref() const {
        impl();
        return impl_;
    }
    [[noreturn]] static void throw_none();
    detail::Ref<detail::StreamWriterImpl> impl_;
};

} // namespace asyncio
