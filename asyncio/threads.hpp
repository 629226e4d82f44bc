// Layer 2. Threads and loops: to_thread, run_in_executor, run_coroutine_threadsafe, wrap_future.
//
//   loop ── to_thread, run_in_executor ──> a thread calls ──> Future of the loop
//   thread ── run_coroutine_threadsafe ──> the loop runs ──> concurrent::Future
//
// Python counterpart: asyncio.threads, and these functions of asyncio.tasks, futures, base_events.
#pragma once
#include <asyncio/concurrent.hpp>
#include <asyncio/config.hpp>
#include <asyncio/context.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/thread_link.hpp>
#include <asyncio/events.hpp>
#include <asyncio/futures.hpp>
#include <asyncio/tasks.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace asyncio {

namespace detail {

/// The executor to use: the default one for null. Throws RuntimeError on a closed loop, or after
/// shutdown_default_executor() when it is the default one.
ASYNCIO_EXPORT std::shared_ptr<concurrent::Executor>
executor_for(AbstractEventLoop& loop, std::shared_ptr<concurrent::Executor> executor);

template <class Call, class... Args>
Future<call_result_t<Call>> start_job(AbstractEventLoop& loop, concurrent::Executor& executor,
                                      Args&&... args) {
    using T = call_result_t<Call>;
    auto job = make_ref<JobFuture<T, Call>>(std::in_place, std::forward<Args>(args)...);
    auto target = make_ref<JobTarget<T>>(loop.core(), std::source_location());
    target->link_ = make_ref<ThreadLinkOf<T>>(*job, target);
    target->link_->start();
    executor.execute(concurrent::Job(std::move(job)));
    return Future<T>::from(std::move(target));
}

/// A call in a context, which it enters on the thread.
template <class Call>
class CallInContext {
public:
    template <class... Args>
    explicit CallInContext(ContextSlot context, Args&&... args)
        : context_(std::move(context)), call_(std::in_place, std::forward<Args>(args)...) {}
    decltype(auto) operator()() {
        const ContextScope scope(thread_state().context, context_);
        return call_();
    }

private:
    ContextSlot context_;
    Call call_;
};

// Named as in Python, for stack traces and the never-awaited warning.
template <class T, class F, class... Args>
Coroutine<T> to_thread(F function, Args... args) {
    AbstractEventLoop& loop = get_running_loop();
    const auto executor = executor_for(loop, nullptr);
    Future<T> future = start_job<CallInContext<BoundCall<F, Args...>>>(
        loop, *executor, copy_current_context(), std::move(function), std::move(args)...);
    co_return co_await std::move(future);
}

/// The task of a coroutine from another thread, from its submission to the loop's thread.
template <class T>
class Submission {
public:
    Submission(Coroutine<T> coroutine, Ref<ThreadFuture<T>> future)
        : coroutine_(std::move(coroutine)), duty_(std::move(future)) {}
    Submission(Submission&&) noexcept = default;
    Submission& operator=(Submission&&) = delete;
    // The loop has closed: the future, which is cancelled, says so.
    ~Submission() { coroutine_.close(); }

    void operator()() {
        AbstractEventLoop& loop = get_running_loop();
        Task<T> task;
        try {
            task = loop.create_task(std::move(coroutine_));
        } catch (const KeyboardInterrupt&) {
            throw;
        } catch (const SystemExit&) {
            throw;
        } catch (...) {
            fail_thread_future(duty_.release(), std::current_exception());
            throw;
        }
        auto finish = [link = TaskLink(std::move(duty_), task.core())](FutureBase& done) mutable {
            link.template finish<T>(done);
        };
        add_done_node(task.core(), std::move(finish));
    }

private:
    Coroutine<T> coroutine_;
    ThreadDuty duty_;
};

} // namespace detail

/// Calls f(args...) on a thread of the loop's default executor, in a copy of the caller's context.
/// Nothing happens before the result is awaited. Cancelling ends the await at once: a job that no
/// thread has taken is dropped, one that runs goes on and its outcome is lost (asyncio.to_thread).
template <class F, class... Args>
    requires detail::Submittable<F, Args...>
[[nodiscard]] auto to_thread(F&& f, Args&&... args) {
    detail::check_callable<F, Args...>();
    static_assert(!detail::returns_coroutine<F, Args...>(),
                  "to_thread() calls plain functions, not coroutine functions");
    using T = detail::call_result_t<detail::bound_call_t<F, Args...>>;
    return detail::to_thread<T, std::decay_t<F>, std::decay_t<Args>...>(
        std::forward<F>(f), std::forward<Args>(args)...);
}

/// Runs a coroutine as a task of the loop, from any thread, in a copy of the caller's context.
/// Returns at once. Cancelling the thread's future cancels the task, and a cancelled task cancels
/// the future, as does closing the loop. An error of making the task goes to the future and to the
/// loop's exception handler. Throws RuntimeError when the loop is closed
/// (asyncio.run_coroutine_threadsafe).
template <Awaitable A>
    requires(!FutureLike<A>)
auto run_coroutine_threadsafe(A&& coroutine, AbstractEventLoop& loop) {
    using T = await_result_t<A>;
    const auto future = detail::make_ref<detail::ThreadFuture<T>>();
    loop.call_soon_threadsafe(
        detail::Submission<T>(detail::as_coroutine(std::forward<A>(coroutine)), future));
    return concurrent::Future<T>(future);
}
/// The same for a coroutine function and its arguments, which is called on the loop's thread.
template <class F, class... Args>
    requires CoroutineFunction<F, Args...>
auto run_coroutine_threadsafe(F&& function, AbstractEventLoop& loop, Args&&... args) {
    return run_coroutine_threadsafe(
        detail::invoke_coroutine(std::forward<F>(function), std::forward<Args>(args)...), loop);
}

/// A future of the loop that ends as the thread's future ends. Cancelling it cancels the thread's
/// future. Default: the loop of this thread (asyncio.wrap_future).
template <class T>
Future<T> wrap_future(concurrent::Future<T> future, AbstractEventLoop& loop = get_event_loop()) {
    auto target = loop.create_future<T>();
    const auto link = detail::make_ref<detail::ThreadLinkOf<T>>(future.core(), target.ref());
    detail::add_done_node(target.core(), [link](detail::FutureBase& done) {
        if (done.cancelled()) link->cancel_source();
    });
    link->start();
    return target;
}
/// A future of a loop is returned as it is.
template <FutureLike F>
F wrap_future(F future) {
    return future;
}

// Declared in events.hpp.

template <class F, class... Args>
auto AbstractEventLoop::run_in_executor(std::shared_ptr<concurrent::Executor> executor, F&& f,
                                        Args&&... args) {
    detail::check_callable<F, Args...>();
    static_assert(!detail::returns_coroutine<F, Args...>(),
                  "coroutines cannot be used with run_in_executor()");
    const auto target = detail::executor_for(*this, std::move(executor));
    return detail::start_job<detail::bound_call_t<F, Args...>>(
        *this, *target, std::in_place, std::forward<F>(f), std::forward<Args>(args)...);
}
template <class F, class... Args>
auto AbstractEventLoop::run_in_executor(std::nullptr_t, F&& f, Args&&... args) {
    return run_in_executor(std::shared_ptr<concurrent::Executor>(), std::forward<F>(f),
                           std::forward<Args>(args)...);
}

} // namespace asyncio
