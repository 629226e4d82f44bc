// Layer 2. The frame of an asynchronous generator, and the counted state that its handles share.
//
//   consumer   co_await g.next()   the generator's frame becomes the trampoline's next
//   generator  co_yield value      the consumer becomes the next; the value stays where it is
//   consumer   moves the value out through a pointer
//
// A step links the frame below its consumer, so what the body awaits is what the consumer's task
// awaits: cancellation, context and stack trace go through. Nothing is allocated for a step.
// Python counterpart: Objects/genobject.c.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/context_data.hpp>
#include <asyncio/detail/loop_core.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/promise.hpp>
#include <asyncio/detail/ready.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/detail/result.hpp>
#include <asyncio/detail/task_core.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>

namespace asyncio {
template <class T>
class AsyncGenerator;
}

namespace asyncio::detail {

/// What is behind an AsyncGenerator of any type. It owns the frame, through Receiver::child, until
/// the body ends; a task that is destroyed during a step destroys the frame with its chain.
///
///   unstarted  --next-->  running  --co_yield-->  idle  --next-->  running  --end-->  finished
///
/// Counted on any thread; the rest belongs to the thread of the loop that iterates.
class ASYNCIO_EXPORT GeneratorCore final : public RefCounted,
                                           public Receiver,
                                           public ReadyNode,
                                           public Cancellable,
                                           public Pooled {
public:
    explicit GeneratorCore(PromiseBase& frame) noexcept;
    /// The last handle is gone: an idle generator is closed by its loop, in a task of its own.
    void destroy() noexcept;

    bool finished() const noexcept { return !child; }
    bool started() const noexcept { return static_cast<bool>(loop_); }
    bool running() const noexcept { return child && running_; }
    /// It was told to exit and yielded instead.
    bool defied() const noexcept { return closed_ && child; }
    /// Throws RuntimeError "OPERATION: asynchronous generator is already running".
    void check_idle(const char* operation) const {
        if (running()) [[unlikely]]
            throw_running(operation);
    }

    /// Makes the body the next thing that `consumer`'s task runs.
    void step(PromiseBase& consumer) {
        if (!loop_) [[unlikely]]
            enlist(*consumer.task_->core_);
        child->parent_ = &consumer;
        child->task_ = consumer.task_;
        running_ = true;
        consumer.task_->resume_ = child;
    }
    /// The same, with an exception that is thrown at the co_yield.
    void step(PromiseBase& consumer, std::exception_ptr thrown) {
        step(consumer);
        thrown_ = std::move(thrown);
    }
    /// The same, and the body has to end; with GeneratorExit for a null pointer.
    void step_to_exit(PromiseBase& consumer, std::exception_ptr thrown);
    /// The end of a step: what was yielded, or null when the body has returned or had ended before.
    /// Throws the exception it ended with.
    const void* take() {
        if (yielded_) [[likely]]
            return std::exchange(yielded_, nullptr);
        if (child) end();
        return nullptr;
    }
    /// The end of a step to exit. Throws RuntimeError when the body has yielded.
    void take_exit();
    /// A generator that never ran ends without running.
    void drop_unstarted() noexcept { drop_frame(); }
    /// The same with an exception, which it throws.
    [[noreturn]] void fail_unstarted(std::exception_ptr thrown);

    // The body's side.
    void yield(const void* value, bool movable) noexcept {
        yielded_ = value;
        movable_ = movable;
    }
    void pause() noexcept {
        running_ = false;
        child->task_->resume_ = std::exchange(child->parent_, nullptr);
    }
    void check_thrown() {
        if (thrown_) [[unlikely]]
            std::rethrow_exception(std::exchange(thrown_, nullptr));
    }
    /// Whether what take() gave may be moved from.
    bool movable() const noexcept { return movable_; }

    /// "<async_generator object NAME at 0x...>".
    std::string repr() const;

    // The loop's side. Until a task that closes a generator makes its first step, it waits for the
    // generator: a cancel that comes so early is thrown at the co_yield, as in Python, where it
    // would otherwise skip the clean-up.
    void closes_in(TaskCore& task) noexcept;
    bool cancel(const CancelMessage& message) override;
    bool ended_cancelled() const noexcept override { return false; }
    std::exception_ptr take_cancel() noexcept { return std::exchange(cancelled_, nullptr); }

    // The closing of an abandoned generator.
    void run() override;
    void discard() noexcept override;
    std::string describe() const override { return "<Handle aclose " + repr() + '>'; }
    bool counted() const noexcept override { return true; }
    void retain() noexcept override { add_ref(); }
    void release() noexcept override { Ref<GeneratorCore>::adopt(this); }

private:
    friend class GeneratorList;

    [[noreturn]] static void throw_running(const char* operation);
    void enlist(LoopCore& core);
    void end();
    std::exception_ptr take_error();
    void drop_frame() noexcept;
    bool close_later() noexcept;

    bool running_ = false;
    bool movable_ = false;
    bool closed_ = false;    // aclose() has begun
    bool discarded_ = false; // its loop closed before it could close the generator
    bool listed_ = false;    // guarded by the list
    const void* yielded_ = nullptr;
    std::exception_ptr thrown_;    // what the next co_yield throws
    std::exception_ptr cancelled_; // the early cancel of a closing
    Ref<LoopCore> loop_;           // of the first step
    ContextSlot context_;          // in which an abandoned generator is closed
    GeneratorCore* before_ = nullptr;
    GeneratorCore* after_ = nullptr;
    const std::source_location where_;
};

/// What co_yield awaits.
class GeneratorYield {
public:
    explicit GeneratorYield(GeneratorCore& generator) noexcept : generator_(&generator) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const noexcept { generator_->pause(); }
    void await_resume() const { generator_->check_thrown(); }

private:
    GeneratorCore* generator_;
};

class GeneratorPromiseBase : public PromiseBase {
public:
    void return_void() noexcept {}

protected:
    using PromiseBase::PromiseBase;
    GeneratorYield yield(const void* value, bool movable) noexcept {
        auto& generator = *static_cast<GeneratorCore*>(receiver_);
        generator.yield(value, movable);
        return GeneratorYield(generator);
    }
};

/// The operand of co_yield lives in the frame until the generator is resumed, so only its address
/// is handed over: the consumer moves a temporary and copies an object with a name.
template <class T>
class GeneratorPromise final : public GeneratorPromiseBase {
public:
    explicit GeneratorPromise(std::source_location where = std::source_location::current()) noexcept
        : GeneratorPromiseBase(where) {}
    AsyncGenerator<T> get_return_object();
    GeneratorYield yield_value(T&& value) noexcept { return yield(std::addressof(value), true); }
    GeneratorYield yield_value(const T& value) noexcept
        requires std::copy_constructible<T>
    {
        return yield(std::addressof(value), false);
    }
};

template <class T>
class GeneratorPromise<T&> final : public GeneratorPromiseBase {
public:
    explicit GeneratorPromise(std::source_location where = std::source_location::current()) noexcept
        : GeneratorPromiseBase(where) {}
    AsyncGenerator<T&> get_return_object();
    GeneratorYield yield_value(T& value) noexcept { return yield(std::addressof(value), false); }
};

} // namespace asyncio::detail
