// Layer 2. The state behind concurrent::Future: what threads, not loops, complete and wait for.
//
// Everything here may be called from any thread. Callbacks run on the thread that completes the
// future, without locks held. Python counterpart: concurrent.futures._base.Future.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/detail/result.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/seconds.hpp>

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio::detail {

class ThreadFutureBase;

/// Waits in the list of a thread's future. Exactly one of the two is called, and consumes it.
class ThreadCallback {
public:
    /// The future is done; this reference to it may be the last.
    virtual void done(Ref<ThreadFutureBase> future) noexcept = 0;
    /// Nobody is left who could complete the future; it is being destroyed.
    virtual void abandoned() noexcept = 0;

    ThreadCallback* next_ = nullptr;

protected:
    ~ThreadCallback() = default;
};

class ASYNCIO_EXPORT ThreadFutureBase : public RefCounted {
public:
    enum class State : std::uint8_t {
        pending,
        running,
        cancelled,
        cancelled_and_notified, // and an executor knows
        finished,
    };

    ThreadFutureBase() = default;
    void destroy() noexcept;

    State state() const noexcept;
    bool done() const noexcept { return is_done(state()); }
    bool cancelled() const noexcept { return is_cancelled(state()); }
    /// False when it runs or has finished.
    bool cancel() noexcept;
    /// False when it was cancelled. Throws RuntimeError unless it was pending or cancelled.
    bool set_running_or_notify_cancel();
    /// Waits, then throws what result() throws when there is no value to give.
    void check_result(std::optional<Seconds> timeout) const;
    std::exception_ptr exception(std::optional<Seconds> timeout) const;
    /// Appends; calls at once when done.
    void add_callback(ThreadCallback& callback) noexcept;

    // Completing takes two steps, so that a value is constructed without the lock: claim(), after
    // which nobody else can complete or cancel, then finish().

    /// Throws InvalidStateError when the future is done or claimed.
    void claim();
    void unclaim() noexcept;
    /// Publishes the error or, without one, the value. The caller's reference goes to the
    /// callbacks: whoever has the last one may move the value out.
    static void finish(Ref<ThreadFutureBase> future, std::exception_ptr error) noexcept;

    /// The error of a finished future, moved out when nobody else can see it.
    std::exception_ptr take_error() noexcept {
        return use_count() == 1 ? std::move(error_) : error_;
    }
    std::string repr() const;

    // A future that is made by an executor has a call to run.
    virtual void run_call() {}
    virtual void drop_call() noexcept {}

protected:
    virtual ~ThreadFutureBase() = default;
    /// Throws InvalidStateError when a move-only result was moved out before.
    void take_once();

private:
    static bool is_cancelled(State state) noexcept {
        return state == State::cancelled || state == State::cancelled_and_notified;
    }
    static bool is_done(State state) noexcept {
        return is_cancelled(state) || state == State::finished;
    }
    void wait(std::optional<Seconds> timeout) const;
    ThreadCallback* enter(State state) noexcept;
    static void notify(ThreadCallback* callbacks, Ref<ThreadFutureBase> future) noexcept;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    State state_ = State::pending;
    bool claimed_ = false;
    bool taken_ = false;
    std::exception_ptr error_; // constant once finished
    ThreadCallback* first_ = nullptr;
    ThreadCallback* last_ = nullptr;
};

template <class T>
class ThreadFuture : public ThreadFutureBase {
public:
    /// The value of a finished future: moved out when this is the last reference.
    T take() {
        if constexpr (std::is_void_v<T> || std::is_reference_v<T>) {
            return value_.get();
        } else if constexpr (!std::is_copy_constructible_v<T>) {
            take_once();
            return value_.take();
        } else {
            return use_count() == 1 ? value_.take() : value_.copy();
        }
    }

    Slot<T> value_; // constant once finished, but for take()
};

/// A call and the future of its result.
template <class T, class Call>
class JobFuture final : public ThreadFuture<T> {
public:
    template <class... Args>
    explicit JobFuture(std::in_place_t, Args&&... args) {
        call_.emplace(std::forward<Args>(args)...);
    }
    void run_call() override {
        if constexpr (std::is_void_v<T>) {
            (*call_)();
            this->value_.emplace();
        } else {
            this->value_.emplace((*call_)());
        }
    }
    void drop_call() noexcept override { call_.reset(); }

private:
    std::optional<Call> call_; // touched by whoever cancels or runs it, and nobody else
};

/// The duty to complete a future. Dropping it cancels the future: nobody waits in vain.
class ThreadDuty {
public:
    explicit ThreadDuty(Ref<ThreadFutureBase> future) noexcept : future_(std::move(future)) {}
    ThreadDuty(ThreadDuty&&) noexcept = default;
    ThreadDuty& operator=(ThreadDuty other) noexcept {
        future_.swap(other.future_);
        return *this;
    }
    ~ThreadDuty() {
        if (future_) future_->cancel();
    }
    ThreadFutureBase& future() const noexcept { return *future_; }
    /// The duty passes to the caller.
    Ref<ThreadFutureBase> release() noexcept { return std::move(future_); }
    explicit operator bool() const noexcept { return static_cast<bool>(future_); }

private:
    Ref<ThreadFutureBase> future_;
};

/// Completes the future with the error, unless it is done or about to be.
ASYNCIO_EXPORT void fail_thread_future(Ref<ThreadFutureBase> future,
                                       std::exception_ptr error) noexcept;

} // namespace asyncio::detail
