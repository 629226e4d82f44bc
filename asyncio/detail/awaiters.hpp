// Layer 2. How each kind of awaitable suspends a coroutine.
//
// Awaiters are returned by value and are not aggregates: GCC 12 mishandles the alternatives.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/task_core.hpp>

#include <concepts>
#include <coroutine>
#include <type_traits>
#include <utility>

namespace asyncio {
template <class T>
class Coroutine;
}

namespace asyncio::detail {

/// Runs a coroutine inline in the awaiting task: no scheduling, no iteration.
template <class T>
class CoroutineAwaiter : private ReceiverOf<T> {
public:
    explicit CoroutineAwaiter(Promise<T>& promise) noexcept { this->child = &promise; }
    ~CoroutineAwaiter() {
        if (this->child) destroy_unstarted(*this->child);
    }
    bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> handle) noexcept {
        PromiseBase& parent = handle.promise();
        PromiseBase& promise = *this->child;
        promise.parent_ = &parent;
        promise.task_ = parent.task_;
        promise.receiver_ = this;
        parent.task_->resume_ = &promise;
    }
    T await_resume() {
        std::exchange(this->child, nullptr)->handle().destroy();
        if (this->error) [[unlikely]]
            std::rethrow_exception(std::move(this->error));
        return this->value.take();
    }
};

/// A future without a future: what a library awaiter waits on, inside the awaiting frame.
/// It wakes the task as a completed future would, through the ready queue.
class ASYNCIO_EXPORT Waiter : public Cancellable {
public:
    enum class State : std::uint8_t { idle, pending, woken, cancelled };

    Waiter() = default;
    Waiter(Waiter&&) noexcept {} // before it is used
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;

    void suspend(PromiseBase& promise) {
        task_ = promise.task_;
        state_ = State::pending;
        task_->wait_on(*this, promise);
    }
    bool pending() const noexcept { return state_ == State::pending; }
    bool woken() const noexcept { return state_ == State::woken; }
    bool was_cancelled() const noexcept { return state_ == State::cancelled; }
    bool suspended() const noexcept { return task_ != nullptr; }
    TaskCore* task() const noexcept { return task_; }
    /// set_result(None) if pending.
    bool wake() {
        if (state_ != State::pending) return false;
        state_ = State::woken;
        task_->wake();
        return true;
    }
    /// The same, but when its turn comes the task asks look_again() before it goes on.
    bool wake_to_look() {
        if (state_ != State::pending) return false;
        state_ = State::woken;
        task_->wake_to_look();
        return true;
    }
    /// Asked before the step that wake_to_look() queued. When there is nothing to go on for after
    /// all, it calls wait_again() and returns false: the task stays suspended, so that a loop like
    /// `while queue.empty(): await getter` needs no coroutine. Not asked once a cancel has arrived:
    /// the await ends then. Runs no user code.
    virtual bool look_again() noexcept { return true; }
    bool cancel(const CancelMessage& message) override;
    bool ended_cancelled() const noexcept override { return was_cancelled(); }
    std::string describe() const override { return "<Future pending>"; }
    /// Throws the CancelledError, if any, that arrives with this wake-up.
    void check() const {
        if (task_) task_->check_interrupt();
    }
    /// Whether check() would throw.
    bool interrupted() const noexcept { return task_ && task_->interrupted(); }

protected:
    void wait_again() noexcept { state_ = State::pending; }

private:
    TaskCore* task_ = nullptr;
    State state_ = State::idle;
};

/// Knows whether a leaf was awaited or moved from: like a coroutine it is awaited once.
class LeafTag {
public:
    LeafTag() = default;
    LeafTag(LeafTag&& other) noexcept : given_away_(std::exchange(other.given_away_, true)) {}
    /// Throws RuntimeError "cannot reuse already awaited coroutine".
    void check_reuse() const {
        if (given_away_) [[unlikely]]
            throw_reused_coroutine();
    }
    /// For whoever awaits it.
    void give_away() {
        check_reuse();
        given_away_ = true;
    }

private:
    bool given_away_ = false;
};

/// Base of the library's hand-written awaitables. Derived has await_ready(), suspend(PromiseBase&)
/// and await_resume(), and may be moved until it is awaited. It converts to a coroutine.
template <class Derived, class T>
class Leaf : public LeafTag {
public:
    using value_type = T;

    operator Coroutine<T>() &&;
};

template <class L>
concept IsLeaf = std::derived_from<std::remove_cvref_t<L>, LeafTag>;

// Argument-dependent lookup finds the overloads of all headers through the tag.
struct AwaitTag {};

// A co_await expression keeps its leaf in the awaiting frame: the awaiter only refers to it.
template <class L>
class LeafAwaiter {
public:
    explicit LeafAwaiter(L& leaf) noexcept : leaf_(leaf) {}
    bool await_ready() { return leaf_.await_ready(); }
    template <class P>
    void await_suspend(std::coroutine_handle<P> handle) {
        leaf_.suspend(handle.promise());
    }
    decltype(auto) await_resume() { return leaf_.await_resume(); }

private:
    L& leaf_;
};

template <IsLeaf L>
    requires(!std::is_reference_v<L>)
LeafAwaiter<L> get_awaiter(AwaitTag, L&& leaf) {
    leaf.give_away();
    return LeafAwaiter<L>(leaf);
}
template <class T>
CoroutineAwaiter<T> get_awaiter(AwaitTag, Coroutine<T>&& coroutine);

template <class>
inline constexpr bool never = false;
/// What awaiting consumes: it has to be an rvalue.
template <class A>
inline constexpr bool awaited_once = IsLeaf<A>;
template <class A>
    requires(!std::same_as<A, std::remove_cvref_t<A>>)
inline constexpr bool awaited_once<A> = awaited_once<std::remove_cvref_t<A>>;
template <class T>
inline constexpr bool awaited_once<Coroutine<T>> = true;

/// Says why an A cannot be awaited, and what to write instead.
template <class A>
consteval void explain_await() {
    using Object = std::remove_cvref_t<A>;
    if constexpr (awaited_once<Object>)
        static_assert(never<A>, "a coroutine is awaited once, which takes it away: write "
                                "co_await std::move(c), where c is not const");
    else if constexpr (std::is_function_v<std::remove_pointer_t<Object>> ||
                       requires { &Object::operator(); } || std::invocable<Object&>)
        static_assert(never<A>, "a function cannot be awaited, but what its call gives can: "
                                "write co_await f()");
    else if constexpr (requires(Object& lock) { lock.scoped(); })
        static_assert(never<A>, "a lock cannot be awaited: write auto guard = co_await "
                                "lock.scoped(); or co_await asyncio::async_with(lock, body)");
    else if constexpr (requires(Object& manager) { manager.aenter(); })
        static_assert(never<A>, "a context manager cannot be awaited: write co_await "
                                "asyncio::async_with(manager, body)");
    else if constexpr (requires(Object& iterator) { iterator.next(); })
        static_assert(never<A>, "this gives its items one by one: write co_await it.next() in a "
                                "loop, until what it gives is empty");
    else
        static_assert(never<A>, "this cannot be awaited: co_await takes coroutines, futures, tasks "
                                "and what the functions of asyncio return");
}

// After an error that has been explained: an awaiter that gives what was probably meant.
template <class A>
decltype(auto) probable_awaiter(A&& awaitable) {
    using Object = std::remove_cvref_t<A>;
    if constexpr (awaited_once<Object>)
        return get_awaiter(AwaitTag{}, static_cast<Object&&>(const_cast<Object&>(awaitable)));
    else if constexpr (requires { get_awaiter(AwaitTag{}, awaitable()); })
        return get_awaiter(AwaitTag{}, awaitable());
    else
        return std::suspend_never();
}

template <class Awaitable>
decltype(auto) PromiseBase::await_transform(Awaitable&& awaitable, std::source_location site) {
    site_ = site;
    if constexpr (requires { get_awaiter(AwaitTag{}, std::forward<Awaitable>(awaitable)); }) {
        return get_awaiter(AwaitTag{}, std::forward<Awaitable>(awaitable));
    } else {
        explain_await<Awaitable>();
        return probable_awaiter(std::forward<Awaitable>(awaitable));
    }
}

} // namespace asyncio::detail
