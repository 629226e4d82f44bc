// Layer 3. The half of the queues that does not depend on the items' type.
#include <asyncio/exceptions.hpp>
#include <asyncio/queues.hpp>

#include <algorithm>

namespace asyncio::detail {

bool QueueWaiter::gets() const noexcept { return list_ == &queue_->getters_; }

bool QueueWaiter::look_again() noexcept {
    if (gets() ? queue_->may_get() : queue_->may_put()) return true;
    wait_again();
    list_->push(*this);
    return false;
}

void QueueWaiter::give_up() {
    leave();
    if (woken()) pass_on();
    check();
}

void QueueWaiter::pass_on() {
    const bool nothing = gets() ? queue_->empty() : queue_->full();
    if (!nothing) list_->wake_next<&Waiter::wake_to_look>();
}

void QueueBase::throw_empty() const {
    if (shut_down_) throw QueueShutDown();
    throw QueueEmpty();
}

void QueueBase::throw_full() const {
    if (shut_down_) throw QueueShutDown();
    throw QueueFull();
}

void QueueBase::task_done() {
    check_thread();
    if (unfinished_ == 0) throw ValueError("task_done() called too many times");
    if (--unfinished_ == 0) finished_.set();
}

void QueueBase::shutdown(bool immediate) {
    check_thread();
    shut_down_ = true;
    if (immediate) {
        unfinished_ -= std::min(unfinished_, size_);
        size_ = 0;
        if (unfinished_ == 0) finished_.set();
    }
    while (getters_.wake_next<&Waiter::wake_to_look>()) {
    }
    while (putters_.wake_next<&Waiter::wake_to_look>()) {
    }
    if (immediate) drop_items();
}

std::string QueueBase::repr() const {
    std::string state = "maxsize=" + std::to_string(maxsize_);
    const auto show = [&](const char* before, std::size_t count, const char* after) {
        if (count) state += before + std::to_string(count) + after;
    };
    show(" _queue[", size_, "]");
    show(" _getters[", getters_.size(), "]");
    show(" _putters[", putters_.size(), "]");
    show(" tasks=", unfinished_, "");
    if (shut_down_) state += " shutdown";
    return describe("Queue", std::move(state), 0);
}

} // namespace asyncio::detail
