// Layer 3. Those who wait for a lock, an event, a queue: a first-in-first-out list inside their
// frames.
//
// Waiting allocates nothing: the links lie in the awaiter, and an awaiter that is destroyed takes
// itself out. Python counterpart: the deques of futures in asyncio.locks and asyncio.queues.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/awaiters.hpp>

#include <cstddef>

namespace asyncio::detail {

struct WaiterLink {
    WaiterLink* before_ = nullptr;
    WaiterLink* after_ = nullptr; // null while in no list
};

/// A waiter that stands in at most one WaiterList.
class QueuedWaiter : public Waiter, private WaiterLink {
public:
    QueuedWaiter() = default;
    QueuedWaiter(QueuedWaiter&&) noexcept {} // before it is used
    QueuedWaiter(const QueuedWaiter&) = delete;
    QueuedWaiter& operator=(const QueuedWaiter&) = delete;
    ~QueuedWaiter() { leave(); }

    /// Takes it out of its list, if it is still there.
    void leave() noexcept {
        if (!after_) return;
        before_->after_ = after_;
        after_->before_ = before_;
        after_ = nullptr;
    }

private:
    friend class WaiterList;
};

/// Waiters in order of arrival. A cancelled one stays until its task runs, as in Python, unless
/// wake_next() meets it first.
class WaiterList {
public:
    WaiterList() noexcept { end_.before_ = end_.after_ = &end_; }
    WaiterList(const WaiterList&) = delete;
    WaiterList& operator=(const WaiterList&) = delete;

    bool empty() const noexcept { return end_.after_ == &end_; }
    QueuedWaiter& first() noexcept { return waiter(end_.after_); }

    void push(QueuedWaiter& waiter) noexcept {
        waiter.before_ = end_.before_;
        waiter.after_ = &end_;
        end_.before_ = end_.before_->after_ = static_cast<WaiterLink*>(&waiter);
    }
    /// Takes waiters out, from the front, up to the first that is pending, and wakes this one.
    /// False when there was none.
    template <bool (Waiter::*wake)() = &Waiter::wake>
    bool wake_next() {
        while (!empty()) {
            QueuedWaiter& next = first();
            next.leave();
            if ((next.*wake)()) return true;
        }
        return false;
    }
    /// Whether nobody in the list can still be served; true of an empty one.
    bool all_cancelled() const noexcept {
        for (const WaiterLink* at = end_.after_; at != &end_; at = at->after_)
            if (!waiter(at).was_cancelled()) return false;
        return true;
    }
    std::size_t size() const noexcept {
        std::size_t count = 0;
        for (const WaiterLink* at = end_.after_; at != &end_; at = at->after_) ++count;
        return count;
    }

private:
    static QueuedWaiter& waiter(WaiterLink* link) noexcept {
        return static_cast<QueuedWaiter&>(*link);
    }
    static const QueuedWaiter& waiter(const WaiterLink* link) noexcept {
        return static_cast<const QueuedWaiter&>(*link);
    }

    WaiterLink end_; // before the first and after the last
};

} // namespace asyncio::detail
