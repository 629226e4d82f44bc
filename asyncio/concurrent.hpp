// Layer 2. asyncio::concurrent: futures and executors of threads, which know no event loop.
//
//   executor.submit(f, x) ──> Job ──> a thread runs it ──> concurrent::Future<R>
//
// threads.hpp joins them with loops. Python counterpart: concurrent.futures.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/handle_node.hpp>
#include <asyncio/detail/thread_future.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/seconds.hpp>

#include <compare>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asyncio {
class AbstractEventLoop;

namespace detail {
class ThreadPool;
template <class F, class... Args>
concept Submittable = std::invocable<std::decay_t<F>&, std::decay_t<Args>&&...> ||
                      std::invocable<std::decay_t<F>&, std::decay_t<Args>&...>;
} // namespace detail
} // namespace asyncio

namespace asyncio::concurrent {

/// Base of the errors of thread futures.
class ASYNCIO_EXPORT Error : public Exception {
public:
    using Exception::Exception;

private:
    void anchor() const override;
};

/// The thread future was cancelled. Unlike asyncio::CancelledError it is an ordinary Exception.
class ASYNCIO_EXPORT CancelledError : public Error {
public:
    using Error::Error;

private:
    void anchor() const override;
};

/// The operation is not allowed in this state of the thread future.
class ASYNCIO_EXPORT InvalidStateError : public Error {
public:
    using Error::Error;

private:
    void anchor() const override;
};

using TimeoutError = asyncio::TimeoutError;

/// The executor cannot run anything any more.
class ASYNCIO_EXPORT BrokenExecutor : public RuntimeError {
public:
    using RuntimeError::RuntimeError;

private:
    void anchor() const override;
};

/// The initializer of a thread failed.
class ASYNCIO_EXPORT BrokenThreadPool : public BrokenExecutor {
public:
    using BrokenExecutor::BrokenExecutor;

private:
    void anchor() const override;
};

/// The result of something that runs on a thread: a shared handle, all of it thread-safe.
/// A default-constructed one is pending; who makes it completes it.
template <class T = void>
class Future {
public:
    using value_type = T;

    Future() : core_(asyncio::detail::make_ref<Core>()) {}
    explicit Future(asyncio::detail::Ref<asyncio::detail::ThreadFuture<T>> core) noexcept
        : core_(std::move(core)) {}

    bool done() const { return core().done(); }
    bool cancelled() const { return core().cancelled(); }
    bool running() const { return core().state() == Core::State::running; }
    /// Cancels and calls the callbacks, unless it runs or has finished; whether it is cancelled.
    bool cancel() const { return core().cancel(); }

    /// Blocks until it is done, at most for `timeout`, and gives the result by reference, which is
    /// valid as long as a handle exists. Throws what the call threw, TimeoutError, or
    /// concurrent::CancelledError. On the thread of the loop that is to bring the result it would
    /// wait for ever.
    std::add_lvalue_reference_t<std::add_const_t<T>>
    result(std::optional<Seconds> timeout = {}) const& {
        core().check_result(timeout);
        return core().value_.get();
    }
    /// The same by value: moved out when this is the last handle, or when T cannot be copied, which
    /// works once and then throws InvalidStateError.
    T result(std::optional<Seconds> timeout = {}) && {
        core().check_result(timeout);
        const auto last = std::move(core_);
        return last->take();
    }
    /// Blocks like result(); the exception, null when there is none.
    std::exception_ptr exception(std::optional<Seconds> timeout = {}) const {
        return core().exception(timeout);
    }
    /// Calls f(future), or f(), on the thread that completes the future, in order of registration;
    /// at once on this thread when it is done. What f throws is logged.
    template <class F>
    void add_done_callback(F f) const;

    // For executors and tests.

    /// Marks it as running. False when it was cancelled: then nothing must run. Throws RuntimeError
    /// when it was called before or the future is complete.
    bool set_running_or_notify_cancel() const { return core().set_running_or_notify_cancel(); }
    /// Completes the future. Throws InvalidStateError when it is done, or belongs to a running job.
    template <class U = T>
        requires(!std::is_void_v<T> && std::is_constructible_v<T, U &&>)
    void set_result(U&& value) const {
        emplace(std::forward<U>(value));
    }
    void set_result() const
        requires std::is_void_v<T>
    {
        emplace();
    }
    /// Completes the future with an error. Throws TypeError for a null pointer.
    void set_exception(std::exception_ptr error) const {
        if (!error) throw TypeError("invalid exception object");
        core().claim();
        Core::finish(core_, std::move(error));
    }
    template <class E>
        requires(!std::convertible_to<E, std::exception_ptr>)
    void set_exception(E error) const {
        set_exception(std::make_exception_ptr(std::move(error)));
    }

    /// "<Future at 0x... state=finished raised ValueError>".
    friend std::string to_string(const Future& future) { return future.core().repr(); }
    explicit operator bool() const noexcept { return static_cast<bool>(core_); }
    friend bool operator==(const Future&, const Future&) noexcept = default;
    friend std::strong_ordering operator<=>(const Future& a, const Future& b) noexcept {
        return std::compare_three_way{}(a.core_.get(), b.core_.get());
    }
    /// The state behind the handle. Throws RuntimeError for one that was moved from.
    asyncio::detail::ThreadFuture<T>& core() const {
        if (!core_) throw RuntimeError("the Future is None");
        return *core_;
    }
    asyncio::detail::Ref<asyncio::detail::ThreadFuture<T>> release() && noexcept {
        return std::move(core_);
    }

private:
    using Core = asyncio::detail::ThreadFuture<T>;

    template <class... U>
    void emplace(U&&... value) const {
        core().claim();
        try {
            core_->value_.emplace(std::forward<U>(value)...);
        } catch (...) {
            core_->unclaim();
            throw;
        }
        Core::finish(core_, nullptr);
    }

    asyncio::detail::Ref<Core> core_;
};

/// A call on its way to a thread, which an Executor gets. Dropping it cancels its future.
class ASYNCIO_EXPORT Job {
public:
    explicit Job(asyncio::detail::Ref<asyncio::detail::ThreadFutureBase> future) noexcept
        : duty_(std::move(future)) {}
    /// Calls, unless the future was cancelled, and completes the future; once. Thread pools of
    /// others may call the job itself.
    void run() noexcept;
    void operator()() noexcept { run(); }
    /// Completes the future with an error instead.
    void fail(std::exception_ptr error) noexcept;
    /// False once it has run, failed or been moved from.
    explicit operator bool() const noexcept { return static_cast<bool>(duty_); }

private:
    asyncio::detail::ThreadDuty duty_;
};

/// Runs calls somewhere else. Users may write one over a pool of theirs.
class ASYNCIO_EXPORT Executor {
public:
    Executor() = default;
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;
    virtual ~Executor();

    /// Schedules f(args...), which are kept until it ran or was cancelled. Thread-safe.
    template <class F, class... Args>
        requires asyncio::detail::Submittable<F, Args...>
    auto submit(F&& f, Args&&... args);
    /// Has job.run() called once, on any thread, soon. Throws RuntimeError after shutdown().
    virtual void execute(Job job) = 0;
    /// Takes nothing new. Waits for what runs and is queued, or does not; may cancel the queue.
    virtual void shutdown(bool wait = true, bool cancel_futures = false);
};

struct ThreadPoolExecutorOptions {
    std::optional<int> max_workers = {};      ///< min(32, cores + 4) by default.
    std::string_view thread_name_prefix = {}; ///< "ThreadPoolExecutor-N" by default.
    void (*initializer)() = nullptr;          ///< Called first in each thread.
};

/// A pool of threads: one more is started whenever a job finds none idle, up to max_workers.
/// Its threads are called PREFIX_0, PREFIX_1, ...; the prefix is cut, for the system keeps 15
/// characters.
///
/// Destroying the executor is shutdown(false): idle threads leave, queued jobs still run. The end
/// of the process waits for running and queued jobs, as in Python.
class ASYNCIO_EXPORT ThreadPoolExecutor : public Executor {
public:
    /// Throws ValueError when max_workers is not positive. Starts no thread.
    explicit ThreadPoolExecutor(ThreadPoolExecutorOptions options = {});
    template <std::integral Number>
    explicit ThreadPoolExecutor(Number max_workers)
        : ThreadPoolExecutor({.max_workers = static_cast<int>(max_workers)}) {}
    /// Each thread first calls a copy of initializer(initargs...). When that throws, the pool is
    /// broken: queued and later jobs fail with BrokenThreadPool.
    template <class F, class... Args>
        requires std::invocable<std::decay_t<F>&, std::decay_t<Args>&...>
    explicit ThreadPoolExecutor(ThreadPoolExecutorOptions options, F&& initializer,
                                Args&&... initargs)
        : ThreadPoolExecutor(
              options,
              std::function<void()>(
                  [f = std::decay_t<F>(initializer),
                   ... args = std::decay_t<Args>(initargs)]() mutable { std::invoke(f, args...); }),
              Owned{}) {}
    ~ThreadPoolExecutor() override;

    void execute(Job job) override;
    /// Idempotent. With `wait`, throws RuntimeError on a thread of the pool.
    void shutdown(bool wait = true, bool cancel_futures = false) override;

private:
    friend asyncio::AbstractEventLoop;
    struct Owned {};
    ThreadPoolExecutor(const ThreadPoolExecutorOptions& options, std::function<void()> initializer,
                       Owned);
    // Done once shutdown() was called and the last thread has finished its work.
    Future<> stopped() const;

    const std::shared_ptr<asyncio::detail::ThreadPool> pool_;
};

} // namespace asyncio::concurrent

namespace asyncio::detail {

/// What a future of the call gives: objects by value, lvalue references as they are.
template <class Call>
struct CallResult {
    using Raw = std::invoke_result_t<Call&>;
    using type = std::conditional_t<std::is_lvalue_reference_v<Raw>, Raw, std::remove_cvref_t<Raw>>;
};
template <class Call>
using call_result_t = typename CallResult<Call>::type;

template <class F, class... Args>
using bound_call_t = BoundCall<std::decay_t<F>, std::decay_t<Args>...>;

ASYNCIO_EXPORT void log_callback_error(const ThreadFutureBase& future) noexcept;

template <class T, class F>
class ThreadFutureCallback final : public ThreadCallback {
public:
    explicit ThreadFutureCallback(F function) : function_(std::move(function)) {}
    void done(Ref<ThreadFutureBase> base) noexcept override {
        const std::unique_ptr<ThreadFutureCallback> self(this);
        const auto future = Ref<ThreadFuture<T>>(static_cast<ThreadFuture<T>*>(base.get()));
        base.reset();
        try {
            if constexpr (std::is_invocable_v<F&, concurrent::Future<T>>)
                std::invoke(function_, concurrent::Future<T>(future));
            else
                std::invoke(function_);
        } catch (...) {
            log_callback_error(*future);
        }
    }
    void abandoned() noexcept override { delete this; }

private:
    F function_;
};

} // namespace asyncio::detail

namespace asyncio::concurrent {

template <class T>
template <class F>
void Future<T>::add_done_callback(F f) const {
    core().add_callback(*new asyncio::detail::ThreadFutureCallback<T, F>(std::move(f)));
}

template <class F, class... Args>
    requires asyncio::detail::Submittable<F, Args...>
auto Executor::submit(F&& f, Args&&... args) {
    using Call = asyncio::detail::bound_call_t<F, Args...>;
    using Result = asyncio::detail::call_result_t<Call>;
    auto job = asyncio::detail::make_ref<asyncio::detail::JobFuture<Result, Call>>(
        std::in_place, std::in_place, std::forward<F>(f), std::forward<Args>(args)...);
    execute(Job(job));
    return Future<Result>(std::move(job));
}

} // namespace asyncio::concurrent

template <class T>
struct std::hash<asyncio::concurrent::Future<T>> {
    std::size_t operator()(const asyncio::concurrent::Future<T>& future) const noexcept {
        return future ? std::hash<const void*>{}(&future.core()) : 0;
    }
};
