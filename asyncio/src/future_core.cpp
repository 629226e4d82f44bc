// Layer 2. Completion of futures, callbacks, and the report of errors nobody looked at.
#include <asyncio/detail/future_core.hpp>
#include <asyncio/detail/names.hpp>
#include <asyncio/detail/task_core.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/futures.hpp>
#include <asyncio/log.hpp>

#include "loop_extras.hpp"

#include <atomic>

namespace asyncio::detail {

FutureBase::FutureBase(LoopCore& core, Receiver& box, std::source_location created) noexcept
    : box_(box), core_(&core), created_(created) {}

FutureBase::~FutureBase() {
    while (ReadyNode* node = callbacks_.pop()) node->discard();
}

void FutureBase::destroy() noexcept {
    // Another thread's last handle: the loop, while it runs, destroys what belongs to it.
    if (core_->running_.load(std::memory_order_relaxed) && !core_->on_loop_thread())
        return destroy_on_loop(this);
    if (log_error_) {
        add_ref(); // the handler may keep the future: then it lives on
        report_unretrieved();
        if (!drop_ref()) return;
    }
    delete this;
}

namespace {
class DestroyNode final : public ReadyNode {
public:
    explicit DestroyNode(FutureBase& future) noexcept : future_(&future) {}
    void run() override {
        Ref<FutureBase>(future_).reset();
        delete this;
    }
    void discard() noexcept override { run(); }

private:
    FutureBase* future_; // without references: the next one to be dropped destroys it
};
} // namespace

void FutureBase::destroy_on_loop(FutureBase* self) noexcept {
    auto* node = new DestroyNode(*self);
    if (!self->core_->push_threadsafe(*node)) node->discard();
}

void FutureBase::report_unretrieved() noexcept {
    log_error_ = false;
    const char* what = is_task() ? "Task" : "Future";
    const std::string message = std::string(what) + " exception was never retrieved";
    try {
        const FutureRef self{Ref<FutureBase>(this)};
        if (core_->loop_)
            core_->loop_->call_exception_handler({
                .message = message,
                .exception = box_.error,
                .future = self,
                .source_traceback = core_->debug_ ? place(created_) : std::string(),
            });
        else
            logger().error(message + "\nfuture: " + describe(), box_.error);
    } catch (...) {
        logger().error("Error while reporting an unretrieved exception", std::current_exception());
    }
}

bool FutureBase::cancel(const CancelMessage& message) {
    log_error_ = false;
    if (done()) return false;
    return cancel_now(message);
}

bool FutureBase::cancel_now(const CancelMessage& message) {
    state_ = State::cancelled;
    if (message) cancel_message_ = std::make_unique<std::string>(*message);
    schedule_callbacks();
    return true;
}

bool FutureBase::ended_cancelled() const noexcept {
    return cancelled() || (done() && box_.error && is_cancelled(box_.error));
}

std::exception_ptr FutureBase::cancelled_error() {
    if (!box_.error)
        box_.error = cancel_message_ ? std::make_exception_ptr(CancelledError(*cancel_message_))
                                     : std::make_exception_ptr(CancelledError());
    return box_.error;
}

void throw_no_result() {
    throw RuntimeError("a coroutine ended without co_return of its result");
}

void FutureBase::check_result() {
    if (state_ == State::finished) [[likely]] {
        log_error_ = false;
        if (box_.error) [[unlikely]]
            std::rethrow_exception(box_.error);
        return;
    }
    if (state_ == State::cancelled) std::rethrow_exception(cancelled_error());
    throw InvalidStateError("Result is not ready.");
}

std::exception_ptr FutureBase::exception() {
    if (state_ == State::cancelled) std::rethrow_exception(cancelled_error());
    if (state_ == State::pending) throw InvalidStateError("Exception is not set.");
    log_error_ = false;
    return box_.error;
}

void FutureBase::check_pending() const {
    if (done()) throw InvalidStateError("invalid state");
}

void FutureBase::finish() {
    state_ = State::finished;
    schedule_callbacks();
}

void FutureBase::finish(std::exception_ptr error) {
    box_.error = std::move(error);
    log_error_ = true;
    finish();
}

void FutureBase::schedule_callbacks() {
    if (callbacks_.empty()) return;
    ReadyQueue callbacks;
    if (core_->destroying_) [[unlikely]] {
        callbacks.append(callbacks_);
        while (ReadyNode* node = callbacks.pop()) node->discard();
        return;
    }
    core_->check_closed();
    core_->check_thread();
    callbacks.append(callbacks_);
    while (ReadyNode* node = callbacks.pop()) {
        node->future_done(*this);
        core_->push(*node);
    }
}

void FutureBase::add_callback(ReadyNode& node) {
    if (!done()) return callbacks_.push(node);
    core_->check_closed();
    core_->check_thread();
    node.future_done(*this);
    core_->push(node);
}

std::uint64_t FutureBase::next_callback_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

std::size_t FutureBase::remove_callbacks(bool (*matches)(ReadyNode&, const void*),
                                         const void* what) {
    std::size_t removed = 0;
    ReadyQueue kept, dropped;
    while (ReadyNode* node = callbacks_.pop()) {
        const bool drop = matches(*node, what);
        removed += drop;
        (drop ? dropped : kept).push(*node);
    }
    callbacks_.append(kept);
    while (ReadyNode* node = dropped.pop()) node->discard();
    return removed;
}

void remove_done_node(FutureBase& future, ReadyNode& node) noexcept {
    if (future.callbacks_.remove(node)) node.discard();
}

namespace {
// Stands for a done callback in the report of its failure.
class CalledHandle final : public HandleNode {
public:
    CalledHandle(const std::type_info& type, ContextSlot context)
        : HandleNode(std::move(context)), type_(type) {}
    const std::type_info& callback_type() const noexcept override { return type_; }

private:
    void invoke() override {}
    void clear() noexcept override {}
    const std::type_info& type_;
};
} // namespace

void CallbackNode::run() {
    const struct Delete {
        CallbackNode* node;
        ~Delete() { delete node; }
    } self{this};
    try {
        const ContextScope scope(thread_state().context, context_);
        invoke(std::move(future_));
    } catch (const KeyboardInterrupt&) {
        throw;
    } catch (const SystemExit&) {
        throw;
    } catch (...) {
        get_running_loop().call_exception_handler({
            .message = "Exception in callback " + describe(),
            .exception = std::current_exception(),
            .handle = Handle(make_ref<CalledHandle>(callback_type(), context_)),
        });
    }
}

std::string CallbackNode::describe() const {
    return "<Handle " + callable_name(callback_type()) + '>';
}

std::string FutureBase::describe() const {
    const char* states[] = {"pending", "cancelled", "finished"};
    std::string text = std::string("<Future ") + states[static_cast<int>(state_)];
    if (done() && box_.error && !cancelled()) text += " exception=" + repr(box_.error);
    text += describe_callbacks();
    if (core_->debug_ && created_.line()) text += " created at " + place(created_);
    return text + '>';
}

std::string FutureBase::describe_callbacks() const {
    std::string text;
    std::size_t count = 0;
    for (const ReadyNode* node = callbacks_.first(); node; node = node->next_) {
        const auto* callback = dynamic_cast<const CallbackNode*>(node);
        const auto* task = dynamic_cast<const TaskCore*>(node);
        if (count++ > 0) text += ", ";
        text += callback ? callable_name(callback->callback_type()) + "()"
                : task   ? "Task.wakeup('" + task->name() + "')"
                         : "<internal>";
    }
    return count ? " cb=[" + text + ']' : std::string();
}

void throw_result_taken() {
    throw InvalidStateError("The result was moved out by an earlier await.");
}

} // namespace asyncio::detail

namespace asyncio {

void FutureRef::throw_none() { throw RuntimeError("the Future is None"); }

std::size_t FutureRef::remove_done_callback(CallbackId id) const {
    const auto matches = [](detail::ReadyNode& node, const void* wanted) {
        const auto* callback = dynamic_cast<const detail::CallbackNode*>(&node);
        return callback && callback->id_ == *static_cast<const std::uint64_t*>(wanted);
    };
    const auto wanted = static_cast<std::uint64_t>(id);
    return core().remove_callbacks(matches, &wanted);
}

std::size_t FutureRef::remove_equal(const std::type_info& type, const void* callable) const {
    const std::pair<const std::type_info*, const void*> wanted(&type, callable);
    const auto matches = [](detail::ReadyNode& node, const void* what) {
        const auto& sought = *static_cast<const decltype(wanted)*>(what);
        const auto* callback = dynamic_cast<const detail::CallbackNode*>(&node);
        return callback && callback->callback_type() == *sought.first &&
               callback->equals(sought.second);
    };
    return core().remove_callbacks(matches, &wanted);
}

} // namespace asyncio
