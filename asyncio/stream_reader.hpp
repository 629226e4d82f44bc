// Layer 5. StreamReader: the bytes of a connection as awaitable reads.
//
// One task reads at a time. While the buffer holds more than twice the limit the transport is
// paused, so a slow reader holds back its peer. Python counterpart: streams.StreamReader.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/stream_buffer.hpp>
#include <asyncio/events.hpp>
#include <asyncio/transports.hpp>

#include <concepts>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio {

namespace detail {

class StreamReadBase;

/// The object behind the handle.
class ASYNCIO_EXPORT StreamReaderImpl final : public RefCounted, public Pooled {
public:
    StreamReaderImpl(LoopCore& core, std::int64_t limit) : buffer_(limit), core_(&core) {}
    void destroy() noexcept { delete this; }

    void feed_data(std::string_view data);
    void feed_eof();
    void set_exception(std::exception_ptr error);
    void set_transport(std::shared_ptr<ReadTransport> transport);
    /// Another transport takes the place of the first one. Gives up what nobody has read.
    std::string replace_transport(std::shared_ptr<ReadTransport> transport);
    void maybe_resume_transport();
    /// Throws RuntimeError when somebody is waiting.
    void check_single(const char* function) const;
    void wait(StreamReadBase& read);
    std::string repr() const;

    StreamBuffer buffer_;
    std::exception_ptr exception_;
    StreamReadBase* waiter_ = nullptr; // the read that waits for data

private:
    const Ref<LoopCore> core_;
    std::shared_ptr<ReadTransport> transport_;
    bool paused_ = false;
};

/// A read that is being awaited. It looks at the buffer before it suspends, and again each time
/// data arrived, in place of the task's step.
class ASYNCIO_EXPORT StreamReadBase : public Waiter {
public:
    StreamReadBase(Ref<StreamReaderImpl> reader, const char* function) noexcept
        : reader_(std::move(reader)), function_(function) {}
    StreamReadBase(StreamReadBase&&) noexcept = default;
    ~StreamReadBase() {
        if (reader_ && reader_->waiter_ == this) reader_->waiter_ = nullptr;
    }
    bool look_again() noexcept override;
    void fail(std::exception_ptr error) {
        error_ = std::move(error);
        wake();
    }

protected:
    virtual bool attempt(StreamBuffer& buffer, std::string& result) = 0;
    bool try_now();
    /// Throws the read's error, if any. Cancelled: true.
    void finish();

    Ref<StreamReaderImpl> reader_;
    const char* function_;
    std::string result_;
    std::exception_ptr error_;
};

} // namespace detail

/// What the reading methods return: an awaitable that gives bytes and also converts to a
/// Coroutine. It does nothing until awaited. Cancelling it loses no data.
template <class Request>
class [[nodiscard]] StreamRead final : public detail::Leaf<StreamRead<Request>, std::string>,
                                       private detail::StreamReadBase {
public:
    StreamRead(detail::Ref<detail::StreamReaderImpl> reader, const char* function, Request request)
        : StreamReadBase(std::move(reader), function), request_(std::move(request)) {}
    bool await_ready() {
        request_.validate();
        return try_now();
    }
    void suspend(detail::PromiseBase& promise) {
        reader_->wait(*this);
        Waiter::suspend(promise);
    }
    std::string await_resume() {
        if (interrupted() || error_) [[unlikely]]
            request_.give_back(reader_->buffer_);
        finish();
        return std::move(result_);
    }

private:
    bool attempt(detail::StreamBuffer& buffer, std::string& result) override {
        return request_.attempt(buffer, result);
    }
    Request request_;
};

struct StreamReaderOptions {
    std::int64_t limit = constants::DEFAULT_LIMIT; ///< Bytes; bounds readline() and readuntil()
    AbstractEventLoop* loop = nullptr;             ///< get_event_loop() by default
};

/// A handle; default-constructed it is None. open_connection() and start_server() make readers; a
/// protocol of your own feeds one made from StreamReaderOptions.
class ASYNCIO_EXPORT StreamReader {
public:
    StreamReader() = default;
    /// Throws ValueError "Limit cannot be <= 0".
    explicit StreamReader(StreamReaderOptions options);
    explicit StreamReader(detail::Ref<detail::StreamReaderImpl> impl) noexcept
        : impl_(std::move(impl)) {}

    /// At most n bytes, at least one, as soon as there are any; everything up to the end of the
    /// stream without n. Empty at the end of the stream.
    StreamRead<detail::ReadSome> read(std::int64_t n = -1) const {
        return {ref(), "read", detail::ReadSome(n)};
    }
    /// A line with its '\n'; without one at the end of the stream, where the last is empty. Throws
    /// ValueError for a line longer than the limit, and drops it.
    StreamRead<detail::ReadLine> readline() const { return {ref(), "readuntil", {}}; }
    /// Exactly n bytes, however many. Throws IncompleteReadError when the stream ends before.
    StreamRead<detail::ReadExactly> readexactly(std::int64_t n) const {
        return {ref(), "readexactly", detail::ReadExactly(n)};
    }
    /// The bytes up to and with the separator. Throws IncompleteReadError when the stream ends
    /// before, LimitOverrunError when it comes later than the limit; then the data stays.
    StreamRead<detail::ReadUntil> readuntil(std::string_view separator = "\n") const {
        return {ref(), "readuntil", detail::ReadUntil(std::string(separator))};
    }
    /// The same for several separators: the match that ends first counts.
    StreamRead<detail::ReadUntil> readuntil(std::vector<std::string> separators) const {
        return {ref(), "readuntil", detail::ReadUntil(std::move(separators))};
    }
    StreamRead<detail::ReadUntil>
    readuntil(std::initializer_list<std::string_view> separators) const {
        return readuntil(std::vector<std::string>(separators.begin(), separators.end()));
    }
    template <std::convertible_to<std::string_view>... S>
        requires(sizeof...(S) > 1)
    StreamRead<detail::ReadUntil> readuntil(const S&... separators) const {
        return readuntil({std::string_view(separators)...});
    }
    /// The next line, nothing at the end of the stream (`async for line in reader`).
    Coroutine<std::optional<std::string>> next() const;

    /// True at the end of the stream, when everything is read.
    bool at_eof() const { return impl().buffer_.eof() && impl().buffer_.empty(); }
    /// What every read throws, null if nothing.
    std::exception_ptr exception() const { return impl().exception_; }

    // For whoever feeds it

    /// Throws AssertionError after feed_eof().
    void feed_data(std::string_view data) const { impl().feed_data(data); }
    void feed_eof() const { impl().feed_eof(); }
    /// From now on reads throw it.
    void set_exception(std::exception_ptr error) const { impl().set_exception(std::move(error)); }
    template <class E>
        requires(!std::convertible_to<E, std::exception_ptr>)
    void set_exception(E error) const {
        set_exception(std::make_exception_ptr(std::move(error)));
    }
    /// What to pause and resume. Throws AssertionError when there is one already.
    void set_transport(std::shared_ptr<ReadTransport> transport) const {
        impl().set_transport(std::move(transport));
    }

    /// As Python's repr().
    std::string repr() const { return impl_ ? impl_->repr() : "None"; }
    explicit operator bool() const noexcept { return static_cast<bool>(impl_); }
    friend bool operator==(const StreamReader&, const StreamReader&) noexcept = default;
    const detail::Ref<detail::StreamReaderImpl>& ref() const {
        impl();
        return impl_;
    }

private:
    detail::StreamReaderImpl& impl() const {
        if (!impl_) throw_none();
        return *impl_;
    }
    [[noreturn]] static void throw_none();
    detail::Ref<detail::StreamReaderImpl> impl_;
};

} // namespace asyncio
