// Layer 2. Future<T>: a result that will come, and the one who brings it.
//
// Handles are shared references to one future; both sides use the same type.
// Python counterpart: asyncio.futures.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/context.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/future_core.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exceptions.hpp>

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <source_location>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace asyncio {

/// Identifies a callback for remove_done_callback.
enum class CallbackId : std::uint64_t {};

struct CallbackOptions {
    const Context* context = nullptr; ///< The context to call it in; a copy of the current one.
};

class FutureRef;
ASYNCIO_EXPORT std::string to_string(const FutureRef& future);

/// A future of any type: comparable, hashable, awaited for completion only (as void).
class ASYNCIO_EXPORT FutureRef {
public:
    FutureRef() = default;
    explicit FutureRef(detail::Ref<detail::FutureBase> future) noexcept
        : future_(std::move(future)) {}

    bool done() const { return core().done(); }
    bool cancelled() const { return core().cancelled(); }
    /// Asks for cancellation; false when the future is done already.
    bool cancel(std::optional<std::string> message = {}) const { return core().cancel(message); }
    /// The exception the future ended with, null if none. Throws InvalidStateError while it is
    /// pending and CancelledError when it was cancelled. Marks the exception as retrieved.
    std::exception_ptr exception() const { return core().exception(); }
    /// The loop it belongs to. Throws RuntimeError when that loop object is gone.
    AbstractEventLoop& get_loop() const { return core().core_->loop(); }
    bool is_task() const { return core().is_task(); }
    /// Calls f(future), or f(), by call_soon once the future is done.
    template <class F>
    CallbackId add_done_callback(F f, CallbackOptions options = {}) const {
        return add_callback<FutureRef>(std::move(f), options);
    }
    /// How many callbacks were removed; scheduled ones run all the same.
    std::size_t remove_done_callback(CallbackId id) const;
    /// The same for all callbacks that equal `callback`, a function pointer for example.
    template <class F>
        requires std::equality_comparable<std::decay_t<F>> &&
                 (!std::same_as<std::decay_t<F>, CallbackId>)
    std::size_t remove_done_callback(F&& callback) const {
        const std::decay_t<F> wanted(std::forward<F>(callback));
        return remove_equal(typeid(wanted), &wanted);
    }
    static FutureRef from(detail::Ref<detail::FutureBase> future) noexcept {
        return FutureRef(std::move(future));
    }

    explicit operator bool() const noexcept { return static_cast<bool>(future_); }
    friend bool operator==(const FutureRef& a, const FutureRef& b) noexcept {
        return a.future_ == b.future_;
    }
    /// Whether it is None.
    friend bool operator==(const FutureRef& future, std::nullptr_t) noexcept {
        return !future.future_;
    }
    friend std::strong_ordering operator<=>(const FutureRef& a, const FutureRef& b) noexcept {
        return std::compare_three_way{}(a.future_.get(), b.future_.get());
    }
    /// Writes what to_string() gives.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out,
                                                        const FutureRef& future) {
        return out << to_string(future);
    }
    /// The state behind the handle. Throws RuntimeError for an empty handle (None).
    detail::FutureBase& core() const {
        if (!future_) throw_none();
        return *future_;
    }
    const detail::Ref<detail::FutureBase>& ref() const noexcept { return future_; }
    detail::Ref<detail::FutureBase> release() && noexcept { return std::move(future_); }

protected:
    template <class Handle, class F>
    CallbackId add_callback(F f, CallbackOptions options) const;
    detail::Ref<detail::FutureBase> future_;

private:
    std::size_t remove_equal(const std::type_info& type, const void* callable) const;
    [[noreturn]] static void throw_none();
};

namespace detail {

template <class F, class Handle>
class FutureCallback final : public CallbackNode, public Pooled {
public:
    FutureCallback(std::uint64_t id, ContextSlot context, F function)
        : CallbackNode(id, std::move(context)), function_(std::move(function)) {}

private:
    void invoke(Ref<FutureBase> future) override {
        if constexpr (std::is_invocable_v<F&, Handle>)
            std::invoke(function_, Handle::from(std::move(future)));
        else
            std::invoke(function_);
    }
    const std::type_info& callback_type() const noexcept override { return typeid(F); }
    bool equals(const void* callable) const override {
        if constexpr (std::equality_comparable<F>)
            return function_ == *static_cast<const F*>(callable);
        else
            return callable == nullptr; // not asked
    }
    F function_;
};

} // namespace detail

/// A shared handle to a future. Methods belong to the loop's thread; handles may be copied and
/// destroyed on any thread.
template <class T = void>
class Future : public FutureRef {
public:
    using value_type = T;

    Future() = default;
    static Future from(detail::Ref<detail::FutureBase> future) noexcept {
        Future handle;
        handle.future_ = std::move(future);
        return handle;
    }

    /// The result, by reference. Throws what the future ended with, CancelledError when it was
    /// cancelled, InvalidStateError "Result is not ready." while pending.
    std::add_lvalue_reference_t<std::add_const_t<T>> result() const {
        core().check_result();
        return detail::box_of<T>(core()).value.get();
    }
    /// Completes the future. Throws InvalidStateError when it is done.
    template <class U = T>
        requires(!std::is_void_v<T> && std::is_constructible_v<T, U &&>)
    void set_result(U&& value) const {
        auto& future = core();
        future.check_settable();
        future.check_pending();
        detail::box_of<T>(future).value.emplace(std::forward<U>(value));
        future.finish();
    }
    void set_result() const
        requires std::is_void_v<T>
    {
        auto& future = core();
        future.check_settable();
        future.check_pending();
        detail::box_of<T>(future).value.emplace();
        future.finish();
    }
    /// Completes the future with an error. Throws TypeError for a null pointer.
    void set_exception(std::exception_ptr error) const {
        auto& future = core();
        future.check_settable();
        future.check_pending();
        if (!error) throw TypeError("invalid exception object");
        future.finish(std::move(error));
    }
    template <class E>
        requires(!std::convertible_to<E, std::exception_ptr>)
    void set_exception(E error) const {
        set_exception(std::make_exception_ptr(std::move(error)));
    }
    /// Calls f(future), or f(), by call_soon once the future is done.
    template <class F>
    CallbackId add_done_callback(F f, CallbackOptions options = {}) const {
        return this->template add_callback<Future>(std::move(f), options);
    }
};

template <class Handle, class F>
CallbackId FutureRef::add_callback(F f, CallbackOptions options) const {
    const auto id = detail::FutureBase::next_callback_id();
    auto* node = new detail::FutureCallback<F, Handle>(
        id, options.context ? options.context->slot() : detail::copy_current_context(),
        std::move(f));
    core().add_callback(*node);
    return CallbackId{id};
}

template <class T>
concept FutureLike = std::derived_from<std::remove_cvref_t<T>, FutureRef>;

/// True for Future, Task, FutureRef and TaskRef (asyncio.isfuture).
template <class T>
constexpr bool isfuture(const T&) noexcept {
    return FutureLike<T>;
}

namespace detail {

/// Awaits a future of the task's own loop. Never suspends when it is done.
class ASYNCIO_EXPORT FutureAwaiterBase {
public:
    explicit FutureAwaiterBase(Ref<FutureBase> future) : future_(std::move(future)) {}
    FutureAwaiterBase(FutureAwaiterBase&&) = default;
    ~FutureAwaiterBase() {
        // The frame is destroyed while suspended: the future must forget the task.
        if (task_ && future_ && !future_->done()) future_->callbacks_.remove(*task_);
    }
    bool await_ready() const noexcept { return future_->done(); }
    template <class P>
    void await_suspend(std::coroutine_handle<P> handle) {
        task_ = handle.promise().task_;
        task_->wait_for(*future_, handle.promise());
    }

protected:
    void check() {
        if (task_) task_->check_interrupt();
        future_->check_result();
    }
    Ref<FutureBase> future_;
    TaskCore* task_ = nullptr; // set when it suspended
};

[[noreturn]] ASYNCIO_EXPORT void throw_result_taken();

template <class T, bool Expiring>
class FutureAwaiter final : public FutureAwaiterBase {
public:
    using FutureAwaiterBase::FutureAwaiterBase;
    T await_resume() {
        check();
        auto& value = box_of<T>(*future_).value;
        if constexpr (std::is_void_v<T> || std::is_reference_v<T>) {
            return value.get();
        } else if constexpr (!std::is_copy_constructible_v<T>) {
            if (std::exchange(future_->taken_, true)) throw_result_taken();
            return value.take();
        } else {
            if constexpr (Expiring)
                if (future_->use_count() == 1) return value.take();
            return value.copy();
        }
    }
};

class FutureRefAwaiter final : public FutureAwaiterBase {
public:
    using FutureAwaiterBase::FutureAwaiterBase;
    void await_resume() { check(); }
};

// An lvalue future copies its result; an expiring one moves it when nobody else can see it.
template <class T>
FutureAwaiter<T, false> get_awaiter(AwaitTag, const Future<T>& future) {
    future.core();
    return FutureAwaiter<T, false>(future.ref());
}
template <class T>
FutureAwaiter<T, true> get_awaiter(AwaitTag, Future<T>&& future) {
    future.core();
    return FutureAwaiter<T, true>(std::move(future).release());
}
inline FutureRefAwaiter get_awaiter(AwaitTag, const FutureRef& future) {
    future.core();
    return FutureRefAwaiter(future.ref());
}

} // namespace detail

template <class T>
Future<T> AbstractEventLoop::create_future(std::source_location created) {
    return Future<T>::from(detail::make_ref<detail::FutureImpl<T>>(core(), created));
}

} // namespace asyncio

template <std::derived_from<asyncio::FutureRef> F>
struct std::hash<F> {
    std::size_t operator()(const F& future) const noexcept {
        return std::hash<const void*>{}(future.ref().get());
    }
};
