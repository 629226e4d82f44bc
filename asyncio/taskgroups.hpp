// Layer 2. TaskGroup: tasks that end before the block that started them.
//
// The first failure cancels the rest; all failures are raised together.
// Python counterpart: asyncio.taskgroups (with cancel() of 3.15).
#pragma once
#include <asyncio/async_with.hpp>
#include <asyncio/config.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/tasks.hpp>

#include <exception>
#include <source_location>
#include <utility>

namespace asyncio {

namespace detail {
class TaskGroupState;
}

/// Used with async_with(TaskGroup{}, body), once. A handle: children may create siblings.
class ASYNCIO_EXPORT TaskGroup {
public:
    TaskGroup();
    TaskGroup(const TaskGroup&) noexcept;
    TaskGroup& operator=(const TaskGroup&) noexcept;
    ~TaskGroup();

    /// Starts a child. Throws RuntimeError, and closes the coroutine, when the group has not been
    /// entered, is shutting down or is finished.
    template <Awaitable A>
        requires(!FutureLike<A>)
    auto create_task(
        A&& awaitable, TaskOptions options,
        detail::CallSite created = detail::CallSite(std::source_location::current())) const {
        options.created = created.where;
        auto coroutine = detail::as_coroutine(std::forward<A>(awaitable));
        try {
            check_open();
        } catch (...) {
            coroutine.close();
            throw;
        }
        auto task = detail::create_task(loop(), std::move(coroutine), options);
        adopt(task.task());
        return task;
    }
    template <Awaitable A>
        requires(!FutureLike<A>)
    auto create_task(A&& awaitable, detail::CallSite created =
                                        detail::CallSite(std::source_location::current())) const {
        return create_task(std::forward<A>(awaitable), TaskOptions{}, created);
    }
    /// Starts a coroutine function; the task keeps it and its arguments.
    template <class F, class... Args>
        requires(sizeof...(Args) > 0 && CoroutineFunction<F, Args...>)
    auto create_task(F&& function, Args&&... args) const {
        return create_task(
            detail::invoke_coroutine(std::forward<F>(function), std::forward<Args>(args)...),
            detail::CallSite(std::source_location()));
    }
    template <class F>
        requires CoroutineFunction<F>
    auto create_task(F&& function, detail::CallSite created =
                                       detail::CallSite(std::source_location::current())) const {
        return create_task(detail::invoke_coroutine(std::forward<F>(function)), created);
    }
    template <class F, class... Args>
        requires CoroutineFunction<F, Args...>
    auto create_task(TaskOptions options, F&& function, Args&&... args) const {
        return create_task(
            detail::invoke_coroutine(std::forward<F>(function), std::forward<Args>(args)...),
            options, detail::CallSite(options.created));
    }
    /// Ends the group early: children and body are cancelled, and the block is left without an
    /// error unless a child fails or somebody else cancels. Idempotent.
    void cancel() const;

    TaskGroup aenter() const;
    Coroutine<bool> aexit(std::exception_ptr error) const;

private:
    void check_open() const;
    AbstractEventLoop& loop() const;
    void adopt(detail::TaskCore& child) const;

    detail::Ref<detail::TaskGroupState> state_;
};

} // namespace asyncio
