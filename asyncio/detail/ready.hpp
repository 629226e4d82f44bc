// Layer 1. What waits in a loop's ready queue: one FIFO of intrusive nodes.
//
// Everything a user wrote runs from here, one at a time: callbacks, task steps, protocol methods.
// Python counterpart: BaseEventLoop._ready.
#pragma once
#include <string>
#include <utility>

namespace asyncio::detail {

class FutureBase;

/// A thing to run once. It sits in at most one list at a time, linked by next_.
class ReadyNode {
public:
    /// Runs the user's code. Only KeyboardInterrupt and SystemExit escape.
    virtual void run() = 0;
    /// The loop closed before the node ran.
    virtual void discard() noexcept = 0;
    /// The node waited in the callback list of a future that is now done.
    virtual void future_done(FutureBase&) noexcept {}
    /// For the log of slow callbacks.
    virtual std::string describe() const { return "<Handle>"; }
    /// The line in which a task waits, or begins; empty for what is no task.
    virtual std::string await_place() const { return {}; }
    /// Whether retain() keeps the node alive while it runs. Others are described before.
    virtual bool counted() const noexcept { return false; }
    virtual void retain() noexcept {}
    virtual void release() noexcept {}

    ReadyNode* next_ = nullptr;

protected:
    ~ReadyNode() = default;
};

class ReadyQueue {
public:
    bool empty() const noexcept { return first_ == nullptr; }
    ReadyNode* first() const noexcept { return first_; }
    ReadyNode* last() const noexcept { return last_; }
    void push(ReadyNode& node) noexcept {
        node.next_ = nullptr;
        if (last_)
            last_->next_ = &node;
        else
            first_ = &node;
        last_ = &node;
    }
    ReadyNode* pop() noexcept {
        ReadyNode* node = first_;
        if (node) {
            first_ = node->next_;
            if (!first_) last_ = nullptr;
            node->next_ = nullptr;
        }
        return node;
    }
    // Takes all nodes of another queue, in order, behind one's own.
    void append(ReadyQueue& other) noexcept {
        if (other.empty()) return;
        if (last_)
            last_->next_ = other.first_;
        else
            first_ = other.first_;
        last_ = std::exchange(other.last_, nullptr);
        other.first_ = nullptr;
    }
    bool remove(ReadyNode& node) noexcept {
        ReadyNode* before = nullptr;
        for (ReadyNode* at = first_; at; before = at, at = at->next_) {
            if (at != &node) continue;
            (before ? before->next_ : first_) = at->next_;
            if (last_ == at) last_ = before;
            at->next_ = nullptr;
            return true;
        }
        return false;
    }

private:
    ReadyNode* first_ = nullptr;
    ReadyNode* last_ = nullptr;
};

} // namespace asyncio::detail
