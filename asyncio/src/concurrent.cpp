// Layer 2. Futures of threads: their states, and who is told. See concurrent.hpp.
#include <asyncio/concurrent.hpp>
#include <asyncio/log.hpp>

#include <chrono>
#include <cstdio>

namespace asyncio {
namespace concurrent {

void Error::anchor() const {}
void CancelledError::anchor() const {}
void InvalidStateError::anchor() const {}
void BrokenExecutor::anchor() const {}
void BrokenThreadPool::anchor() const {}

void Job::run() noexcept {
    auto future = duty_.release();
    if (!future) return;
    try {
        if (!future->set_running_or_notify_cancel()) return;
        future->claim();
    } catch (...) {
        logger().critical("Exception in worker", std::current_exception());
        return;
    }
    std::exception_ptr error;
    try {
        future->run_call();
    } catch (...) {
        error = std::current_exception();
    }
    future->drop_call();
    asyncio::detail::ThreadFutureBase::finish(std::move(future), std::move(error));
}

void Job::fail(std::exception_ptr error) noexcept {
    if (auto future = duty_.release())
        asyncio::detail::fail_thread_future(std::move(future), std::move(error));
}

Executor::~Executor() = default;
void Executor::shutdown(bool, bool) {}

} // namespace concurrent

namespace detail {
namespace {

const char* name(ThreadFutureBase::State state) noexcept {
    switch (state) {
    case ThreadFutureBase::State::pending: return "PENDING";
    case ThreadFutureBase::State::running: return "RUNNING";
    case ThreadFutureBase::State::cancelled: return "CANCELLED";
    case ThreadFutureBase::State::cancelled_and_notified: return "CANCELLED_AND_NOTIFIED";
    case ThreadFutureBase::State::finished: break;
    }
    return "FINISHED";
}

const char* description(ThreadFutureBase::State state) noexcept {
    switch (state) {
    case ThreadFutureBase::State::pending: return "pending";
    case ThreadFutureBase::State::running: return "running";
    case ThreadFutureBase::State::cancelled:
    case ThreadFutureBase::State::cancelled_and_notified: return "cancelled";
    case ThreadFutureBase::State::finished: break;
    }
    return "finished";
}

// A wait of more than a year is a wait without limit to every reader of this code, and the clock's
// arithmetic does not overflow.
std::chrono::steady_clock::time_point deadline_after(Seconds timeout) {
    constexpr double year = 365.0 * 24 * 3600;
    const double seconds = timeout.count() > 0 ? std::min(timeout.count(), year) : 0;
    return std::chrono::steady_clock::now() +
           std::chrono::duration_cast<std::chrono::steady_clock::duration>(
               std::chrono::duration<double>(seconds));
}

} // namespace

void ThreadFutureBase::destroy() noexcept {
    while (ThreadCallback* callback = first_) {
        first_ = callback->next_;
        callback->abandoned();
    }
    delete this;
}

ThreadFutureBase::State ThreadFutureBase::state() const noexcept {
    const std::lock_guard lock(mutex_);
    return state_;
}

// With the mutex locked: the new state is visible, waiters wake, the callbacks are the caller's.
ThreadCallback* ThreadFutureBase::enter(State state) noexcept {
    state_ = state;
    claimed_ = false;
    changed_.notify_all();
    last_ = nullptr;
    return std::exchange(first_, nullptr);
}

void ThreadFutureBase::notify(ThreadCallback* callbacks, Ref<ThreadFutureBase> future) noexcept {
    while (ThreadCallback* const callback = callbacks) {
        callbacks = callback->next_;
        callback->done(callbacks ? future : std::move(future));
    }
}

bool ThreadFutureBase::cancel() noexcept {
    ThreadCallback* callbacks;
    {
        const std::lock_guard lock(mutex_);
        if (is_cancelled(state_)) return true;
        if (state_ != State::pending || claimed_) return false;
        callbacks = enter(State::cancelled);
    }
    drop_call();
    notify(callbacks, Ref<ThreadFutureBase>(this));
    return true;
}

bool ThreadFutureBase::set_running_or_notify_cancel() {
    State found;
    {
        const std::lock_guard lock(mutex_);
        found = state_;
        if (found == State::cancelled) {
            state_ = State::cancelled_and_notified;
            return false;
        }
        if (found == State::pending && !claimed_) {
            state_ = State::running;
            return true;
        }
    }
    logger().critical("Future " + repr() + " in unexpected state: " + name(found));
    throw RuntimeError("Future in unexpected state");
}

void ThreadFutureBase::claim() {
    State found;
    {
        const std::lock_guard lock(mutex_);
        found = state_;
        if (!is_done(found) && !std::exchange(claimed_, true)) return;
    }
    throw concurrent::InvalidStateError(std::string(name(found)) + ": " + repr());
}

void ThreadFutureBase::unclaim() noexcept {
    const std::lock_guard lock(mutex_);
    claimed_ = false;
}

void ThreadFutureBase::finish(Ref<ThreadFutureBase> future, std::exception_ptr error) noexcept {
    ThreadCallback* callbacks;
    {
        const std::lock_guard lock(future->mutex_);
        future->error_ = std::move(error);
        callbacks = future->enter(State::finished);
    }
    notify(callbacks, std::move(future));
}

void ThreadFutureBase::add_callback(ThreadCallback& callback) noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (!is_done(state_)) {
            (last_ ? last_->next_ : first_) = &callback;
            last_ = &callback;
            return;
        }
    }
    callback.done(Ref<ThreadFutureBase>(this));
}

void ThreadFutureBase::wait(std::optional<Seconds> timeout) const {
    std::unique_lock lock(mutex_);
    const auto is_over = [this] { return is_done(state_); };
    if (!timeout)
        changed_.wait(lock, is_over);
    else if (!changed_.wait_until(lock, deadline_after(*timeout), is_over))
        throw concurrent::TimeoutError();
    if (is_cancelled(state_)) throw concurrent::CancelledError();
}

void ThreadFutureBase::check_result(std::optional<Seconds> timeout) const {
    wait(timeout);
    if (error_) std::rethrow_exception(error_);
}

std::exception_ptr ThreadFutureBase::exception(std::optional<Seconds> timeout) const {
    wait(timeout);
    return error_;
}

void ThreadFutureBase::take_once() {
    const std::lock_guard lock(mutex_);
    if (std::exchange(taken_, true))
        throw concurrent::InvalidStateError("The result was moved out before.");
}

std::string ThreadFutureBase::repr() const {
    const State now = state();
    char text[64];
    std::snprintf(text, sizeof text, "<Future at %p state=%s", static_cast<const void*>(this),
                  description(now));
    if (now != State::finished || !error_) return std::string(text) + '>';
    return std::string(text) + " raised " + asyncio::type_name(error_) + '>';
}

void fail_thread_future(Ref<ThreadFutureBase> future, std::exception_ptr error) noexcept {
    try {
        future->claim();
    } catch (const concurrent::InvalidStateError&) {
        return;
    }
    future->drop_call();
    ThreadFutureBase::finish(std::move(future), std::move(error));
}

void log_callback_error(const ThreadFutureBase& future) noexcept {
    try {
        logger().exception("exception calling callback for " + future.repr());
    } catch (const std::bad_alloc&) {
        logger().exception("exception calling callback for a Future");
    }
}

} // namespace detail
} // namespace asyncio
