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

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <tuple>
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
/// What entering gives, void for locks.
template <AsyncContextManager M>
using enter_t = awaited_t<decltype(std::declval<M&>().aenter())>;

template <AsyncContextManager M>
Coroutine<enter_t<M>> enter(M& manager) {
    if constexpr (Awaitable<decltype(manager.aenter())>)
        co_return co_await manager.aenter();
    else
        co_return manager.aenter();
}

/// Awaits the exit; true when the exception is swallowed.
template <class M>
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

template <class... T>
struct Types {};
template <class Values, class T>
struct Append;
template <class... V, class T>
struct Append<Types<V...>, T> {
    using type = std::conditional_t<std::is_void_v<T>, Types<V...>, Types<V..., T>>;
};

/// How a body is called: with the values that entering gave, or else with nothing.
template <class F, class... V>
    requires std::invocable<F&, V...> || std::invocable<F&>
decltype(auto) call_body(F& body, V&&... values) {
    if constexpr (std::invocable<F&, V...>)
        return std::invoke(body, std::forward<V>(values)...);
    else
        return std::invoke(body);
}

/// Whether the arguments of async_with() are managers and then a body, and what the body gives.
template <class Values, class... Args>
struct BlockTraits {
    static constexpr bool managers = false;
    static constexpr bool valid = false;
};
template <class... V, class F>
struct BlockTraits<Types<V...>, F> {
    static constexpr bool managers = true;
    static constexpr bool body = !AsyncContextManager<F>;
    static constexpr bool callable = std::invocable<F&, V...> || std::invocable<F&>;
    static constexpr bool valid = false;
};
template <class... V, class F>
    requires(!AsyncContextManager<F>) &&
            Awaitable<decltype(call_body<F, V...>(std::declval<F&>(), std::declval<V>()...))>
struct BlockTraits<Types<V...>, F> {
    static constexpr bool valid = true;
    using Result =
        await_result_t<decltype(call_body<F, V...>(std::declval<F&>(), std::declval<V>()...))>;
};
template <class Values, AsyncContextManager M, class Next, class... Rest>
struct BlockTraits<Values, M, Next, Rest...>
    : BlockTraits<typename Append<Values, enter_t<M>>::type, Next, Rest...> {};

template <class... Args>
using block_t = BlockTraits<Types<>, std::decay_t<Args>...>;

/// What entering gave, for the body.
template <class T>
T&& entered(Slot<T>& slot) noexcept {
    if constexpr (std::is_reference_v<T>)
        return slot.get();
    else
        return const_cast<T&&>(slot.get());
}

/// `with manager, rest...: body(values...)`. The outermost block owns the body; for the inner ones
/// F is a reference.
template <class R, class F, class Values, class... Managers>
struct Block;
template <class R, class F, class... V, class M, class... Rest>
struct Block<R, F, Types<V...>, M, Rest...> {
    using Body = std::remove_reference_t<F>;
    using Entered = enter_t<M>;
    using Values = typename Append<Types<V...>, Entered>::type;

    static Coroutine<R> run(F body, V&&... values, M manager, Rest... rest) {
        Slot<Entered> value;
        Slot<R> result;
        std::exception_ptr error;
        if constexpr (std::is_void_v<Entered>)
            co_await enter(manager);
        else
            value.emplace(co_await enter(manager));
        try {
            if constexpr (std::is_void_v<R>)
                co_await inside(body, std::forward<V>(values)..., value, rest...);
            else
                result.emplace(co_await inside(body, std::forward<V>(values)..., value, rest...));
        } catch (...) {
            error = std::current_exception();
        }
        const bool swallow = co_await leave(manager, error);
        if (error) {
            if (!swallow) std::rethrow_exception(error);
            co_return swallowed_result<R>();
        }
        if constexpr (!std::is_void_v<R>) co_return result.take();
    }

private:
    static decltype(auto) inside(Body& body, V&&... values, Slot<Entered>& value, Rest&... rest) {
        if constexpr (std::is_void_v<Entered>)
            return next(body, std::forward<V>(values)..., std::move(rest)...);
        else
            return next(body, std::forward<V>(values)..., entered(value), std::move(rest)...);
    }
    template <class... Args>
    static decltype(auto) next(Body& body, Args&&... values_and_rest) {
        if constexpr (sizeof...(Rest) > 0)
            return Block<R, Body&, Values, Rest...>::run(body,
                                                         std::forward<Args>(values_and_rest)...);
        else
            return call_body<Body, Args...>(body, std::forward<Args>(values_and_rest)...);
    }
};

template <class F, class... M>
auto begin_block(F&& body, M&&... managers) {
    check_callable<F, M...>();
    using R = typename block_t<M..., F>::Result;
    return Block<R, std::decay_t<F>, Types<>, std::decay_t<M>...>::run(
        std::forward<F>(body), std::forward<M>(managers)...);
}

} // namespace detail

/// Runs body(value) inside the manager, where value is what aenter() gives; a body may also take
/// nothing. Returns the body's result; when aexit() swallows an exception, a default-constructed
/// one.
template <class M, class F>
    requires detail::block_t<M, F>::valid
auto async_with(M&& manager, F&& body) {
    return detail::begin_block(std::forward<F>(body), std::forward<M>(manager));
}
/// `async with a as x, b as y, ...:` body(x, y, ...), without the values of managers that give
/// none. The managers are made before the first is entered; they are left in reverse order.
template <class A, class B, class... Rest>
    requires(sizeof...(Rest) > 0) && detail::block_t<A, B, Rest...>::valid
auto async_with(A&& a, B&& b, Rest&&... managers_and_body) {
    auto all = std::forward_as_tuple(std::forward<A>(a), std::forward<B>(b),
                                     std::forward<Rest>(managers_and_body)...);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return detail::begin_block(std::get<sizeof...(I)>(std::move(all)),
                                   std::get<I>(std::move(all))...);
    }(std::make_index_sequence<sizeof...(Rest) + 1>());
}
/// Anything else, with the reason why not.
template <class M, class... Rest>
    requires detail::AsyncContextManager<std::decay_t<M>> && (sizeof...(Rest) > 0) &&
             (!detail::block_t<M, Rest...>::valid)
Coroutine<> async_with(M&&, Rest&&...) {
    using Block = detail::block_t<M, Rest...>;
    static_assert(Block::managers, "every argument of async_with() but the last is a manager, with "
                                   "aenter() and aexit(std::exception_ptr)");
    if constexpr (Block::managers) {
        static_assert(Block::body, "the last argument of async_with() is the body: "
                                   "[&](...) -> asyncio::Coroutine<> {...}");
        static_assert(!Block::body || Block::callable,
                      "the body of async_with() takes what the managers' aenter() give (locks give "
                      "nothing), in this order, or no argument");
        static_assert(!Block::body || !Block::callable,
                      "the body of async_with() is a coroutine function: "
                      "[&](...) -> asyncio::Coroutine<> {...}");
    }
    std::terminate();
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

/// Anything else, with the reason why not.
template <class F, class C>
    requires(!CoroutineFunction<F> || !CoroutineFunction<C>)
Coroutine<> try_finally(F&&, C&&) {
    static_assert(CoroutineFunction<F>, "the body of try_finally() is a coroutine function without "
                                        "parameters: [&]() -> asyncio::Coroutine<> {...}");
    static_assert(CoroutineFunction<C>, "the cleanup of try_finally() is a coroutine function "
                                        "without parameters: [&]() -> asyncio::Coroutine<> {...}");
    std::terminate();
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
