// Layer 1. The counted heart of a loop: it outlives the loop object as long as a handle needs it.
//
// Futures, tasks, timers and transports refer to the core, never to the loop object. A native
// loop's queue is reached inline; a loop written by a user gets each node through schedule().
// Python counterpart: the private attributes of BaseEventLoop.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/poll_habit.hpp>
#include <asyncio/detail/ready.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/detail/thread_state.hpp>
#include <asyncio/detail/timers.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

namespace asyncio {
class AbstractEventLoop;
namespace concurrent {
class Executor;
}
} // namespace asyncio

namespace asyncio::detail {

class TaskCore;
struct LoopExtras; // exception handler, task factory, default executor: rarely touched

class ASYNCIO_EXPORT LoopCore : public RefCounted {
public:
    LoopCore(AbstractEventLoop& loop, bool native);
    ~LoopCore();
    void destroy() noexcept { delete this; }

    // Appends to the ready queue. Loop thread only. A closed loop discards the node.
    void push(ReadyNode& node) {
        if (fast_.load(std::memory_order_relaxed)) [[likely]]
            ready_.push(node);
        else
            push_slowly(node);
    }
    // From any thread. False when the loop is closed (the node is not taken).
    bool push_threadsafe(ReadyNode& node);
    /// From now on nothing is taken.
    void close() noexcept;
    // Takes over what other threads pushed.
    void take_incoming() noexcept {
        if (has_incoming()) [[unlikely]]
            drain_incoming();
    }
    bool has_incoming() const noexcept { return has_incoming_.load(std::memory_order_acquire); }
    void schedule_at(TimerNode& node);

    // Throws RuntimeError "Event loop is closed".
    void check_closed() const {
        if (closed_.load(std::memory_order_relaxed)) [[unlikely]]
            throw_closed();
    }
    // In debug mode: throws RuntimeError when another thread runs this loop.
    void check_thread() const {
        if (debug_) [[unlikely]]
            check_thread_now();
    }
    bool on_loop_thread() const noexcept { return thread_state().core == this; }
    // The loop object. Throws RuntimeError when it is gone.
    AbstractEventLoop& loop() const;

    AbstractEventLoop* loop_;
    ReadyQueue ready_;
    ReadyQueue batch_; // what the current iteration still runs
    TimerHeap timers_;
    TaskCore* current_task_ = nullptr;
    TaskCore* tasks_first_ = nullptr; // pending tasks, oldest first, each with a reference
    TaskCore* tasks_last_ = nullptr;
    std::atomic<bool> running_{false};
    std::atomic<bool> closed_{false};
    const bool native_;
    // An open native loop that owns its io_context, and other threads have pushed nothing that is
    // still to be taken over: what came first stays first.
    std::atomic<bool> fast_;
    bool guest_ = false;
    bool debug_ = false;
    bool destroying_ = false; // in close(): what destructors complete wakes nobody
    TryHabit read_again_;      // for transports: in the next iteration, without waiting
    bool tried_reads_ = false; // one has done so since the last poll
    const std::unique_ptr<LoopExtras> extras_;

    /// Before a poll that may block: whoever pushes from now on wakes it. False when something has
    /// been pushed already.
    bool begin_blocking() noexcept {
        // The one side sets its flag and then reads the other's, so at least one sees the other.
        blocked_.store(true, std::memory_order_seq_cst);
        return !has_incoming_.load(std::memory_order_seq_cst);
    }
    void end_blocking() noexcept { blocked_.store(false, std::memory_order_relaxed); }

private:
    void kick();
    void push_slowly(ReadyNode& node);
    void drain_incoming() noexcept;
    [[noreturn]] void throw_closed() const;
    void check_thread_now() const;

    std::mutex incoming_mutex_; // guards incoming_, and that nothing comes after close()
    ReadyQueue incoming_;
    std::atomic<bool> has_incoming_{false};
    std::atomic<bool> blocked_{false};
};

} // namespace asyncio::detail
