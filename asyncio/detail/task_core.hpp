// Layer 2. The state behind Task: a future that drives a coroutine.
//
// One ready node serves for the first step, for sleep(0) and for every wake-up, because a task
// waits for one thing at a time. Python counterpart: tasks.Task.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/cancel_state.hpp>
#include <asyncio/detail/future_core.hpp>
#include <asyncio/detail/promise.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace asyncio::detail {

class ASYNCIO_EXPORT TaskCore : public FutureBase, public ReadyNode, public Trampoline {
public:
    TaskCore(LoopCore& core, Receiver& box, PromiseBase& root, ContextSlot context,
             std::source_location created) noexcept;

    /// Registers the task with its loop and queues the first step, or runs it now.
    void start(bool eager);

    bool cancel(const CancelMessage& message) override;
    bool is_task() const noexcept override { return true; }
    void check_settable() const override;
    std::string describe() const override;

    /// The awaiting coroutine is suspended until `what` wakes the task.
    void wait_on(Cancellable& what, PromiseBase& leaf) {
        leaf_ = &leaf;
        waiting_ = &what;
        if (cancel_.must_throw()) [[unlikely]]
            forward_cancel();
    }
    /// Suspends on a future, or arranges for the error that awaiting it is.
    void wait_for(FutureBase& future, PromiseBase& leaf);
    /// sleep(0): suspends for one iteration.
    void yield(PromiseBase& leaf) {
        leaf_ = &leaf;
        core_->push(*this);
    }
    /// Queues the next step.
    void wake() { core_->push(*this); }
    /// The same, but the step begins only if the Waiter it waits on agrees: Waiter::look_again().
    void wake_to_look() {
        looks_again_ = true;
        wake();
    }
    /// What the next resumption throws instead of giving a result.
    void interrupt(std::exception_ptr error) noexcept { interrupt_ = std::move(error); }
    void check_interrupt() {
        if (interrupt_) [[unlikely]]
            throw_interrupt();
    }
    bool interrupted() const noexcept { return interrupt_ != nullptr; }

    std::string name() const;
    void set_name(std::string name) { name_ = std::make_unique<std::string>(std::move(name)); }

    // ReadyNode
    void run() override;
    void discard() noexcept override {}
    std::string await_place() const override;
    bool counted() const noexcept override { return true; }
    void retain() noexcept override { add_ref(); }
    void release() noexcept override { Ref<TaskCore>::adopt(this); }

    /// The loop closes: destroys the frames and reports the task as destroyed while pending.
    void abandon() noexcept;

    CancelState cancel_;
    ContextSlot context_;
    Cancellable* waiting_ = nullptr; // null while running, queued by sleep(0) or done
    PromiseBase* root_;              // null once the coroutine has ended
    TaskCore* task_before_ = nullptr;
    TaskCore* task_after_ = nullptr;
    bool started_ = false;
    bool registered_ = false;
    bool log_destroy_pending_ = true;
    bool looks_again_ = false; // the queued step asks the waiter first

protected:
    ~TaskCore() override;
    virtual void drop_value() noexcept = 0;

private:
    void step();
    bool enter_and_drive();
    void drive();
    bool prepare();
    void conclude();
    void forward_cancel();
    void enlist() noexcept;
    void delist() noexcept;
    [[noreturn]] void throw_interrupt();

    std::exception_ptr interrupt_;
    std::unique_ptr<std::string> name_;
    std::uint64_t number_ = 0;
};

template <class T>
class TaskImpl final : private ReceiverOf<T>, public TaskCore, public Pooled {
public:
    TaskImpl(LoopCore& core, Promise<T>& root, ContextSlot context,
             std::source_location created) noexcept
        : TaskCore(core, static_cast<Receiver&>(*this), root, std::move(context), created) {}

private:
    void drop_value() noexcept override { this->value.reset(); }
};

inline void PromiseBase::finished(PromiseBase& promise) noexcept {
    TaskCore& task = *promise.task_;
    task.resume_ = promise.parent_;
    if (!promise.parent_) task.returned_ = true;
}

} // namespace asyncio::detail
