// Layer 2. Coroutine<T>: the result of calling an `async def`. It does nothing until awaited or
// wrapped in a task.
//
// Parameters of a coroutine function are values or handles: a reference may dangle once the
// coroutine runs in a task. Python counterpart: coroutine objects.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/promise.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

namespace asyncio {

/// A lazy coroutine: awaited at most once, by one coroutine, in whose task it then runs inline.
/// Destroying one that never ran emits RuntimeWarning "coroutine 'NAME' was never awaited".
template <class T = void>
class [[nodiscard]] Coroutine {
public:
    using promise_type = detail::Promise<T>;
    using value_type = T;

    explicit Coroutine(promise_type& promise) noexcept : promise_(&promise) {}
    Coroutine(Coroutine&& other) noexcept : promise_(std::exchange(other.promise_, nullptr)) {}
    Coroutine& operator=(Coroutine&& other) noexcept {
        std::swap(promise_, other.promise_);
        return *this;
    }
    ~Coroutine() {
        if (promise_) detail::destroy_unstarted(*promise_);
    }

    /// Throws the coroutine away without the never-awaited warning (coroutine.close()).
    void close() noexcept {
        if (promise_) std::exchange(promise_, nullptr)->handle().destroy();
    }
    /// The frame, for whoever will run it. Throws RuntimeError "cannot reuse already awaited
    /// coroutine" when it was given away before.
    promise_type& release() {
        if (!promise_) detail::throw_reused_coroutine();
        return *std::exchange(promise_, nullptr);
    }
    explicit operator bool() const noexcept { return promise_ != nullptr; }

private:
    promise_type* promise_;
};

template <class T>
inline constexpr bool iscoroutine_v = false;
template <class T>
inline constexpr bool iscoroutine_v<Coroutine<T>> = true;

namespace detail {

template <class T>
Coroutine<T> Promise<T>::get_return_object() noexcept {
    return Coroutine<T>(*this);
}
template <class T>
Coroutine<T&> Promise<T&>::get_return_object() noexcept {
    return Coroutine<T&>(*this);
}
inline Coroutine<void> Promise<void>::get_return_object() noexcept {
    return Coroutine<void>(*this);
}

template <class T>
CoroutineAwaiter<T> get_awaiter(AwaitTag, Coroutine<T>&& coroutine) {
    return CoroutineAwaiter<T>(coroutine.release());
}

template <class T, class L>
Coroutine<T> run_leaf(L leaf) {
    co_return co_await std::move(leaf);
}

template <class Derived, class T>
Leaf<Derived, T>::operator Coroutine<T>() && {
    check_reuse();
    return run_leaf<T>(static_cast<Derived&&>(*this));
}

} // namespace detail
} // namespace asyncio
