// Layer 2. Outcome<T>: a value or the exception that came instead of it; catching<E...>().
//
// Python counterpart: the elements of gather(return_exceptions=True), and `except E` handlers that
// await, which C++ does not allow.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/exceptions.hpp>

#include <concepts>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace asyncio {

/// True when it holds a value.
template <class T>
class Outcome {
    using Stored = std::conditional_t<
        std::is_void_v<T>, std::monostate,
        std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T>*, T>>;

public:
    using value_type = T;

    template <class... Args>
    explicit Outcome(std::in_place_t, Args&&... args)
        : content_(std::in_place_index<0>, std::forward<Args>(args)...) {}
    explicit Outcome(std::exception_ptr error)
        : content_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    /// The value; throws the exception when there is none.
    decltype(auto) value() const& { return get(*this); }
    decltype(auto) value() & { return get(*this); }
    T value() && {
        check();
        if constexpr (std::is_void_v<T>)
            return;
        else if constexpr (std::is_reference_v<T>)
            return *std::get<0>(content_);
        else
            return std::get<0>(std::move(content_));
    }
    /// The same as value().
    decltype(auto) operator*() const& { return get(*this); }
    decltype(auto) operator*() & { return get(*this); }
    T operator*() && { return std::move(*this).value(); }
    auto operator->() const
        requires(!std::is_void_v<T>)
    {
        return std::addressof(get(*this));
    }
    auto operator->()
        requires(!std::is_void_v<T>)
    {
        return std::addressof(get(*this));
    }
    /// The value, or else the fallback: whatever the exception, even a cancellation.
    template <class U>
        requires(!std::is_void_v<T>) && std::convertible_to<U, std::remove_cvref_t<T>>
    std::remove_cvref_t<T> value_or(U&& fallback) const& {
        if (has_value()) return get(*this);
        return static_cast<std::remove_cvref_t<T>>(std::forward<U>(fallback));
    }
    template <class U>
        requires(!std::is_void_v<T>) && std::convertible_to<U, std::remove_cvref_t<T>>
    std::remove_cvref_t<T> value_or(U&& fallback) && {
        if (has_value()) return std::move(*this).value();
        return static_cast<std::remove_cvref_t<T>>(std::forward<U>(fallback));
    }
    /// The exception, null when there is a value.
    std::exception_ptr exception() const { return has_value() ? nullptr : std::get<1>(content_); }
    /// isinstance(result, E).
    template <class E>
    bool is() const noexcept {
        return !has_value() && is_instance<E>(std::get<1>(content_));
    }
    /// The exception as an E, null when it is none; valid as long as this object.
    template <class E>
    const E* get_if() const noexcept {
        return has_value() ? nullptr : exception_cast<E>(std::get<1>(content_));
    }

private:
    void check() const {
        if (!has_value()) std::rethrow_exception(std::get<1>(content_));
    }
    template <class Self>
    static decltype(auto) get(Self& self) {
        self.check();
        if constexpr (std::is_void_v<T>)
            return;
        else if constexpr (std::is_reference_v<T>)
            return static_cast<T>(*std::get<0>(self.content_));
        else
            return (std::get<0>(self.content_));
    }

    std::variant<Stored, std::exception_ptr> content_;
};

namespace detail {

template <class... E>
bool is_any(const std::exception_ptr& error) {
    return (is_instance<E>(error) || ...);
}

template <class T, class... E>
Coroutine<Outcome<T>> catch_some(Coroutine<T> coroutine) {
    std::exception_ptr error;
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(coroutine);
            co_return Outcome<T>(std::in_place);
        } else if constexpr (std::is_reference_v<T>) {
            T value = co_await std::move(coroutine);
            co_return Outcome<T>(std::in_place, &value);
        } else {
            T value = co_await std::move(coroutine);
            co_return Outcome<T>(std::in_place, std::move(value));
        }
    } catch (...) {
        error = std::current_exception();
    }
    if (!is_any<E...>(error)) std::rethrow_exception(error);
    co_return Outcome<T>(error);
}

} // namespace detail

/// Awaits, and gives an exception of the listed types back as a value; others propagate.
///     auto r = co_await catching<ConnectionError>(fetch(url));
///     if (!r) co_await retry();
template <class... E, Awaitable A>
auto catching(A&& awaitable) {
    using T = await_result_t<A>;
    return detail::catch_some<T, E...>(detail::as_coroutine(std::forward<A>(awaitable)));
}
template <class... E, class F, class... Args>
    requires CoroutineFunction<F, Args...>
auto catching(F&& function, Args&&... args) {
    return catching<E...>(
        detail::invoke_coroutine(std::forward<F>(function), std::forward<Args>(args)...));
}
/// Anything else, with the reason why not.
template <class... E, class A, class... Args>
    requires(!Awaitable<A> && !CoroutineFunction<A, Args...>)
Coroutine<Outcome<void>> catching(A&&, Args&&...) {
    if constexpr (detail::awaited_once<A>)
        detail::explain_await<A>();
    else
        static_assert(detail::never<A>, "catching() takes something to await, or a coroutine "
                                        "function and its arguments");
    std::terminate();
}

} // namespace asyncio
