// Layer 2. The state behind Future: pending, cancelled or finished, and who wants to know.
//
// Completing schedules one ready node for each callback, in order of registration; nothing runs
// synchronously. Python counterpart: futures.Future.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/loop_core.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/ready.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/detail/result.hpp>
#include <asyncio/exceptions.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <string>

namespace asyncio::detail {

using CancelMessage = std::optional<std::string>;

/// What a suspended task waits for, as far as cancelling it is concerned.
class Cancellable {
public:
    /// False when it is done already.
    virtual bool cancel(const CancelMessage& message) = 0;
    /// Whether it ended by cancellation, so that the waiter sees a CancelledError anyway.
    virtual bool ended_cancelled() const noexcept = 0;
    /// For to_string(task): "wait_for=...".
    virtual std::string describe() const { return "..."; }

protected:
    ~Cancellable() = default;
};

class ASYNCIO_EXPORT FutureBase : public RefCounted, public Cancellable {
public:
    enum class State : std::uint8_t { pending, cancelled, finished };

    FutureBase(LoopCore& core, Receiver& box, std::source_location created) noexcept;
    void destroy() noexcept;

    bool done() const noexcept { return state_ != State::pending; }
    bool cancelled() const noexcept { return state_ == State::cancelled; }
    bool cancel(const CancelMessage& message) override;
    bool ended_cancelled() const noexcept override;
    std::string describe() const override;
    /// " cb=[...]", empty without callbacks.
    std::string describe_callbacks() const;

    /// Throws what result() throws when there is no value to give.
    void check_result();
    /// Null when it finished with a value. Throws while pending and when cancelled.
    std::exception_ptr exception();
    /// Throws InvalidStateError unless pending.
    void check_pending() const;
    /// The box holds a value.
    void finish();
    void finish(std::exception_ptr error);
    /// User's set_result/set_exception: a task refuses.
    virtual void check_settable() const {}
    /// The exception to throw for a cancelled future.
    std::exception_ptr cancelled_error();

    /// Appends; schedules at once when done.
    void add_callback(ReadyNode& node);
    /// An id for the next callback of the user, unique in this process.
    static std::uint64_t next_callback_id() noexcept;
    std::size_t remove_callbacks(bool (*matches)(ReadyNode&, const void*), const void* what);

    virtual bool is_task() const noexcept { return false; }

    Receiver& box_;
    const Ref<LoopCore> core_;
    ReadyQueue callbacks_;
    std::unique_ptr<std::string> cancel_message_;
    const std::source_location created_;
    State state_ = State::pending;
    bool log_error_ = false; // an exception that nobody has looked at
    bool taken_ = false;     // a move-only result was moved out

protected:
    virtual ~FutureBase();
    bool cancel_now(const CancelMessage& message);
    void report_unretrieved() noexcept;

private:
    void schedule_callbacks();
    static void destroy_on_loop(FutureBase* self) noexcept;
};

/// A plain future.
template <class T>
class FutureImpl : private ReceiverOf<T>, public FutureBase, public Pooled {
public:
    FutureImpl(LoopCore& core, std::source_location created) noexcept
        : FutureBase(core, static_cast<Receiver&>(*this), created) {}
};

template <class T>
ReceiverOf<T>& box_of(FutureBase& future) noexcept {
    return static_cast<ReceiverOf<T>&>(future.box_);
}

/// A completion callback of the user: owned by the future, then by the ready queue.
class ASYNCIO_EXPORT CallbackNode : public ReadyNode {
public:
    CallbackNode(std::uint64_t id, ContextSlot context) noexcept
        : id_(id), context_(std::move(context)) {}
    void run() override;
    void discard() noexcept override { delete this; }
    void future_done(FutureBase& future) noexcept override { future_ = Ref<FutureBase>(&future); }
    std::string describe() const override;
    virtual const std::type_info& callback_type() const noexcept = 0;
    /// Whether the callable equals another one of the same type.
    virtual bool equals(const void* callable) const = 0;

    const std::uint64_t id_;

protected:
    virtual ~CallbackNode() = default;
    virtual void invoke(Ref<FutureBase> future) = 0;

    ContextSlot context_;
    Ref<FutureBase> future_; // held while scheduled
};

/// Library callbacks that need no context: gather, wait, shield...
template <class F>
class DoneNode final : public ReadyNode, public Pooled {
public:
    explicit DoneNode(F function) : function_(std::move(function)) {}
    void run() override {
        const std::unique_ptr<DoneNode> self(this);
        const Ref<FutureBase> future = std::move(future_);
        function_(*future);
    }
    void discard() noexcept override { delete this; }
    void future_done(FutureBase& future) noexcept override { future_ = Ref<FutureBase>(&future); }

private:
    F function_;
    Ref<FutureBase> future_;
};

template <class F>
DoneNode<F>& add_done_node(FutureBase& future, F function) {
    auto* node = new DoneNode<F>(std::move(function));
    future.add_callback(*node);
    return *node;
}
/// Forgets a node that add_done_node returned, if it is not scheduled yet.
ASYNCIO_EXPORT void remove_done_node(FutureBase& future, ReadyNode& node) noexcept;

} // namespace asyncio::detail
