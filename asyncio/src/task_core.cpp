// Layer 2. A task's steps: how the coroutine is resumed, and what becomes of its end.
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/names.hpp>
#include <asyncio/detail/task_core.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/log.hpp>
#include <asyncio/tasks.hpp>

#include "loop_extras.hpp"

#include <atomic>

namespace asyncio::detail {
namespace {

std::uint64_t next_number() noexcept {
    static std::atomic<std::uint64_t> last{0};
    if (!single_threaded()) return last.fetch_add(1, std::memory_order_relaxed) + 1;
    const auto number = last.load(std::memory_order_relaxed) + 1;
    last.store(number, std::memory_order_relaxed);
    return number;
}

} // namespace

TaskCore::TaskCore(LoopCore& core, Receiver& box, PromiseBase& root, ContextSlot context,
                   std::source_location created) noexcept
    : FutureBase(core, box, created), context_(std::move(context)), root_(&root) {
    root.task_ = this;
    root.receiver_ = &box;
}

TaskCore::~TaskCore() {
    if (root_) destroy_chain(started_ ? leaf_ : nullptr, *root_);
}

void TaskCore::start(bool eager) {
    if (!name_) number_ = next_number();
    enlist();
    if (eager)
        step();
    else
        core_->push(*this);
}

void TaskCore::enlist() noexcept {
    add_ref();
    registered_ = true;
    task_before_ = core_->tasks_last_;
    (task_before_ ? task_before_->task_after_ : core_->tasks_first_) = this;
    core_->tasks_last_ = this;
}

void TaskCore::delist() noexcept {
    registered_ = false;
    (task_before_ ? task_before_->task_after_ : core_->tasks_first_) = task_after_;
    (task_after_ ? task_after_->task_before_ : core_->tasks_last_) = task_before_;
    if (drop_ref()) destroy();
}

void TaskCore::run() {
    if (looks_again_) [[unlikely]] {
        looks_again_ = false;
        if (!cancel_.must_throw() && !static_cast<Waiter*>(waiting_)->look_again()) return;
    }
    step();
}

void TaskCore::step() {
    bool ended = false;
    {
        ThreadState& thread = thread_state();
        const Restore current(core_->current_task_, this);
        try {
            const ContextScope scope(thread.context, context_);
            drive();
            ended = returned_ || !root_;
            if (returned_) std::exchange(root_, nullptr)->handle().destroy();
        } catch (...) {
            // The context is entered already: the coroutine cannot run in it.
            core_->loop().call_exception_handler({
                .message = "Exception in callback " + describe(),
                .exception = std::current_exception(),
            });
            return;
        }
        if (!ended) return;
        conclude();
    }
    const bool fatal = state_ == State::finished && box_.error && is_base_only(box_.error);
    const std::exception_ptr error = fatal ? box_.error : nullptr;
    delist(); // may destroy the task
    if (fatal) std::rethrow_exception(error);
}

// Chooses where to resume and with what. False when the coroutine never starts.
[[gnu::always_inline]] inline bool TaskCore::prepare() {
    if (cancel_.must_throw()) [[unlikely]] {
        // A wake-up that brings a CancelledError of its own needs no second one.
        if (!started_) return false;
        if (!interrupt_ && !(waiting_ && waiting_->ended_cancelled()))
            interrupt_ = std::make_exception_ptr(cancel_message_ ? CancelledError(*cancel_message_)
                                                                 : CancelledError());
        cancel_.delivered();
    }
    waiting_ = nullptr;
    resume_ = started_ ? leaf_ : root_;
    started_ = true;
    return true;
}

[[gnu::always_inline]] inline void TaskCore::drive() {
    if (!prepare()) [[unlikely]] {
        std::exchange(root_, nullptr)->handle().destroy();
        return;
    }
    do {
        PromiseBase* const promise = std::exchange(resume_, nullptr);
        promise->handle().resume();
    } while (resume_);
}

void TaskCore::conclude() {
    const bool ran = started_;
    leaf_ = nullptr;
    if (!ran || (!box_.error && cancel_.must_throw())) {
        cancel_.delivered();
        drop_value();
        const std::unique_ptr<std::string> message = std::move(cancel_message_);
        cancel_now(message ? CancelMessage(*message) : CancelMessage());
    } else if (!box_.error) {
        finish();
    } else if (is_cancelled(box_.error)) {
        cancel_now({}); // box_.error stays: awaiters get the very same exception
    } else {
        finish(box_.error);
    }
}

bool TaskCore::cancel(const CancelMessage& message) {
    log_error_ = false;
    if (done()) return false;
    if (waiting_) core_->check_thread(); // before anything changes
    cancel_.request();
    if (waiting_ && waiting_->cancel(message)) return true;
    cancel_.keep();
    if (message)
        cancel_message_ = std::make_unique<std::string>(*message);
    else
        cancel_message_.reset();
    return true;
}

void TaskCore::forward_cancel() {
    const CancelMessage message =
        cancel_message_ ? CancelMessage(*cancel_message_) : CancelMessage();
    if (waiting_->cancel(message)) cancel_.delivered();
}

void TaskCore::wait_for(FutureBase& future, PromiseBase& leaf) {
    const auto refuse = [&](std::string why) {
        interrupt_ = std::make_exception_ptr(RuntimeError(std::move(why)));
        yield(leaf);
    };
    if (future.core_ != core_) [[unlikely]]
        return refuse("Task " + describe() + " got Future " + future.describe() +
                      " attached to a different loop");
    if (&future == this) [[unlikely]]
        return refuse("Task cannot await on itself: " + describe());
    future.add_callback(*this);
    wait_on(future, leaf);
}

void TaskCore::throw_interrupt() { std::rethrow_exception(std::exchange(interrupt_, nullptr)); }

void TaskCore::check_settable() const {
    throw RuntimeError("Task does not support set_result or set_exception operation");
}

std::string TaskCore::name() const { return name_ ? *name_ : "Task-" + std::to_string(number_); }

void TaskCore::abandon() noexcept {
    const Ref<TaskCore> self(this);
    if (log_destroy_pending_) {
        try {
            core_->loop().call_exception_handler({
                .message = "Task was destroyed but it is pending!",
                .task = TaskRef(self),
                .source_traceback = core_->debug_ ? place(created_) : std::string(),
            });
        } catch (...) {
            logger().error("Error while reporting a pending task", std::current_exception());
        }
    }
    PromiseBase* const root = std::exchange(root_, nullptr);
    PromiseBase* const leaf = std::exchange(leaf_, nullptr);
    waiting_ = nullptr;
    delist();
    if (root) destroy_chain(started_ ? leaf : nullptr, *root);
    while (ReadyNode* node = callbacks_.pop()) node->discard();
}

void begin_task(TaskCore& task, const TaskOptions& options) {
    if (options.name) task.set_name(std::string(*options.name));
    task.context_ = options.context ? options.context->slot() : copy_current_context();
    task.start(options.eager_start.value_or(false) && task.core_->on_loop_thread());
}

void start_task(AbstractEventLoop& loop, const Ref<TaskCore>& task, const TaskOptions& options) {
    loop.core().check_closed();
    loop.core().check_thread();
    if (!loop.get_task_factory()) [[likely]]
        return begin_task(*task, options);
    const TaskFactory factory = loop.get_task_factory(); // it may set another one
    const TaskRef made = factory(loop, AnyCoroutine(task), options);
    if (made != TaskRef(task))
        throw TypeError("the task factory must return the task of its coroutine");
}

bool Waiter::cancel(const CancelMessage& message) {
    if (state_ != State::pending) return false;
    state_ = State::cancelled;
    task_->interrupt(
        std::make_exception_ptr(message ? CancelledError(*message) : CancelledError()));
    task_->wake();
    return true;
}

void destroy_chain(PromiseBase* leaf, PromiseBase& root) noexcept {
    for (PromiseBase* promise = leaf; promise && promise != &root;) {
        PromiseBase* const parent = promise->parent_;
        if (promise->receiver_ && promise->receiver_->child == promise) {
            promise->receiver_->child = nullptr;
            promise->handle().destroy();
        }
        promise = parent;
    }
    root.handle().destroy();
}

} // namespace asyncio::detail
