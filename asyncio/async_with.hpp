// Layer 2. `async with` and `try/finally` whose cleanup awaits.
//
// A manager has aenter() and aexit(std::exception_ptr), each plain or awaitable; aexit says whether
// it swallows the exception. Exits are awaited on every path, in reverse order of entry.
// Python counterpart: the language.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/result.hpp>
#include <asyncio/exceptions.hpp>

#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

template <class M>
concept AsyncContextManager = requires(M& manager, std::exception_ptr error) {
    manager.aenter();
    manager.aexit(error);
};

template <class R>
using awaited_t = typename std::conditional_t<Awaitable<R>, AwaitTraits<std::remove_cvref_t<R>>,
                                              std::type_identity<R>>::type;
template <AsyncContextManager M>
using enter_t = awaited_t<decltype(std::declval<M&>().aenter())>;

template <class F, class M>
struct BodyResult {
    using type = std::invoke_result_t<F&, enter_t<M>>;
};
template <class F, class M>
    requires(!std::invocable<F&, enter_t<M>> || std::is_void_v<enter_t<M>>)
struct BodyResult<F, M> {
    using type = std::invoke_result_t<F&>;
};
template <class F, class M>
using body_t = await_result_t<typename BodyResult<F, M>::type>;

template <AsyncContextManager M>
Coroutine<enter_t<M>> enter(M& manager) {
    if constexpr (Awaitable<decltype(manager.aenter())>)
        co_return co_await manager.aenter();
    else
        co_return manager.aenter();
}

/// Awaits the exit; true when the exception is swallowed.
template <AsyncContextManager M>
Coroutine<bool> leave(M& manager, std::exception_ptr error) {
    using R = decltype(manager.aexit(error));
    if constexpr (!Awaitable<R>) {
        if constexpr (std::is_void_v<R>) {
            manager.aexit(error);
            co_return false;
        } else {
            co_return manager.aexit(error);
        }
    } else if constexpr (std::is_void_v<await_result_t<R>>) {
        co_await manager.aexit(error);
        co_return false;
    } else {
        co_return co_await manager.aexit(error);
    }
}

template <class R>
R swallowed_result() {
    if constexpr (std::is_void_v<R>)
        return;
    else if constexpr (std::is_default_constructible_v<R>)
        return R();
    else
        throw RuntimeError("the block was left without a value");
}

template <class R, class M, class F>
Coroutine<R> run_with(M manager, F body) {
    Slot<R> result;
    std::exception_ptr error;
    if constexpr (!std::invocable<F&, enter_t<M>> || std::is_void_v<enter_t<M>>) {
        co_await enter(manager);
        try {
            if constexpr (std::is_void_v<R>)
                co_await body();
            else
                result.emplace(co_await body());
        } catch (...) {
            error = std::current_exception();
        }
    } else {
        enter_t<M> value = co_await enter(manager);
        try {
            if constexpr (std::is_void_v<R>)
                co_await body(static_cast<enter_t<M>&&>(value));
            else
                result.emplace(co_await body(static_cast<enter_t<M>&&>(value)));
        } catch (...) {
            error = std::current_exception();
        }
    }
    const bool swallow = co_await leave(manager, error);
    if (error) {
        if (!swallow) std::rethrow_exception(error);
        co_return swallowed_result<R>();
    }
    if constexpr (!std::is_void_v<R>) co_return result.take();
}

template <class F>
Coroutine<await_result_t<std::invoke_result_t<F&>>> call(F body) {
    co_return co_await body();
}

} // namespace detail

/// Runs body(value) inside the manager, where value is what aenter() gave; returns the body's
/// result. When aexit() swallows an exception the result is a default-constructed one.
template <class M, class F>
    requires detail::AsyncContextManager<std::decay_t<M>> &&
             (!detail::AsyncContextManager<std::decay_t<F>>)
auto async_with(M&& manager, F&& body) {
    detail::check_callable<F>();
    using Manager = std::decay_t<M>;
    using Body = std::decay_t<F>;
    return detail::run_with<detail::body_t<Body, Manager>, Manager, Body>(std::forward<M>(manager),
                                                                          std::forward<F>(body));
}

/// `async with a as x, b as y:` body(x, y).
template <class A, class B, class F>
    requires detail::AsyncContextManager<std::decay_t<A>> &&
             detail::AsyncContextManager<std::decay_t<B>>
auto async_with(A&& a, B&& b, F&& body) {
    detail::check_callable<F>();
    auto outer = [b = std::decay_t<B>(std::forward<B>(b)),
                  body = std::decay_t<F>(std::forward<F>(body))](auto&& x) mutable {
        auto inner = [&body, &x](auto&& y) {
            return std::invoke(body, std::forward<decltype(x)>(x), std::forward<decltype(y)>(y));
        };
        return async_with(std::move(b), own(std::move(inner)));
    };
    return async_with(std::forward<A>(a), own(std::move(outer)));
}

namespace detail {

template <class R, class F, class C>
Coroutine<R> run_finally(F body, C cleanup) {
    Slot<R> result;
    std::exception_ptr error;
    try {
        if constexpr (std::is_void_v<R>)
            co_await body();
        else
            result.emplace(co_await body());
    } catch (...) {
        error = std::current_exception();
    }
    co_await cleanup();
    if (error) std::rethrow_exception(error);
    if constexpr (!std::is_void_v<R>) co_return result.take();
}

} // namespace detail

/// try: body() finally: cleanup(). The cleanup runs on every path, cancellation included; what it
/// throws replaces the exception of the body. A second cancel interrupts it, as in Python.
template <class F, class C>
    requires CoroutineFunction<F> && CoroutineFunction<C>
auto try_finally(F&& body, C&& cleanup) {
    detail::check_callable<F>();
    detail::check_callable<C>();
    using R = await_result_t<std::invoke_result_t<std::decay_t<F>&>>;
    return detail::run_finally<R, std::decay_t<F>, std::decay_t<C>>(std::forward<F>(body),
                                                                    std::forward<C>(cleanup));
}

/// A manager made of two callables: enter() gives the value, exit(error) cleans up; each returns an
/// awaitable or a plain value.
template <class Enter, class Exit>
class AsyncContext {
public:
    AsyncContext(Enter enter, Exit exit) : enter_(std::move(enter)), exit_(std::move(exit)) {}
    decltype(auto) aenter() { return enter_(); }
    decltype(auto) aexit(std::exception_ptr error) {
        if constexpr (std::invocable<Exit&, std::exception_ptr>)
            return exit_(std::move(error));
        else
            return exit_();
    }

private:
    Enter enter_;
    Exit exit_;
};
template <class Enter, class Exit>
AsyncContext<std::decay_t<Enter>, std::decay_t<Exit>> async_context(Enter&& enter, Exit&& exit) {
    detail::check_callable<Enter>();
    detail::check_callable<Exit>();
    return {std::forward<Enter>(enter), std::forward<Exit>(exit)};
}

} // namespace asyncio
