// Layer 3. Locks, events, conditions and semaphores: the rare paths, and who is woken when.
#include <asyncio/exceptions.hpp>
#include <asyncio/locks.hpp>
#include <asyncio/log.hpp>

#include <cstdio>
#include <limits>

namespace asyncio::detail {
namespace {

// A guard's destructor cannot throw. When a loop closes, frames are destroyed wherever they are,
// for instance inside Condition::wait(), where the lock is not held: no error then.
template <class Impl>
void release_for_guard(Impl& impl) noexcept {
    try {
        impl.release();
    } catch (...) {
        if (thread_state().core)
            logger().error("Error while leaving the scope of a guard", std::current_exception());
    }
}

} // namespace

void SyncObject::bind_now(const TaskCore& task) {
    if (loop_) throw RuntimeError(repr() + " is bound to a different event loop");
    loop_ = task.core_;
}

std::string SyncObject::describe(std::string_view name, std::string state,
                                 std::size_t waiters) const {
    char address[32];
    std::snprintf(address, sizeof address, "%p", static_cast<const void*>(this));
    if (waiters) state += ", waiters:" + std::to_string(waiters);
    return "<asyncio." + std::string(name) + " object at " + address + " [" + state + "]>";
}

void LockImpl::pass_on() {
    if (!locked_ && !waiters_.empty()) waiters_.first().wake();
}

void LockImpl::release() {
    check_thread();
    if (!locked_) throw RuntimeError("Lock is not acquired.");
    locked_ = false;
    pass_on();
}

void LockImpl::let_go() noexcept { release_for_guard(*this); }

std::string LockImpl::repr() const {
    return describe("Lock", locked_ ? "locked" : "unlocked", waiters_.size());
}

SemaphoreImpl::SemaphoreImpl(std::ptrdiff_t value, bool bounded)
    : value_(value), most_(bounded ? value : std::numeric_limits<std::ptrdiff_t>::max()) {
    if (value < 0) throw ValueError("Semaphore initial value must be >= 0");
}

bool SemaphoreImpl::wake_next() {
    if (!waiters_.wake_next()) return false;
    --value_;
    ++woken_;
    return true;
}

void SemaphoreImpl::finish(QueuedWaiter& waiter) {
    waiter.leave();
    if (waiter.woken()) {
        --woken_;
        if (waiter.interrupted()) ++value_;
    }
    // Who came while a woken waiter had not run yet had to queue, whatever the counter said.
    while (value_ > 0 && wake_next()) {
    }
    waiter.check();
}

void SemaphoreImpl::forget(QueuedWaiter& waiter) noexcept {
    if (!waiter.woken()) return;
    --woken_;
    ++value_;
}

void SemaphoreImpl::release() {
    check_thread();
    if (value_ >= most_) throw ValueError("BoundedSemaphore released too many times");
    ++value_;
    wake_next();
}

void SemaphoreImpl::let_go() noexcept { release_for_guard(*this); }

std::string SemaphoreImpl::repr() const {
    const bool bounded = most_ != std::numeric_limits<std::ptrdiff_t>::max();
    return describe(bounded ? "BoundedSemaphore" : "Semaphore",
                    locked() ? "locked" : "unlocked, value:" + std::to_string(value_),
                    waiters_.size() + static_cast<std::size_t>(woken_));
}

void EventImpl::set() {
    check_thread();
    if (set_) return;
    set_ = true;
    while (waiters_.wake_next()) {
    }
}

std::string EventImpl::repr() const {
    return describe("Event", set_ ? "set" : "unset", waiters_.size());
}

namespace {

// Gives up the lock of a condition and waits for a notification.
class Notified : public Leaf<Notified, void> {
public:
    explicit Notified(ConditionImpl& condition) noexcept : condition_(&condition) {}
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise) {
        condition_->bind(*promise.task_);
        condition_->lock_->release();
        condition_->waiters_.push(waiter_);
        waiter_.suspend(promise);
    }
    void await_resume() {
        waiter_.leave();
        waiter_.check();
    }

private:
    ConditionImpl* condition_;
    QueuedWaiter waiter_;
};

// Acquires the lock, however often that is cancelled; `latest` becomes the last cancellation.
Coroutine<void> acquire_again(Ref<LockImpl> lock, std::exception_ptr& latest) {
    for (bool acquired = false; !acquired;) {
        try {
            co_await Acquire<LockImpl, void>(lock);
            acquired = true;
        } catch (const CancelledError&) {
            latest = std::current_exception();
        }
    }
}

} // namespace

Coroutine<bool> ConditionImpl::wait(Ref<ConditionImpl> self) {
    if (!self->lock_->locked()) throw RuntimeError("cannot wait on un-acquired lock");
    std::exception_ptr cancelled;
    try {
        co_await Notified(*self);
    } catch (const CancelledError&) {
        cancelled = std::current_exception();
    }
    try {
        if (!self->lock_->try_acquire()) co_await acquire_again(self->lock_, cancelled);
        if (cancelled) std::rethrow_exception(cancelled);
    } catch (...) {
        // Perhaps it was notified: then that is another waiter's turn now.
        self->wake(1);
        throw;
    }
    co_return true;
}

void ConditionImpl::wake(std::ptrdiff_t n) {
    while (n-- > 0 && waiters_.wake_next()) {
    }
}

void ConditionImpl::check_notify() const {
    check_thread();
    if (!lock_->locked()) throw RuntimeError("cannot notify on un-acquired lock");
}

void ConditionImpl::notify(std::ptrdiff_t n) {
    check_notify();
    wake(n);
}

void ConditionImpl::notify_all() {
    check_notify();
    wake(std::numeric_limits<std::ptrdiff_t>::max());
}

std::string ConditionImpl::repr() const {
    return describe("Condition", lock_->locked() ? "locked" : "unlocked", waiters_.size());
}

} // namespace asyncio::detail
