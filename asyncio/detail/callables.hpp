// Layer 2. Callables that become coroutines, and what GCC 12 forbids about them.
//
// Every function that takes a callable owns it until its coroutine is finished, so a lambda
// coroutine with captures is safe (its closure would otherwise die at the first suspension).
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/futures.hpp>

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

/// Wraps a callable so that GCC 12 accepts it in a co_await expression: own(std::move(lambda)).
template <class F>
class Own {
public:
    explicit Own(F function) : function_(std::move(function)) {}
    template <class... Args>
    decltype(auto) operator()(Args&&... args) {
        return std::invoke(function_, std::forward<Args>(args)...);
    }

private:
    F function_;
};
template <class F>
Own<std::decay_t<F>> own(F&& function) {
    return Own<std::decay_t<F>>(std::forward<F>(function));
}

namespace detail {

template <class F>
consteval bool is_closure() {
    const std::string_view name = __PRETTY_FUNCTION__;
    return name.find("<lambda") != name.npos || name.find("(lambda") != name.npos;
}

// Whether an argument of this type may appear as a temporary in a co_await expression.
template <class F>
inline constexpr bool safe_callable =
    !ASYNCIO_GCC_AWAIT_TEMPORARIES || std::is_lvalue_reference_v<F> ||
    std::is_trivially_destructible_v<F> || !std::is_class_v<F> || !is_closure<F>();
template <class F>
    requires requires { []<class G>(Own<G>*) {}(static_cast<F*>(nullptr)); }
inline constexpr bool safe_callable<F> = true;
template <class T>
inline constexpr bool safe_payload =
    !ASYNCIO_GCC_AWAIT_TEMPORARIES || std::is_lvalue_reference_v<T> ||
    std::is_trivially_destructible_v<T> || !std::is_aggregate_v<T>;

template <class F, class... Args>
consteval void check_callable() {
    static_assert(safe_callable<F>,
                  "GCC 12 destroys this temporary closure twice in a co_await expression: name the "
                  "lambda and pass it as an lvalue, wrap it in asyncio::own(), capture by "
                  "reference, or pass callable + arguments");
    static_assert((safe_payload<Args> && ...),
                  "GCC 12 destroys temporary aggregates twice in a co_await expression: give the "
                  "type a constructor, or pass a named object");
}

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
} // namespace asyncio
