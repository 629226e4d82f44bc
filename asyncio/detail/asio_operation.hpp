// Layer 2. An Asio operation under way on behalf of a task or a future. Part of asio.hpp.
//
//   co_await op ──> initiation(handler) ──> Asio ──> handler on the loop's executor ──> task wakes
//        cancel ──> cancellation signal ────^
//
// A cancel asks Asio to stop, and the operation's end is waited for before CancelledError is
// thrown: until then the system may use the caller's buffer. The handler refers to a counted state,
// so the frame of the awaiting coroutine may be destroyed before the operation ends.
#pragma once
#include <asyncio/detail/asio_result.hpp>
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/futures.hpp>
#include <asyncio/tasks.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

namespace asyncio::detail {

ASYNCIO_EXPORT boost::asio::any_io_executor executor_of(AbstractEventLoop& loop);

/// Memory of Asio's own for an operation comes from the recycled blocks too.
template <class T>
struct PooledAllocator {
    using value_type = T;
    PooledAllocator() = default;
    template <class U>
    PooledAllocator(const PooledAllocator<U>&) noexcept {}
    T* allocate(std::size_t count) {
        static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
        return static_cast<T*>(detail::allocate(count * sizeof(T)));
    }
    void deallocate(T* block, std::size_t count) noexcept {
        detail::deallocate(block, count * sizeof(T));
    }
    template <class U>
    bool operator==(const PooledAllocator<U>&) const noexcept {
        return true;
    }
};

/// Calls back on the executor of the loop. Target has cancellation_slot() and complete(args...).
template <class Target>
class AsioHandler {
public:
    using executor_type = boost::asio::any_io_executor;
    using allocator_type = PooledAllocator<void*>;
    using cancellation_slot_type = boost::asio::cancellation_slot;

    AsioHandler(Ref<Target> target, executor_type executor)
        : target_(std::move(target)), executor_(std::move(executor)) {}
    executor_type get_executor() const noexcept { return executor_; }
    allocator_type get_allocator() const noexcept { return {}; }
    cancellation_slot_type get_cancellation_slot() const noexcept {
        return target_->cancellation_slot();
    }
    template <class... Args>
    void operator()(Args&&... args) {
        target_->complete(std::forward<Args>(args)...);
    }

private:
    Ref<Target> target_;
    executor_type executor_;
};

/// The waiter of a task whose operation must have ended before the task goes on.
class ASYNCIO_EXPORT OperationWaiter : public Waiter {
public:
    bool cancel(const CancelMessage& message) override;
    std::string describe() const override { return "<Asio operation>"; }
    /// The operation has ended.
    void ended();
    /// Where a cancel goes; the operation outlives neither.
    void bind(boost::asio::cancellation_signal& signal) noexcept { signal_ = &signal; }

private:
    boost::asio::cancellation_signal* signal_ = nullptr;
    bool requested_ = false;
    CancelMessage message_;
};

template <class Signature>
class OperationState : public RefCounted, public Pooled {
public:
    using value_type = typename Completion<Signature>::type;
    void destroy() noexcept { delete this; }
    boost::asio::cancellation_slot cancellation_slot() noexcept { return signal_.slot(); }
    template <class... Args>
    void complete(Args&&... args) {
        if (waiter_) error_ = Completion<Signature>::store(value_, std::forward<Args>(args)...);
        done_ = true;
        if (auto* waiter = std::exchange(waiter_, nullptr)) waiter->ended();
    }
    /// Nobody waits any more.
    void abandon() noexcept {
        if (!std::exchange(waiter_, nullptr)) return;
        signal_.emit(boost::asio::cancellation_type::all);
    }

    boost::asio::cancellation_signal signal_;
    OperationWaiter* waiter_ = nullptr;
    Slot<value_type> value_;
    std::exception_ptr error_;
    bool done_ = false;
};

/// What an initiating function returns for the token use_awaitable: it begins when it is awaited.
template <class Signature, class Initiation, class... Args>
class [[nodiscard]] Operation
    : public Leaf<Operation<Signature, Initiation, Args...>, typename Completion<Signature>::type>,
      private OperationWaiter {
public:
    template <class I, class... A>
    explicit Operation(std::in_place_t, I&& initiation, A&&... args)
        : initiation_(std::forward<I>(initiation)), args_(std::forward<A>(args)...) {}
    Operation(Operation&&) = default;
    ~Operation() {
        if (state_) state_->abandon();
    }
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise) {
        TaskCore& task = *promise.task_;
        if (!task.cancel_.must_throw()) begin(task);
        Waiter::suspend(promise);
        if (state_ && state_->done_) Waiter::wake(); // it called back at once
    }
    typename Completion<Signature>::type await_resume() {
        check();
        if (state_->error_) std::rethrow_exception(state_->error_);
        return state_->value_.take();
    }

private:
    using State = OperationState<Signature>;

    void begin(TaskCore& task) {
        auto state = make_ref<State>();
        state->waiter_ = this;
        bind(state->signal_);
        state_ = state;
        std::apply(
            [&](Args&... args) {
                std::move(initiation_)(
                    AsioHandler<State>(std::move(state), executor_of(task.core_->loop())),
                    std::move(args)...);
            },
            args_);
    }

    Initiation initiation_;
    std::tuple<Args...> args_;
    Ref<State> state_;
};

/// The future that the token use_future returns.
template <class Signature>
class OperationFuture final : public FutureImpl<typename Completion<Signature>::type> {
public:
    using T = typename Completion<Signature>::type;
    using FutureImpl<T>::FutureImpl;

    bool cancel(const CancelMessage& message) override {
        if (this->done()) return false;
        requested_ = true;
        message_ = message;
        signal_.emit(boost::asio::cancellation_type::all);
        return true;
    }
    boost::asio::cancellation_slot cancellation_slot() noexcept { return signal_.slot(); }
    template <class... Args>
    void complete(Args&&... args) {
        if (this->core_->closed_) return;
        if (requested_) {
            this->cancel_now(message_);
        } else if (auto failed = Completion<Signature>::store(box_of<T>(*this).value,
                                                              std::forward<Args>(args)...)) {
            this->finish(std::move(failed));
        } else {
            this->finish();
        }
    }

private:
    boost::asio::cancellation_signal signal_;
    bool requested_ = false;
    CancelMessage message_;
};

} // namespace asyncio::detail
