// Layer 4. How the sock_* methods wait: an attempt that is made again when its socket is ready.
//
//   attempt() ─> would block ─> readiness ─> wake ─> attempt() in the task's turn ─> ...
//
// The attempt is made only when the task goes on for sure, so a cancel loses no byte. Python
// counterpart: the futures and reader callbacks of selector_events.
#pragma once
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/exceptions.hpp>

#include "descriptor_table.hpp"

#include <cerrno>
#include <cstddef>

namespace asyncio::detail {

/// Wakes a waiter each time its descriptor is ready, until it is cancelled.
class WakingNode final : public WatchNode, public Pooled {
public:
    WakingNode(LoopCore& core, Waiter& waiter) noexcept
        : WatchNode(core, ContextSlot()), waiter_(&waiter) {}
    void run() override {
        const Ref<HandleNode> self = Ref<HandleNode>::adopt(this);
        queued_ = false;
        if (!cancelled_) waiter_->wake_to_look();
    }
    const std::type_info& callback_type() const noexcept override { return typeid(WakingNode); }

protected:
    void invoke() override {}
    void clear() noexcept override {}

private:
    Waiter* waiter_;
};

/// A system call and how it ended.
template <class Call>
class SystemCall {
public:
    explicit SystemCall(Call call) noexcept : call_(call) {}
    /// False when it would block.
    bool operator()() noexcept {
        result_ = call_();
        error_ = result_ < 0 ? errno : 0;
        return error_ != EAGAIN && error_ != EWOULDBLOCK && error_ != EINTR;
    }
    /// Throws OSError.
    std::size_t value() const {
        if (error_) raise_from_errno(error_);
        return static_cast<std::size_t>(result_);
    }

private:
    Call call_;
    std::ptrdiff_t result_ = 0;
    int error_ = 0;
};

/// Awaits until `attempt()` gives true. It runs no user code and throws nothing; it lives as long
/// as the await.
template <class Attempt>
class Attempted : public Leaf<Attempted<Attempt>, void> {
public:
    Attempted(LoopCore& core, int fd, Direction direction, Attempt& attempt) noexcept
        : core_(core), fd_(fd), direction_(direction), waiter_(attempt) {}
    Attempted(Attempted&&) noexcept = default;
    ~Attempted() { stop(); }
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise) {
        waiter_.owner = this;
        node_ = make_ref<WakingNode>(core_, waiter_);
        try {
            check_no_transport(core_, fd_);
            DescriptorTable::of(core_).watch(fd_, direction_, node_);
        } catch (...) {
            node_.reset();
            throw;
        }
        waiter_.suspend(promise);
    }
    void await_resume() {
        stop();
        waiter_.check();
    }

private:
    struct Looking final : Waiter {
        explicit Looking(Attempt& what) noexcept : attempt(&what) {}
        bool look_again() noexcept override {
            if ((*attempt)()) return true;
            this->wait_again();
            owner->wait();
            return false;
        }
        Attempt* attempt;
        Attempted* owner = nullptr; // from suspend() on
    };
    void wait() noexcept { DescriptorTable::of(core_).wait_again(*node_); }
    void stop() noexcept {
        const Ref<WakingNode> node = std::move(node_);
        if (!node) return;
        if (DescriptorTable* table = DescriptorTable::find(core_)) table->remove(*node);
        node->cancel();
    }

    LoopCore& core_;
    int fd_;
    Direction direction_;
    Ref<WakingNode> node_;
    Looking waiter_;
};

} // namespace asyncio::detail
