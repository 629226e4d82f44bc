// Layer 2. Task<T>: a coroutine that runs on its own; create_task, sleep and who is running.
//
// The loop holds pending tasks strongly: dropping a handle neither cancels nor destroys.
// Python counterpart: asyncio.tasks, first half (gather.hpp is the second).
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/context.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/task_core.hpp>
#include <asyncio/events.hpp>
#include <asyncio/futures.hpp>

#include <concepts>
#include <optional>
#include <ostream>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio {

struct TaskOptions {
    std::optional<std::string_view> name = {}; ///< "Task-N" by default.
    const Context* context = nullptr;          ///< A copy of the current one by default.
    std::optional<bool> eager_start = {};      ///< Run the first step at once; the factory decides.
    std::source_location created = std::source_location::current(); ///< For debug mode: the caller.
};

/// One suspended coroutine of a task, as get_stack() shows it.
struct FrameInfo {
    std::string function;
    std::string file;
    unsigned line = 0;
};

/// What Task::get_coro() tells of the coroutine. False once the task is done.
class ASYNCIO_EXPORT CoroutineInfo {
public:
    CoroutineInfo() = default;
    explicit CoroutineInfo(FrameInfo frame) : frame_(std::move(frame)), present_(true) {}
    const std::string& name() const noexcept { return frame_.function; }
    const std::string& file() const noexcept { return frame_.file; }
    unsigned line() const noexcept { return frame_.line; }
    explicit operator bool() const noexcept { return present_; }

private:
    FrameInfo frame_;
    bool present_ = false;
};

struct StackOptions {
    std::optional<std::size_t> limit = {}; ///< At most so many frames, the outermost first.
};

/// What all tasks have, whatever they return. Default-constructed it is None.
class ASYNCIO_EXPORT TaskRef : public FutureRef {
public:
    TaskRef() = default;
    explicit TaskRef(detail::Ref<detail::TaskCore> task) noexcept;
    /// The future as a task. Throws TypeError when it is not one.
    explicit TaskRef(const FutureRef& future);

    int cancelling() const { return task().cancel_.requests(); }
    int uncancel() const { return task().cancel_.withdraw(); }
    std::string get_name() const { return task().name(); }
    std::string name() const { return get_name(); }
    void set_name(std::string name) const { task().set_name(std::move(name)); }
    Context get_context() const;
    CoroutineInfo get_coro() const;
    /// The suspended coroutines from the outermost to the innermost, each with the line it awaits
    /// in.
    std::vector<FrameInfo> get_stack(StackOptions options = {}) const;
    void print_stack(std::ostream& out, StackOptions options = {}) const;

    detail::TaskCore& task() const { return static_cast<detail::TaskCore&>(core()); }
};

/// "<Task pending name='...' coro=<...> wait_for=...>", as Python's repr.
ASYNCIO_EXPORT std::string to_string(const FutureRef& future);

/// A coroutine that runs concurrently, and the future of its result.
template <class T = void>
class Task : public Future<T> {
public:
    Task() = default;
    static Task from(detail::Ref<detail::FutureBase> future) noexcept {
        Task handle;
        handle.future_ = std::move(future);
        return handle;
    }
    operator TaskRef() const { return TaskRef(static_cast<const FutureRef&>(*this)); }

    int cancelling() const { return task().cancel_.requests(); }
    /// Withdraws one cancellation request; how many remain.
    int uncancel() const { return task().cancel_.withdraw(); }
    std::string get_name() const { return task().name(); }
    std::string name() const { return get_name(); }
    void set_name(std::string name) const { task().set_name(std::move(name)); }
    Context get_context() const { return ref_().get_context(); }
    CoroutineInfo get_coro() const { return ref_().get_coro(); }
    std::vector<FrameInfo> get_stack(StackOptions options = {}) const {
        return ref_().get_stack(options);
    }
    void print_stack(std::ostream& out, StackOptions options = {}) const {
        ref_().print_stack(out, options);
    }
    template <class F>
    CallbackId add_done_callback(F f, CallbackOptions options = {}) const {
        return this->template add_callback<Task>(std::move(f), options);
    }
    detail::TaskCore& task() const { return static_cast<detail::TaskCore&>(this->core()); }

private:
    TaskRef ref_() const { return *this; }
    using Future<T>::set_result;
    using Future<T>::set_exception;
};

/// A coroutine of any type that is not running yet: what a task factory gets.
class ASYNCIO_EXPORT AnyCoroutine {
public:
    explicit AnyCoroutine(detail::Ref<detail::TaskCore> task) : task_(std::move(task)) {}
    AnyCoroutine(AnyCoroutine&&) = default;
    AnyCoroutine& operator=(AnyCoroutine&&) = default;
    ~AnyCoroutine();
    CoroutineInfo info() const;

    /// Makes the task, as `Task(coro, loop=loop, **options)` does. Once.
    TaskRef make_task(const TaskOptions& options) &&;

private:
    detail::Ref<detail::TaskCore> task_;
};

namespace detail {

/// Names the task, gives it its context and starts it.
ASYNCIO_EXPORT void begin_task(TaskCore& task, const TaskOptions& options);
/// The same by way of the loop's task factory.
ASYNCIO_EXPORT void start_task(AbstractEventLoop& loop, const Ref<TaskCore>& task,
                               const TaskOptions& options);

template <class T>
Task<T> create_task(AbstractEventLoop& loop, Coroutine<T> coroutine, const TaskOptions& options) {
    Promise<T>& root = coroutine.release();
    auto task = make_ref<TaskImpl<T>>(loop.core(), root, ContextSlot(), options.created);
    start_task(loop, Ref<TaskCore>(task), options);
    return Task<T>::from(std::move(task));
}

} // namespace detail

/// Runs a coroutine concurrently in the running loop; its first step comes in the next iteration.
/// Throws RuntimeError "no running event loop" outside one (asyncio.create_task).
template <Awaitable A>
    requires(!FutureLike<A>)
auto create_task(A&& coroutine, TaskOptions options,
                 detail::CallSite created = detail::CallSite(std::source_location::current())) {
    options.created = created.where;
    return detail::create_task(get_running_loop(), detail::as_coroutine(std::forward<A>(coroutine)),
                               options);
}
template <Awaitable A>
    requires(!FutureLike<A>)
auto create_task(A&& coroutine,
                 detail::CallSite created = detail::CallSite(std::source_location::current())) {
    return create_task(std::forward<A>(coroutine), TaskOptions{}, created);
}
/// The same for a coroutine function and its arguments, which the task keeps until it is done.
template <class F, class... Args>
    requires(sizeof...(Args) > 0 && CoroutineFunction<F, Args...>)
auto create_task(F&& function, Args&&... args) {
    return detail::create_task(
        get_running_loop(),
        detail::invoke_coroutine(std::forward<F>(function), std::forward<Args>(args)...),
        {.created = std::source_location()});
}
template <class F>
    requires CoroutineFunction<F>
auto create_task(F&& function,
                 detail::CallSite created = detail::CallSite(std::source_location::current())) {
    return detail::create_task(get_running_loop(),
                               detail::invoke_coroutine(std::forward<F>(function)),
                               {.created = created.where});
}
/// What is none of these.
template <class F, class... Args>
    requires(!Awaitable<F> && !CoroutineFunction<F> && !CoroutineFunction<F, Args...> &&
             !std::same_as<std::decay_t<F>, TaskOptions>)
void create_task(F&&, Args&&...) {
    static_assert(detail::never<F>,
                  "create_task() takes a coroutine, `create_task(f(x))`, or an async function and "
                  "the arguments it needs, `create_task(f, x)`; a coroutine in a variable is given "
                  "with std::move()");
}
template <class F, class... Args>
    requires CoroutineFunction<F, Args...>
auto create_task(TaskOptions options, F&& function, Args&&... args) {
    return detail::create_task(
        get_running_loop(),
        detail::invoke_coroutine(std::forward<F>(function), std::forward<Args>(args)...), options);
}

/// The task that is running, or None.
ASYNCIO_EXPORT TaskRef current_task();
ASYNCIO_EXPORT TaskRef current_task(AbstractEventLoop& loop);
/// The unfinished tasks of a loop, oldest first.
ASYNCIO_EXPORT std::vector<TaskRef> all_tasks();
ASYNCIO_EXPORT std::vector<TaskRef> all_tasks(AbstractEventLoop& loop);

/// The very same future for a future, a new task for a coroutine.
template <FutureLike F>
auto ensure_future(F&& future, std::source_location = std::source_location()) {
    return std::decay_t<F>(std::forward<F>(future));
}
template <Awaitable A>
    requires(!FutureLike<A>)
auto ensure_future(A&& coroutine, std::source_location created = std::source_location::current()) {
    return create_task(std::forward<A>(coroutine), detail::CallSite(created));
}

/// Starts every task at once, inside create_task (asyncio.eager_task_factory).
ASYNCIO_EXPORT TaskRef eager_task_factory(AbstractEventLoop& loop, AnyCoroutine coroutine,
                                          const TaskOptions& options);

namespace detail {

/// Suspends for `delay` on the loop's clock.
class ASYNCIO_EXPORT SleepBase {
public:
    explicit SleepBase(Seconds delay) : delay_(delay.count()) {}
    SleepBase(SleepBase&&) noexcept = default;
    ~SleepBase() {
        if (timer_) timer_->cancel();
    }
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise) {
        if (delay_ != 0) return suspend_for_time(promise);
        yielded_ = promise.task_;
        yielded_->yield(promise);
    }

protected:
    void finish() {
        if (yielded_) return yielded_->check_interrupt();
        timer_->cancel();
        waiter_.check();
    }

private:
    void suspend_for_time(PromiseBase& promise);

    double delay_;
    TaskCore* yielded_ = nullptr; // for a delay of zero or less
    Waiter waiter_;
    Ref<TimerNode> timer_;
};

} // namespace detail

/// What sleep() returns: an awaitable that also converts to a Coroutine.
template <class R = void>
class [[nodiscard]] Sleep : public detail::Leaf<Sleep<R>, R>, public detail::SleepBase {
public:
    Sleep(Seconds delay, R result) : SleepBase(delay), result_(std::move(result)) {}
    R await_resume() {
        finish();
        return std::move(result_);
    }

private:
    R result_;
};
template <>
class [[nodiscard]] Sleep<void> : public detail::Leaf<Sleep<void>, void>, public detail::SleepBase {
public:
    using SleepBase::SleepBase;
    void await_resume() { finish(); }
};

/// Suspends the task for `delay`; for exactly one iteration when it is zero or less.
/// Throws ValueError for NaN, when awaited. Cancelling removes the timer at once.
inline Sleep<> sleep(Seconds delay) { return Sleep<>(delay); }
// An exact match, so that `using namespace asyncio` does not pick POSIX's sleep(unsigned).
template <class Number>
    requires std::is_arithmetic_v<Number>
Sleep<> sleep(Number seconds) {
    return Sleep<>(Seconds(static_cast<double>(seconds)));
}
template <class R>
Sleep<std::decay_t<R>> sleep(Seconds delay, R&& result) {
    return Sleep<std::decay_t<R>>(delay, std::forward<R>(result));
}

// Declared in events.hpp.

template <class Awaitable>
auto AbstractEventLoop::create_task(Awaitable&& coroutine, detail::CallSite created) {
    return create_task(std::forward<Awaitable>(coroutine), TaskOptions{}, created);
}
template <class Awaitable>
auto AbstractEventLoop::create_task(Awaitable&& coroutine, TaskOptions options,
                                    detail::CallSite created) {
    options.created = created.where;
    return detail::create_task(*this, detail::as_coroutine(std::forward<Awaitable>(coroutine)),
                               options);
}

namespace detail {
/// Runs the loop until the future is done. Throws RuntimeError when the loop stops first.
ASYNCIO_EXPORT void run_until_done(AbstractEventLoop& loop, FutureBase& future, bool own_task);
ASYNCIO_EXPORT void check_may_run(AbstractEventLoop& loop);
} // namespace detail

template <class Awaitable>
auto AbstractEventLoop::run_until_complete(Awaitable&& awaitable) {
    constexpr bool is_future = FutureLike<Awaitable>;
    detail::check_may_run(*this);
    auto future = [&] {
        if constexpr (is_future)
            return std::decay_t<Awaitable>(std::forward<Awaitable>(awaitable));
        else
            return create_task(std::forward<Awaitable>(awaitable),
                               detail::CallSite(std::source_location()));
    }();
    using T = await_result_t<decltype(future)>;
    detail::run_until_done(*this, future.core(), !is_future);
    return detail::FutureAwaiter<T, true>(std::move(future).release()).await_resume();
}

} // namespace asyncio
