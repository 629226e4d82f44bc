// Layer 3. Queue, PriorityQueue, LifoQueue: items from task to task, with limits and an end.
//
//   put() ──> item in the queue, first getter woken ──> its task runs and takes an item
//
// The item stays in the queue until the woken getter runs; if it is gone by then, the getter waits
// again behind the others. A getter or putter that is cancelled after it was woken passes the
// wake-up on. Python counterpart: asyncio.queues.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/queue_stores.hpp>
#include <asyncio/detail/sync_object.hpp>
#include <asyncio/detail/waiters.hpp>
#include <asyncio/events.hpp>
#include <asyncio/locks.hpp>
#include <asyncio/tasks.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

class QueueBase;

/// Waits for an item, or for room, and waits again when somebody else was quicker.
class ASYNCIO_EXPORT QueueWaiter final : public QueuedWaiter {
public:
    /// `list` is the queue's getters or putters.
    QueueWaiter(QueueBase& queue, WaiterList& list) noexcept : queue_(&queue), list_(&list) {}
    QueueWaiter(QueueWaiter&&) = default;
    inline void suspend(PromiseBase& promise);
    bool look_again() noexcept override;
    /// The task runs again. Throws the cancellation.
    void finish() {
        if (interrupted()) [[unlikely]]
            give_up();
    }
    /// The item or room it was woken for is left to the next one.
    void pass_on();

private:
    void give_up();
    bool gets() const noexcept;

    QueueBase* queue_;
    WaiterList* list_;
};

/// What does not depend on the type of the items.
class ASYNCIO_EXPORT QueueBase : public SyncObject {
public:
    explicit QueueBase(std::ptrdiff_t maxsize) : maxsize_(maxsize) { finished_.set(); }

    std::size_t size() const noexcept { return size_; }
    std::ptrdiff_t maxsize() const noexcept { return maxsize_; }
    bool empty() const noexcept { return size_ == 0; }
    bool full() const noexcept {
        return maxsize_ > 0 && size_ >= static_cast<std::size_t>(maxsize_);
    }
    /// get() and put() need not wait: there is an item, or room, or an error to throw.
    bool may_get() const noexcept { return !empty() || shut_down_; }
    bool may_put() const noexcept { return !full() || shut_down_; }
    void task_done();
    EventWait<void> join() const { return EventWait<void>(finished_.ref()); }
    void shutdown(bool immediate);
    std::string repr() const override;

    WaiterList getters_;
    WaiterList putters_;

protected:
    void check_get() const {
        check_thread();
        if (empty()) [[unlikely]]
            throw_empty();
    }
    void check_put() const {
        check_thread();
        if (shut_down_ || full()) [[unlikely]]
            throw_full();
    }
    void item_removed() {
        --size_;
        putters_.wake_next<&Waiter::wake_to_look>();
    }
    void item_added() {
        ++size_;
        if (unfinished_++ == 0) finished_.clear();
        getters_.wake_next<&Waiter::wake_to_look>();
    }
    virtual void drop_items() noexcept = 0;

private:
    [[noreturn]] void throw_empty() const;
    [[noreturn]] void throw_full() const;

    const std::ptrdiff_t maxsize_;
    std::size_t size_ = 0;
    std::size_t unfinished_ = 0;
    Event finished_; // set while unfinished_ is 0
    bool shut_down_ = false;
};

inline void QueueWaiter::suspend(PromiseBase& promise) {
    queue_->bind(*promise.task_);
    list_->push(*this);
    Waiter::suspend(promise);
}

/// A queue of T, whatever its order.
template <class T>
class QueueImpl : public QueueBase {
public:
    using QueueBase::QueueBase;
    void put_nowait(T&& item) {
        check_put();
        push(std::move(item));
        item_added();
    }
    T get_nowait() {
        check_get();
        T item = pop();
        item_removed();
        return item;
    }

private:
    virtual void push(T&& item) = 0;
    virtual T pop() = 0;
};

template <class T, class Store>
class StoredQueue final : public QueueImpl<T> {
public:
    StoredQueue(std::ptrdiff_t maxsize, Store store)
        : QueueImpl<T>(maxsize), store_(std::move(store)) {}

private:
    void push(T&& item) override { store_.push(std::move(item)); }
    T pop() override { return store_.pop(); }
    // The items' destructors find the queue empty.
    void drop_items() noexcept override { const Store dropped = std::move(store_); }

    Store store_;
};

template <class T>
class [[nodiscard]] Get : public Leaf<Get<T>, T> {
public:
    explicit Get(Ref<QueueImpl<T>> queue) noexcept
        : queue_(std::move(queue)), waiter_(*queue_, queue_->getters_) {}
    bool await_ready() const noexcept { return queue_->may_get(); }
    void suspend(PromiseBase& promise) { waiter_.suspend(promise); }
    T await_resume() {
        if (!waiter_.suspended()) return queue_->get_nowait();
        waiter_.finish();
        try {
            return queue_->get_nowait();
        } catch (...) {
            waiter_.pass_on();
            throw;
        }
    }

private:
    Ref<QueueImpl<T>> queue_;
    QueueWaiter waiter_;
};

template <class T>
class [[nodiscard]] Put : public Leaf<Put<T>, void> {
public:
    template <class U>
    Put(Ref<QueueImpl<T>> queue, U&& item)
        : queue_(std::move(queue)), item_(std::forward<U>(item)),
          waiter_(*queue_, queue_->putters_) {}
    bool await_ready() const noexcept { return queue_->may_put(); }
    void suspend(PromiseBase& promise) { waiter_.suspend(promise); }
    void await_resume() {
        if (!waiter_.suspended()) return queue_->put_nowait(std::move(item_));
        waiter_.finish();
        try {
            queue_->put_nowait(std::move(item_));
        } catch (...) {
            waiter_.pass_on();
            throw;
        }
    }

private:
    Ref<QueueImpl<T>> queue_;
    T item_;
    QueueWaiter waiter_;
};

} // namespace detail

/// First in, first out. T may be move-only. Methods belong to the loop's thread, but for
/// put_threadsafe().
template <class T>
class Queue : public detail::SyncHandle<detail::QueueImpl<T>> {
    static_assert(detail::safe_payload<T>,
                  "GCC 12 destroys temporary aggregates twice in a co_await expression: give the "
                  "type of the items a constructor");

public:
    using value_type = T;

    Queue() : Queue(0) {}
    /// Holds at most maxsize items; without limit when it is 0 or less.
    explicit Queue(std::ptrdiff_t maxsize) : Queue(maxsize, detail::RingStore<T>()) {}

    /// Waits until there is room, then adds the item. Throws QueueShutDown after shutdown().
    /// Cancelled, it adds nothing.
    template <std::convertible_to<T> U = T>
    detail::Put<T> put(U&& item) const {
        detail::check_callable<U, U>();
        return detail::Put<T>(this->ref(), std::forward<U>(item));
    }
    /// Waits for an item and takes it. Throws QueueShutDown when the queue was shut down and is
    /// empty. Cancelled, it takes nothing.
    detail::Get<T> get() const { return detail::Get<T>(this->ref()); }
    /// Throws QueueFull when there is no room, QueueShutDown after shutdown().
    void put_nowait(T item) const { this->impl().put_nowait(std::move(item)); }
    /// Throws QueueEmpty when there is no item, QueueShutDown when it was shut down besides.
    T get_nowait() const { return this->impl().get_nowait(); }

    std::size_t qsize() const noexcept { return this->impl().size(); }
    bool empty() const noexcept { return this->impl().empty(); }
    bool full() const noexcept { return this->impl().full(); }
    std::ptrdiff_t maxsize() const noexcept { return this->impl().maxsize(); }

    /// One item that was taken is dealt with. Throws ValueError when there was none.
    void task_done() const { this->impl().task_done(); }
    /// Waits until task_done() was called for every item.
    detail::EventWait<void> join() const { return this->impl().join(); }
    /// Puts raise QueueShutDown from now on, gets when the queue is empty; `immediate` drops the
    /// items, which then count as dealt with. Who waits to put, or to get from the empty queue,
    /// gets the error. May be called again.
    void shutdown(bool immediate = false) const { this->impl().shutdown(immediate); }

    /// put() from any thread, in the order of the calls while there is room; a full queue gets the
    /// item once it has room. Throws RuntimeError when the loop is closed.
    void put_threadsafe(AbstractEventLoop& loop, T item) const {
        loop.call_soon_threadsafe(
            [](const Queue& queue, T& late) {
                if (queue.full())
                    create_task(queue.put(std::move(late)));
                else
                    queue.put_nowait(std::move(late));
            },
            *this, std::move(item));
    }

protected:
    template <class Store>
    Queue(std::ptrdiff_t maxsize, Store store)
        : detail::SyncHandle<detail::QueueImpl<T>>(
              detail::make_ref<detail::StoredQueue<T, Store>>(maxsize, std::move(store))) {}
};

/// Smallest first, by Compare; items that are equal come in any order. When Compare throws, from
/// put() or get(), the queue is as it was before the call.
template <class T, class Compare = std::less<T>>
class PriorityQueue : public Queue<T> {
public:
    PriorityQueue() : PriorityQueue(0) {}
    explicit PriorityQueue(std::ptrdiff_t maxsize, Compare compare = Compare())
        : Queue<T>(maxsize, detail::HeapStore<T, Compare>(std::move(compare))) {}
};

/// Last in, first out.
template <class T>
class LifoQueue : public Queue<T> {
public:
    LifoQueue() : LifoQueue(0) {}
    explicit LifoQueue(std::ptrdiff_t maxsize) : Queue<T>(maxsize, detail::StackStore<T>()) {}
};

} // namespace asyncio
