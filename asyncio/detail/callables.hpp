// Layer 2. Callables that become coroutines, and what GCC 12 forbids about them.
//
// Every function that takes a callable owns it until its coroutine is finished, so a lambda
// coroutine with captures is safe (its closure would otherwise die at the first suspension).
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/futures.hpp>

#include <concepts>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

template <class A>
struct AwaitTraits;
template <class T>
struct AwaitTraits<Coroutine<T>> {
    using type = T;
};
template <FutureLike F>
struct AwaitTraits<F> {
    using type = void;
};
template <FutureLike F>
    requires requires { typename F::value_type; }
struct AwaitTraits<F> {
    using type = typename F::value_type;
};
template <IsLeaf L>
struct AwaitTraits<L> {
    using type = typename L::value_type;
};

} // namespace detail

/// A Coroutine, Future or Task, or another awaitable of the library (an rvalue, but for futures).
template <class A>
concept Awaitable = requires { typename detail::AwaitTraits<std::remove_cvref_t<A>>::type; } &&
                    (FutureLike<A> || !std::is_lvalue_reference_v<A>);

/// What awaiting an A gives.
template <class A>
using await_result_t = typename detail::AwaitTraits<std::remove_cvref_t<A>>::type;

/// A function whose call gives something to await.
template <class F, class... Args>
concept CoroutineFunction =
    std::invocable<std::decay_t<F>&, std::decay_t<Args>...> &&
    Awaitable<std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>...>>;

/// A callable that may be moved into a call inside a co_await expression, where GCC 12 destroys a
/// temporary closure twice: it is declared before,
///     asyncio::Own body([p = std::move(p)]() -> asyncio::Coroutine<> {...});
///     co_await asyncio::create_task(std::move(body));
/// It is called as the callable is, with the same arguments.
template <class F>
class Own {
public:
    explicit Own(F function) : function_(std::move(function)) {}
    template <class... Args>
        requires std::invocable<F&, Args...>
    decltype(auto) operator()(Args&&... args) {
        return std::invoke(function_, std::forward<Args>(args)...);
    }
    template <class... Args>
        requires std::invocable<const F&, Args...>
    decltype(auto) operator()(Args&&... args) const {
        return std::invoke(function_, std::forward<Args>(args)...);
    }

private:
    F function_;
};

namespace detail {

template <class F>
consteval bool is_closure() {
    const std::string_view name = __PRETTY_FUNCTION__;
    return name.find("<lambda") != name.npos || name.find("(lambda") != name.npos;
}

// Of a closure that may itself be a temporary of the co_await expression: nothing can save that.
template <class F>
class OwnTemporary : public Own<F> {
public:
    using Own<F>::Own;
};

// Whether an argument of this type may appear as a temporary in a co_await expression.
template <class F>
inline constexpr bool safe_callable =
    !ASYNCIO_GCC_AWAIT_TEMPORARIES || std::is_lvalue_reference_v<F> ||
    std::is_trivially_destructible_v<F> || !std::is_class_v<F> || !is_closure<F>();
template <class F>
inline constexpr bool safe_callable<Own<F>> = true;
template <class T>
inline constexpr bool safe_payload =
    !ASYNCIO_GCC_AWAIT_TEMPORARIES || std::is_lvalue_reference_v<T> ||
    std::is_trivially_destructible_v<T> || !std::is_aggregate_v<T>;

// F is void where there is no callable.
template <class F, class... Args>
consteval void check_callable() {
    static_assert(safe_callable<F>,
                  "GCC 12 destroys this temporary closure twice in a co_await expression: name the "
                  "lambda and pass it as an lvalue, declare it as asyncio::Own f(...) and pass "
                  "std::move(f), capture by reference, or pass callable + arguments");
    static_assert((safe_payload<Args> && ...),
                  "GCC 12 destroys temporary aggregates twice in a co_await expression: give the "
                  "type a constructor, or pass a named object");
}

// What own() gives.
template <class F>
using own_t =
    std::conditional_t<safe_callable<F>, Own<std::decay_t<F>>, OwnTemporary<std::decay_t<F>>>;

/// Calls f(args...) and awaits the result; both live in this coroutine's frame.
template <class T, class F, class... Args>
Coroutine<T> invoke_owned(F function, Args... args) {
    co_return co_await std::invoke(function, std::move(args)...);
}
template <class F, class... Args>
auto invoke_coroutine(F&& function, Args&&... args) {
    check_callable<F, Args...>();
    using T = await_result_t<std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>...>>;
    return invoke_owned<T, std::decay_t<F>, std::decay_t<Args>...>(std::forward<F>(function),
                                                                   std::forward<Args>(args)...);
}

template <class T>
Coroutine<T> as_coroutine(Coroutine<T>&& coroutine) {
    return std::move(coroutine);
}
template <IsLeaf L>
auto as_coroutine(L&& leaf) {
    return Coroutine<typename std::remove_cvref_t<L>::value_type>(std::forward<L>(leaf));
}
template <FutureLike F>
Coroutine<await_result_t<F>> as_coroutine(F future) {
    co_return co_await std::move(future);
}

} // namespace detail

/// The callable as an Own: a copy of a named one. Made of a temporary closure, it is refused on
/// GCC 12 wherever that closure would be.
template <class F>
detail::own_t<F> own(F&& function) {
    return detail::own_t<F>(std::forward<F>(function));
}

} // namespace asyncio
