// Layer 5. Waiting writers, and writers that were forgotten. See stream_writer.hpp.
#include <asyncio/exceptions.hpp>
#include <asyncio/log.hpp>
#include <asyncio/stream_writer.hpp>
#include <asyncio/streams.hpp>

namespace asyncio {
namespace detail {

void StreamControl::resume_writing() {
    paused_ = false;
    while (drainers_.wake_next()) {
    }
}

void StreamControl::connection_lost(std::exception_ptr error) {
    lost_ = true;
    lost_error_ = error;
    while (closers_.wake_next()) {
    }
    while (!drainers_.empty()) {
        auto& waiter = static_cast<DrainWaiter&>(drainers_.first());
        waiter.leave();
        waiter.error_ = error;
        waiter.wake();
    }
}

StreamWriterImpl::StreamWriterImpl(LoopCore& core, std::shared_ptr<Transport> transport,
                                   std::shared_ptr<StreamControl> control,
                                   Ref<StreamReaderImpl> reader)
    : core_(&core), transport_(std::move(transport)), control_(std::move(control)),
      reader_(std::move(reader)) {}

namespace {

// The last handle went on another thread: the loop's thread does the rest.
class ForgottenWriter final : public ReadyNode {
public:
    explicit ForgottenWriter(StreamWriterImpl& writer) noexcept : writer_(writer) {}
    void run() override {
        StreamWriterImpl& writer = writer_;
        delete this;
        writer.destroy();
    }
    void discard() noexcept override { run(); }

private:
    StreamWriterImpl& writer_;
};

void close_forgotten(StreamWriterImpl& writer) noexcept {
    using warnings::Category;
    try {
        if (writer.transport_->is_closing()) return;
        if (writer.core_->closed_)
            return warnings::warn(Category::ResourceWarning, "loop is closed");
        std::string text = "unclosed " + writer.repr();
        writer.transport_->close();
        warnings::warn(Category::ResourceWarning, std::move(text));
    } catch (...) {
        logger().error("Error while closing a forgotten StreamWriter", std::current_exception());
    }
}

} // namespace

void StreamWriterImpl::destroy() noexcept {
    if (core_->running_.load(std::memory_order_relaxed) && !core_->on_loop_thread()) {
        auto* node = new ForgottenWriter(*this);
        if (core_->push_threadsafe(*node)) return;
        delete node;
    }
    close_forgotten(*this);
    delete this;
}

std::string StreamWriterImpl::repr() const {
    std::string text = "<StreamWriter transport=" + transport_->repr();
    if (reader_) text += " reader=" + reader_->repr();
    return text + '>';
}

} // namespace detail

bool StreamDrain::look_again() noexcept {
    try {
        if (!must_wait()) return true;
        writer_->control_->drainers_.push(*this);
        wait_again();
        return false;
    } catch (...) {
        error_ = std::current_exception();
        return true;
    }
}

void StreamDrain::throw_lost() { throw ConnectionResetError("Connection lost"); }

StreamWriter::StreamWriter(std::shared_ptr<Transport> transport,
                           std::shared_ptr<StreamReaderProtocol> protocol, StreamReader reader,
                           AbstractEventLoop& loop)
    : impl_(detail::make_ref<detail::StreamWriterImpl>(
          loop.core(), std::move(transport), protocol->control(),
          reader ? reader.ref() : detail::Ref<detail::StreamReaderImpl>())) {
    impl_->control_->protocol_ = protocol;
}

void StreamWriter::throw_none() { throw RuntimeError("the StreamWriter is None"); }

} // namespace asyncio
