// Layer 4. Awaitables of whoever connects: each waits for one event that may come when nobody waits
// any more.
#pragma once
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/memory.hpp>

#include "net_socket.hpp"

#include <memory>
#include <utility>

namespace asyncio::detail {

/// A node that wakes a waiter, unless it is gone. Whatever will fire it holds a reference.
class WakeNode final : public IoNode, public RefCounted, public Pooled {
public:
    explicit WakeNode(Waiter& waiter) noexcept : waiter_(&waiter) {}
    void destroy() noexcept { delete this; }
    void forget_waiter() noexcept { waiter_ = nullptr; }
    void run() override {
        settle();
        const Ref<WakeNode> self = Ref<WakeNode>::adopt(this);
        if (waiter_) waiter_->wake();
    }
    void discard() noexcept override { disarm(); }
    void disarm() noexcept override {
        settle();
        Ref<WakeNode>::adopt(this);
    }
    void retain() noexcept override { add_ref(); }
    void release() noexcept override { Ref<WakeNode>::adopt(this); }

private:
    Waiter* waiter_;
};

/// Waits until a connection attempt has ended. A cancel is immediate.
class SocketWritable : public Leaf<SocketWritable, void> {
public:
    explicit SocketWritable(Ref<NetSocket> socket) noexcept : socket_(std::move(socket)) {}
    SocketWritable(SocketWritable&&) noexcept = default;
    ~SocketWritable() {
        if (node_) node_->forget_waiter();
    }
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise) {
        node_ = make_ref<WakeNode>(waiter_);
        node_->add_ref();
        socket_->wait_writable(*node_);
        waiter_.suspend(promise);
    }
    void await_resume() { waiter_.check(); }

private:
    Ref<NetSocket> socket_;
    Ref<WakeNode> node_;
    Waiter waiter_;
};

} // namespace asyncio::detail
