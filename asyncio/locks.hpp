// Layer 3. Lock, Event, Condition, Semaphore, BoundedSemaphore: tasks of one loop wait for one
// another, first come first served.
//
//   release() ──> marks the first waiter as woken ──> its task runs in the next iteration
//
// Nothing is handed over before the woken task runs; one that is cancelled in between passes its
// wake-up on. No method suspends, or needs a loop, when there is nothing to wait for.
// Python counterpart: asyncio.locks.
#pragma once
#include <asyncio/barrier.hpp>
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/sync_object.hpp>
#include <asyncio/detail/waiters.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

class ASYNCIO_EXPORT LockImpl final : public SyncObject {
public:
    bool locked() const noexcept { return locked_; }
    bool try_acquire() noexcept {
        if (locked_ || !waiters_.all_cancelled()) return false;
        return locked_ = true;
    }
    void enqueue(QueuedWaiter& waiter) noexcept { waiters_.push(waiter); }
    /// The waiter's task runs again: takes the lock, or throws the cancellation.
    void finish(QueuedWaiter& waiter) {
        waiter.leave();
        if (waiter.interrupted()) [[unlikely]]
            pass_on();
        waiter.check();
        locked_ = true;
    }
    /// The waiter's frame is destroyed with its loop.
    void forget(QueuedWaiter&) noexcept {}
    void release();
    void let_go() noexcept;
    std::string repr() const override;

private:
    void pass_on();

    WaiterList waiters_;
    bool locked_ = false;
};

class ASYNCIO_EXPORT SemaphoreImpl final : public SyncObject {
public:
    SemaphoreImpl(std::ptrdiff_t value, bool bounded);
    bool locked() const noexcept { return value_ == 0 || woken_ > 0 || !waiters_.all_cancelled(); }
    bool try_acquire() noexcept {
        if (locked()) return false;
        --value_;
        return true;
    }
    void enqueue(QueuedWaiter& waiter) noexcept { waiters_.push(waiter); }
    void finish(QueuedWaiter& waiter);
    void forget(QueuedWaiter& waiter) noexcept;
    void release();
    void let_go() noexcept;
    std::string repr() const override;

private:
    bool wake_next();

    WaiterList waiters_;
    std::ptrdiff_t value_;      // without the permits of woken waiters
    std::ptrdiff_t woken_ = 0;  // waiters that have a permit and have not run yet
    const std::ptrdiff_t most_; // release() does not go above it
};

/// What scoped() gives: releases when it is destroyed, on every path, without waiting. On a closed
/// loop it wakes nobody. A release that fails (it was released by hand before) is logged.
template <class Impl>
class [[nodiscard]] Guard {
public:
    explicit Guard(Ref<Impl> impl) noexcept : impl_(std::move(impl)) {}
    Guard(Guard&&) noexcept = default;
    Guard& operator=(Guard&& other) noexcept {
        Guard(std::move(other)).impl_.swap(impl_);
        return *this;
    }
    ~Guard() {
        if (impl_) impl_->let_go();
    }
    /// Releases before the end of the scope; once.
    void release() {
        if (const Ref<Impl> impl = std::move(impl_)) impl->release();
    }

private:
    Ref<Impl> impl_;
};

/// Waits for a Lock or Semaphore. R is bool (always true), a Guard, or void.
template <class Impl, class R>
class [[nodiscard]] Acquire : public Leaf<Acquire<Impl, R>, R> {
public:
    explicit Acquire(Ref<Impl> impl) noexcept : impl_(std::move(impl)) {}
    Acquire(Acquire&&) = default;
    ~Acquire() {
        if (impl_ && waiter_.suspended()) impl_->forget(waiter_);
    }
    bool await_ready() const noexcept { return impl_->try_acquire(); }
    void suspend(PromiseBase& promise) {
        impl_->bind(*promise.task_);
        impl_->enqueue(waiter_);
        waiter_.suspend(promise);
    }
    R await_resume() {
        Ref<Impl> impl = std::move(impl_);
        if (waiter_.suspended()) impl->finish(waiter_);
        if constexpr (std::is_same_v<R, bool>)
            return true;
        else
            return R(std::move(impl));
    }

private:
    Ref<Impl> impl_;
    QueuedWaiter waiter_;
};

/// The methods of Lock, Semaphore and Condition that acquire and release.
template <class Derived, class Impl>
class Acquirable {
public:
    using Guard = detail::Guard<Impl>;

    /// Waits until it is free and takes it; gives true. Cancelling gives up the place in the queue.
    Acquire<Impl, bool> acquire() const { return Acquire<Impl, bool>(target()); }
    /// Acquires, for a scope: `auto guard = co_await lock.scoped();`.
    Acquire<Impl, Guard> scoped() const { return Acquire<Impl, Guard>(target()); }
    /// Gives it back and wakes the first waiter. Throws when it was not acquired: RuntimeError, or
    /// ValueError for a BoundedSemaphore.
    void release() const { target()->release(); }
    /// Whether acquire() would wait now.
    bool locked() const noexcept { return target()->locked(); }

    // For async_with.
    Acquire<Impl, void> aenter() const { return Acquire<Impl, void>(target()); }
    bool aexit(const std::exception_ptr&) const {
        release();
        return false;
    }

private:
    const Ref<Impl>& target() const noexcept {
        return static_cast<const Derived&>(*this).acquired();
    }
};

} // namespace detail

/// A mutex of tasks, not owned by any of them. Strictly first come first served: an owner that
/// releases and acquires again goes to the back of the queue.
class ASYNCIO_EXPORT Lock : public detail::SyncHandle<detail::LockImpl>,
                            public detail::Acquirable<Lock, detail::LockImpl> {
public:
    Lock() : SyncHandle(detail::make_ref<detail::LockImpl>()) {}
    explicit Lock(detail::Ref<detail::LockImpl> impl) noexcept : SyncHandle(std::move(impl)) {}

private:
    friend Acquirable;
    const detail::Ref<detail::LockImpl>& acquired() const noexcept { return ref(); }
};

/// A counter of permits. First come first served: nobody overtakes a waiter that was woken but has
/// not run yet.
class ASYNCIO_EXPORT Semaphore : public detail::SyncHandle<detail::SemaphoreImpl>,
                                 public detail::Acquirable<Semaphore, detail::SemaphoreImpl> {
public:
    Semaphore() : Semaphore(1) {}
    /// Throws ValueError for a negative value.
    explicit Semaphore(std::ptrdiff_t value) : Semaphore(value, false) {}

protected:
    Semaphore(std::ptrdiff_t value, bool bounded)
        : SyncHandle(detail::make_ref<detail::SemaphoreImpl>(value, bounded)) {}

private:
    friend Acquirable;
    const detail::Ref<detail::SemaphoreImpl>& acquired() const noexcept { return ref(); }
};

/// A semaphore whose release() throws ValueError rather than exceed the initial value.
class ASYNCIO_EXPORT BoundedSemaphore : public Semaphore {
public:
    BoundedSemaphore() : BoundedSemaphore(1) {}
    explicit BoundedSemaphore(std::ptrdiff_t value) : Semaphore(value, true) {}
};

namespace detail {

class ASYNCIO_EXPORT EventImpl final : public SyncObject {
public:
    bool is_set() const noexcept { return set_; }
    void set();
    void clear() noexcept { set_ = false; }
    std::string repr() const override;

    WaiterList waiters_;

private:
    bool set_ = false;
};

/// Waits for an Event. R is bool (always true) or void.
template <class R>
class [[nodiscard]] EventWait : public Leaf<EventWait<R>, R> {
public:
    explicit EventWait(Ref<EventImpl> event) noexcept : event_(std::move(event)) {}
    bool await_ready() const noexcept { return event_->is_set(); }
    void suspend(PromiseBase& promise) {
        event_->bind(*promise.task_);
        event_->waiters_.push(waiter_);
        waiter_.suspend(promise);
    }
    R await_resume() {
        waiter_.leave();
        waiter_.check();
        return R(true);
    }

private:
    Ref<EventImpl> event_;
    QueuedWaiter waiter_;
};

} // namespace detail

/// A flag to wait for.
class ASYNCIO_EXPORT Event : public detail::SyncHandle<detail::EventImpl> {
public:
    Event() : SyncHandle(detail::make_ref<detail::EventImpl>()) {}

    bool is_set() const noexcept { return impl().is_set(); }
    /// Wakes everybody who waits now, in order; a clear() right after does not put them back.
    void set() const { impl().set(); }
    void clear() const noexcept { impl().clear(); }
    /// Waits until the flag is set; gives true. Does not suspend when it is.
    detail::EventWait<bool> wait() const { return detail::EventWait<bool>(ref()); }
};

namespace detail {

class ASYNCIO_EXPORT ConditionImpl final : public SyncObject {
public:
    explicit ConditionImpl(Ref<LockImpl> lock) noexcept : lock_(std::move(lock)) {}
    static Coroutine<bool> wait(Ref<ConditionImpl> self);
    void notify(std::ptrdiff_t n);
    void notify_all();
    std::string repr() const override;

    const Ref<LockImpl> lock_;
    WaiterList waiters_;

private:
    void check_notify() const;
    void wake(std::ptrdiff_t n);
};

} // namespace detail

/// Waiting for a change of what a lock protects. It has the methods of its lock.
class ASYNCIO_EXPORT Condition : public detail::SyncHandle<detail::ConditionImpl>,
                                 public detail::Acquirable<Condition, detail::LockImpl> {
public:
    Condition() : Condition(Lock()) {}
    /// Several conditions may share one lock.
    explicit Condition(const Lock& lock)
        : SyncHandle(detail::make_ref<detail::ConditionImpl>(lock.ref())) {}

    /// Releases the lock, waits for a notification and acquires the lock again; gives true. It may
    /// wake without one. However often it is cancelled, it leaves with the lock held; the last
    /// cancellation is thrown then, and a notification that it got goes to another waiter.
    /// Throws RuntimeError "cannot wait on un-acquired lock"; who holds it is not checked.
    Coroutine<bool> wait() const { return detail::ConditionImpl::wait(ref()); }
    /// Waits until predicate() holds, checked at once and after every wake-up; gives its value.
    template <class F>
        requires std::invocable<std::decay_t<F>&>
    auto wait_for(F&& predicate) const {
        detail::check_callable<F>();
        using Predicate = std::decay_t<F>;
        using R = std::decay_t<std::invoke_result_t<Predicate&>>;
        return wait_until<R, Predicate>(*this, std::forward<F>(predicate));
    }
    /// Wakes the first n waiters; they go on once they get the lock.
    /// Throws RuntimeError "cannot notify on un-acquired lock".
    void notify(std::ptrdiff_t n = 1) const { impl().notify(n); }
    void notify_all() const { impl().notify_all(); }

private:
    friend Acquirable;
    const detail::Ref<detail::LockImpl>& acquired() const noexcept { return impl().lock_; }

    template <class R, class F>
    static Coroutine<R> wait_until(Condition self, F predicate) {
        for (;;) {
            R result = std::invoke(predicate);
            if (result) co_return result;
            co_await self.wait();
        }
    }
};

} // namespace asyncio
