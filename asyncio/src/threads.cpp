// Layer 2. The links between threads' and loops' futures, and the loop's default executor.
#include <asyncio/exception_context.hpp>
#include <asyncio/log.hpp>
#include <asyncio/threads.hpp>
#include <asyncio/wait_for.hpp>

#include "loop_extras.hpp"

#include <cstdio>
#include <typeinfo>

namespace asyncio {
namespace detail {

std::exception_ptr convert_thread_error(std::exception_ptr error) {
    if (const auto* e = exception_cast<concurrent::CancelledError>(error);
        e && typeid(*e) == typeid(concurrent::CancelledError))
        return std::make_exception_ptr(e->has_message() ? CancelledError(e->message())
                                                        : CancelledError());
    if (const auto* e = exception_cast<concurrent::InvalidStateError>(error);
        e && typeid(*e) == typeid(concurrent::InvalidStateError))
        return std::make_exception_ptr(e->has_message() ? InvalidStateError(e->message())
                                                        : InvalidStateError());
    return error;
}

ThreadLink::ThreadLink(ThreadFutureBase& source, Ref<FutureBase> target)
    : source_(&source), loop_(target->core_), target_(std::move(target)) {}

void ThreadLink::start() {
    add_ref(); // the source's list's, then the queue's
    source_->add_callback(*this);
}

void ThreadLink::cancel_source() noexcept {
    Ref<ThreadFutureBase> source;
    {
        const std::lock_guard lock(mutex_);
        wanted_ = false;
        if (source_ && source_->try_add_ref()) source = Ref<ThreadFutureBase>::adopt(source_);
    }
    if (source) source->cancel();
}

void ThreadLink::done(Ref<ThreadFutureBase> source) noexcept {
    bool wanted;
    {
        const std::lock_guard lock(mutex_);
        source_ = nullptr;
        wanted = wanted_;
    }
    ended_ = std::move(source);
    if (!wanted || !loop_->push_threadsafe(*this)) discard();
}

void ThreadLink::abandoned() noexcept {
    {
        const std::lock_guard lock(mutex_);
        source_ = nullptr;
    }
    discard();
}

void ThreadLink::discard() noexcept {
    const Ref<ThreadLink> self = Ref<ThreadLink>::adopt(this);
    ended_.reset();
    target_.reset();
}

void ThreadLink::run() {
    const Ref<ThreadLink> self = Ref<ThreadLink>::adopt(this);
    const Ref<ThreadFutureBase> source = std::move(ended_);
    const Ref<FutureBase> target = std::move(target_);
    if (target->done()) return;
    if (source->cancelled()) {
        target->cancel({});
    } else if (auto error = source->take_error()) {
        target->finish(convert_thread_error(std::move(error)));
    } else {
        try {
            deliver(*source, *target);
        } catch (...) {
            if (!target->done()) target->finish(convert_thread_error(std::current_exception()));
        }
    }
}

namespace {

// Cancels a task when the thread's future was cancelled.
class CancelTask final : public ThreadCallback, public ReadyNode {
public:
    explicit CancelTask(FutureBase& task) : task_(&task) {}
    void done(Ref<ThreadFutureBase> future) noexcept override {
        if (!future->cancelled() || !task_->core_->push_threadsafe(*this)) delete this;
    }
    void abandoned() noexcept override { delete this; }
    void run() override {
        const std::unique_ptr<CancelTask> self(this);
        task_->cancel({});
    }
    void discard() noexcept override { delete this; }

private:
    const Ref<FutureBase> task_;
};

} // namespace

TaskLink::TaskLink(ThreadDuty duty, FutureBase& source) : duty_(std::move(duty)) {
    duty_.future().add_callback(*new CancelTask(source));
}

Ref<ThreadFutureBase> TaskLink::begin(FutureBase& source) {
    Ref<ThreadFutureBase> target = duty_.release();
    if (source.cancelled()) target->cancel();
    try {
        if (!target->set_running_or_notify_cancel()) return {};
        target->claim();
        return target;
    } catch (...) {
        source.core_->loop().call_exception_handler({
            .message = "Exception in callback run_coroutine_threadsafe",
            .exception = std::current_exception(),
        });
        return {};
    }
}

std::exception_ptr TaskLink::take_error(FutureBase& source) {
    std::exception_ptr error = source.exception();
    // With the task about to go, the error has one owner at a time.
    if (source.use_count() == 1) source.box_.error = nullptr;
    return convert_thread_error(std::move(error));
}

std::shared_ptr<concurrent::Executor> executor_for(AbstractEventLoop& loop,
                                                   std::shared_ptr<concurrent::Executor> executor) {
    loop.core().check_closed();
    if (executor) return executor;
    LoopExtras& extras = *loop.core().extras_;
    if (extras.executor_shut_down) throw RuntimeError("Executor shutdown has been called");
    if (!extras.default_executor)
        extras.default_executor = std::make_shared<concurrent::ThreadPoolExecutor>(
            concurrent::ThreadPoolExecutorOptions{.thread_name_prefix = "asyncio"});
    return extras.default_executor;
}

void abandon_executor(std::shared_ptr<concurrent::ThreadPoolExecutor>& executor) noexcept {
    try {
        executor->shutdown(false);
    } catch (...) {
        logger().error("Error while shutting down the default executor", std::current_exception());
    }
    executor.reset();
}

} // namespace detail

void AbstractEventLoop::set_default_executor(
    std::shared_ptr<concurrent::ThreadPoolExecutor> executor) {
    if (!executor) throw TypeError("executor must be ThreadPoolExecutor instance");
    core_->extras_->default_executor = std::move(executor);
}

Coroutine<void> AbstractEventLoop::shutdown_default_executor(std::optional<Seconds> timeout) {
    core_->extras_->executor_shut_down = true;
    const auto executor = core_->extras_->default_executor;
    if (!executor) co_return;
    executor->shutdown(false);
    bool expired = false;
    try {
        co_await wait_for(wrap_future(executor->stopped(), *this), timeout);
    } catch (const TimeoutError&) {
        expired = true;
    }
    if (!expired) {
        executor->shutdown(true);
        co_return;
    }
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%g", timeout->count());
    warnings::warn(warnings::Category::RuntimeWarning,
                   std::string("The executor did not finishing joining its threads within ") +
                       seconds + " seconds.");
}

} // namespace asyncio
