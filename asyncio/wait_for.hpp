// Layer 2. wait_for(): await with a deadline.
//
// A coroutine runs inside the caller's task (Python 3.12 and later), so nothing can be lost between
// two tasks. Python counterpart: asyncio.wait_for.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/result.hpp>
#include <asyncio/detail/watch.hpp>
#include <asyncio/tasks.hpp>
#include <asyncio/timeouts.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace asyncio {

namespace detail {

/// Cancels a future and waits until it is done.
class ASYNCIO_EXPORT CancelAndWait : public Leaf<CancelAndWait, void> {
public:
    explicit CancelAndWait(FutureRef future) : future_(std::move(future)) {}
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise);
    void await_resume() { waiter_.check(); }

private:
    FutureRef future_;
    Waiter waiter_;
    Watch watch_;
};

[[noreturn]] ASYNCIO_EXPORT void throw_timeout(const std::exception_ptr& cause);

template <class T, class A>
Coroutine<T> wait_expired(A awaitable) {
    auto future = ensure_future(std::move(awaitable), std::source_location());
    if (!future.done()) {
        co_await CancelAndWait(future);
        if (future.core().ended_cancelled()) throw_timeout(future.core().cancelled_error());
    }
    co_return co_await std::move(future);
}

template <class T, class A>
Coroutine<T> wait_until(A awaitable, Seconds delay) {
    Slot<T> result;
    std::exception_ptr error;
    const Timeout deadline = timeout(delay);
    deadline.aenter();
    try {
        if constexpr (std::is_void_v<T>)
            co_await std::move(awaitable);
        else
            result.emplace(co_await std::move(awaitable));
    } catch (...) {
        error = std::current_exception();
    }
    deadline.aexit(error);
    if (error) std::rethrow_exception(error);
    if constexpr (!std::is_void_v<T>) co_return result.take();
}

template <class A>
auto wait_for_awaitable(A awaitable, std::optional<Seconds> delay) {
    using T = await_result_t<A>;
    if (!delay) return as_coroutine(std::move(awaitable));
    if (delay->count() > 0) return wait_until<T, A>(std::move(awaitable), *delay);
    return wait_expired<T, A>(std::move(awaitable));
}

} // namespace detail

/// Awaits with a deadline. On expiry the awaitable is cancelled and waited for, then TimeoutError
/// is thrown, unless it ended with a value or another error in spite of the cancel. No delay: no
/// deadline. Cancelling the caller cancels the awaitable.
template <Awaitable A>
auto wait_for(A&& awaitable, std::optional<Seconds> delay) {
    return detail::wait_for_awaitable<std::decay_t<A>>(std::forward<A>(awaitable), delay);
}
/// The same for a coroutine function.
template <class F>
    requires CoroutineFunction<F>
auto wait_for(F&& function, std::optional<Seconds> delay) {
    return wait_for(detail::invoke_coroutine(std::forward<F>(function)), delay);
}
} // namespace asyncio
