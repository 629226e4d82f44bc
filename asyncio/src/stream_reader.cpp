// Layer 5. A reader's waiting and its back-pressure. See stream_reader.hpp.
#include <asyncio/exceptions.hpp>
#include <asyncio/stream_reader.hpp>

namespace asyncio {
namespace detail {

void StreamReaderImpl::feed_data(std::string_view data) {
    if (buffer_.eof()) throw AssertionError("feed_data after feed_eof");
    if (data.empty()) return;
    buffer_.feed(data);
    if (waiter_) std::exchange(waiter_, nullptr)->wake_to_look();
    if (!transport_ || paused_ || buffer_.size() <= 2 * buffer_.limit()) return;
    try {
        transport_->pause_reading();
        paused_ = true;
    } catch (const NotImplementedError&) {
        transport_.reset(); // it cannot be paused: all data is buffered
    }
}

void StreamReaderImpl::feed_eof() {
    buffer_.feed_eof();
    if (waiter_) std::exchange(waiter_, nullptr)->wake_to_look();
}

void StreamReaderImpl::set_exception(std::exception_ptr error) {
    exception_ = error;
    if (waiter_) std::exchange(waiter_, nullptr)->fail(std::move(error));
}

void StreamReaderImpl::set_transport(std::shared_ptr<ReadTransport> transport) {
    if (transport_) throw AssertionError("Transport already set");
    transport_ = std::move(transport);
}

std::string StreamReaderImpl::replace_transport(std::shared_ptr<ReadTransport> transport) {
    transport_ = std::move(transport);
    paused_ = false;
    return buffer_.take(buffer_.size());
}

void StreamReaderImpl::maybe_resume_transport() {
    if (!paused_ || buffer_.size() > buffer_.limit()) return;
    paused_ = false;
    transport_->resume_reading();
}

void StreamReaderImpl::check_single(const char* function) const {
    if (waiter_)
        throw RuntimeError(std::string(function) + "() called while another coroutine is already "
                                                   "waiting for incoming data");
}

void StreamReaderImpl::wait(StreamReadBase& read) {
    // A read that needs more than the limit would wait for ever on a paused transport.
    if (std::exchange(paused_, false)) transport_->resume_reading();
    waiter_ = &read;
}

std::string StreamReaderImpl::repr() const {
    std::string text = "<StreamReader";
    if (!buffer_.empty()) text += ' ' + std::to_string(buffer_.size()) + " bytes";
    if (buffer_.eof()) text += " eof";
    if (buffer_.limit() != constants::DEFAULT_LIMIT)
        text += " limit=" + std::to_string(buffer_.limit());
    if (waiter_) text += " waiter=" + waiter_->describe();
    if (exception_) text += " exception=" + asyncio::repr(exception_);
    if (transport_) text += " transport=" + transport_->repr();
    if (paused_) text += " paused";
    return text + '>';
}

// True when the read has its result; throws when it has failed or may not wait.
bool StreamReadBase::try_now() {
    StreamReaderImpl& reader = *reader_;
    if (reader.exception_) std::rethrow_exception(reader.exception_);
    bool complete;
    try {
        complete = attempt(reader.buffer_, result_);
    } catch (...) {
        reader.maybe_resume_transport();
        throw;
    }
    if (complete)
        reader.maybe_resume_transport();
    else
        reader.check_single(function_);
    return complete;
}

bool StreamReadBase::look_again() noexcept {
    try {
        if (try_now()) return true;
        reader_->wait(*this);
        wait_again();
        return false;
    } catch (...) {
        error_ = std::current_exception();
        return true;
    }
}

void StreamReadBase::finish() {
    if (reader_->waiter_ == this) reader_->waiter_ = nullptr;
    check();
    if (error_) std::rethrow_exception(std::move(error_));
}

} // namespace detail

StreamReader::StreamReader(StreamReaderOptions options)
    : impl_(detail::make_ref<detail::StreamReaderImpl>(
          (options.loop ? *options.loop : get_event_loop()).core(), options.limit)) {}

void StreamReader::throw_none() { throw RuntimeError("the StreamReader is None"); }

namespace {

Coroutine<std::optional<std::string>> next_line(StreamReader reader) {
    std::string line = co_await reader.readline();
    std::optional<std::string> result;
    if (!line.empty()) result = std::move(line);
    co_return result;
}

} // namespace

Coroutine<std::optional<std::string>> StreamReader::next() const {
    impl();
    return next_line(*this);
}

} // namespace asyncio
