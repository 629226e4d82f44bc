// Layer 2. AsyncGenerator<T>: an `async def` with `yield`, consumed with `async for`.
//
//     asyncio::AsyncGenerator<int> countdown(int n) {
//         for (; n > 0; --n) {
//             co_yield n;
//             co_await asyncio::sleep(1);
//         }
//     }
//     auto numbers = countdown(3);
//     for (;;) {
//         auto n = co_await numbers.next();
//         if (!n) break;
//         use(*n);
//     }
//
// Clean-up runs when the body is left: destructors by themselves. Clean-up that awaits cannot stand
// in a handler, so the body keeps the exception (GeneratorExit of aclose() among them) and goes on:
//
//     std::exception_ptr error;
//     try { co_yield 1; } catch (...) { error = std::current_exception(); }
//     co_await clean_up();
//     if (error) std::rethrow_exception(error);
//
// Python counterpart: asynchronous generators (PEP 525) and contextlib.aclosing.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/generator_promise.hpp>
#include <asyncio/exceptions.hpp>

#include <compare>
#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

/// What next() gives: std::optional<T>, and for references a pointer, which reads the same.
template <class T>
struct GeneratorItem {
    using type = std::optional<T>;
};
template <class T>
struct GeneratorItem<T&> {
    using type = T*;
};
template <class T>
using generator_item_t = typename GeneratorItem<T>::type;

template <class T>
generator_item_t<T> take_item(GeneratorCore& generator) {
    using Object = std::remove_reference_t<T>;
    auto* const value = const_cast<Object*>(static_cast<const Object*>(generator.take()));
    if constexpr (std::is_reference_v<T>) {
        return value;
    } else {
        if (!value) return std::nullopt;
        if constexpr (std::copy_constructible<T>)
            if (!generator.movable()) return std::optional<T>(std::as_const(*value));
        return std::optional<T>(std::move(*value));
    }
}

/// Awaits the next item.
template <class T>
class [[nodiscard]] GeneratorNext : public Leaf<GeneratorNext<T>, generator_item_t<T>> {
public:
    explicit GeneratorNext(Ref<GeneratorCore> generator) noexcept
        : generator_(std::move(generator)) {}
    GeneratorNext(GeneratorNext&&) noexcept = default;
    bool await_ready() const {
        generator_->check_idle("anext()");
        return generator_->finished();
    }
    void suspend(PromiseBase& consumer) { generator_->step(consumer); }
    generator_item_t<T> await_resume() { return take_item<T>(*generator_); }

private:
    Ref<GeneratorCore> generator_;
};

/// What the awaiters of athrow() and aclose() share. They may find that there is nothing to run.
class ASYNCIO_EXPORT GeneratorThrowBase {
protected:
    GeneratorThrowBase(Ref<GeneratorCore> generator, std::exception_ptr thrown);
    GeneratorThrowBase(GeneratorThrowBase&&) noexcept = default;
    ~GeneratorThrowBase() = default;
    bool ready();
    void start(PromiseBase& consumer);

    Ref<GeneratorCore> generator_;
    std::exception_ptr thrown_;
    bool stepped_ = false;
};

template <class T>
class [[nodiscard]] GeneratorThrow : public Leaf<GeneratorThrow<T>, generator_item_t<T>>,
                                     private GeneratorThrowBase {
public:
    GeneratorThrow(Ref<GeneratorCore> generator, std::exception_ptr thrown)
        : GeneratorThrowBase(std::move(generator), std::move(thrown)) {}
    bool await_ready() { return ready(); }
    void suspend(PromiseBase& consumer) { start(consumer); }
    generator_item_t<T> await_resume() {
        return stepped_ ? take_item<T>(*generator_) : generator_item_t<T>();
    }
};

class ASYNCIO_EXPORT GeneratorClose : public Leaf<GeneratorClose, void> {
public:
    explicit GeneratorClose(Ref<GeneratorCore> generator,
                            std::exception_ptr instead_of_exit = nullptr) noexcept
        : generator_(std::move(generator)), thrown_(std::move(instead_of_exit)) {}
    GeneratorClose(GeneratorClose&&) noexcept = default;
    bool await_ready();
    void suspend(PromiseBase& consumer);
    void await_resume();

private:
    Ref<GeneratorCore> generator_;
    std::exception_ptr thrown_;
    bool stepped_ = false;
};

[[noreturn]] ASYNCIO_EXPORT void throw_no_generator();

} // namespace detail

/// A lazy stream of items, as a shared handle: copies refer to the same generator. The body runs
/// inside the task that awaits next(), so its current_task(), context and cancellation are the
/// consumer's. Methods belong to the loop's thread; handles may be copied and destroyed on any
/// thread. Default-constructed it is None.
///
/// A started generator is closed by its loop: by shutdown_asyncgens() if it still lives, or, when
/// its last handle goes away in the middle, in a task of its own. So its clean-up may run after the
/// function that consumed it: its parameters are values or handles, never references to locals of
/// the consumer, or the consumer awaits aclose(). One that never started is destroyed silently, and
/// so is one whose loop is closed.
template <class T>
class [[nodiscard]] AsyncGenerator {
    static_assert(std::is_lvalue_reference_v<T> ||
                      (std::is_object_v<T> && !std::is_const_v<T> && std::move_constructible<T>),
                  "a generator yields movable objects or lvalue references");
    static_assert(detail::safe_payload<T>,
                  "GCC 12 destroys a temporary aggregate in a co_yield expression twice: give the "
                  "type a constructor");

public:
    using promise_type = detail::GeneratorPromise<T>;
    using value_type = T;

    AsyncGenerator() = default;
    explicit AsyncGenerator(detail::Ref<detail::GeneratorCore> core) noexcept
        : core_(std::move(core)) {}

    /// Awaits the next item: std::optional<T>, empty when the generator is exhausted and ever after
    /// (StopAsyncIteration). A generator of T& gives a T*, null at the end. Throws what the body
    /// throws, which ends the generator; cancelling throws at what the body awaits. Throws
    /// RuntimeError when another task is awaiting an item.
    detail::GeneratorNext<T> next() const { return detail::GeneratorNext<T>(ref()); }
    /// Throws at the co_yield the body is suspended in, then is like next(). An unstarted generator
    /// ends with the exception; in one that has ended it does nothing.
    detail::GeneratorThrow<T> athrow(std::exception_ptr error) const {
        return detail::GeneratorThrow<T>(ref(), std::move(error));
    }
    template <class E>
        requires(!std::convertible_to<E, std::exception_ptr>)
    detail::GeneratorThrow<T> athrow(E error) const {
        static_assert(detail::safe_payload<E>,
                      "GCC 12 destroys a temporary aggregate in a co_await expression twice: give "
                      "the exception a constructor");
        return athrow(std::make_exception_ptr(std::move(error)));
    }
    /// Throws GeneratorExit at the co_yield and awaits the end of the body; does nothing to a
    /// generator that has not started, which then never will, or that has ended. Throws what the
    /// clean-up throws, and RuntimeError when the body yields again or is running.
    [[nodiscard]] detail::GeneratorClose aclose() const { return detail::GeneratorClose(ref()); }

    explicit operator bool() const noexcept { return static_cast<bool>(core_); }
    friend bool operator==(const AsyncGenerator&, const AsyncGenerator&) noexcept = default;
    friend std::strong_ordering operator<=>(const AsyncGenerator& a,
                                            const AsyncGenerator& b) noexcept {
        return std::compare_three_way{}(a.core_.get(), b.core_.get());
    }
    /// The state behind the handle. Throws RuntimeError for an empty handle (None).
    const detail::Ref<detail::GeneratorCore>& ref() const {
        if (!core_) detail::throw_no_generator();
        return core_;
    }

private:
    friend struct std::hash<AsyncGenerator>;
    detail::Ref<detail::GeneratorCore> core_;
};

/// "<async_generator object NAME at 0x...>".
template <class T>
std::string to_string(const AsyncGenerator<T>& generator) {
    return generator ? generator.ref()->repr() : "None";
}

/// The manager that aclosing() makes.
template <class G>
class Aclosing {
public:
    explicit Aclosing(G thing) : thing_(std::move(thing)) {}
    G aenter() const { return thing_; }
    auto aexit(std::exception_ptr) { return thing_.aclose(); }

private:
    G thing_;
};
/// `async with aclosing(thing) as x:` gives the thing and awaits its aclose() on every way out.
///     co_await async_with(aclosing(numbers()), [&](AsyncGenerator<int> g) -> Coroutine<> {...});
template <class G>
    requires requires(std::decay_t<G>& thing) { thing.aclose(); }
Aclosing<std::decay_t<G>> aclosing(G&& thing) {
    return Aclosing<std::decay_t<G>>(std::forward<G>(thing));
}

namespace detail {

template <class T>
AsyncGenerator<T> GeneratorPromise<T>::get_return_object() {
    return AsyncGenerator<T>(make_ref<GeneratorCore>(*this));
}
template <class T>
AsyncGenerator<T&> GeneratorPromise<T&>::get_return_object() {
    return AsyncGenerator<T&>(make_ref<GeneratorCore>(*this));
}

} // namespace detail
} // namespace asyncio

template <class T>
struct std::hash<asyncio::AsyncGenerator<T>> {
    std::size_t operator()(const asyncio::AsyncGenerator<T>& generator) const noexcept {
        return std::hash<const void*>{}(generator.core_.get());
    }
};
