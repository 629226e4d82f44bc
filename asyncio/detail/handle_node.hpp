// Layer 1. The objects behind Handle and TimerHandle: a callback with its context.
//
// The queue that holds a node owns one reference to it, Handles own the others.
// Python counterpart: events.Handle, events.TimerHandle.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/context_data.hpp>
#include <asyncio/detail/memory.hpp>
#include <asyncio/detail/ready.hpp>
#include <asyncio/detail/ref.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace asyncio::detail {

class LoopCore;

class ASYNCIO_EXPORT HandleNode : public ReadyNode, public RefCounted {
public:
    HandleNode() = default;
    explicit HandleNode(ContextSlot context) noexcept : context_(std::move(context)) {}

    void run() override;
    void discard() noexcept override;
    std::string describe() const override;
    bool counted() const noexcept override { return true; }
    void retain() noexcept override { add_ref(); }
    void release() noexcept override { Ref<HandleNode>::adopt(this); }
    void destroy() noexcept { delete this; }
    /// Idempotent. Destroys the callable at once unless it is running.
    virtual void cancel() noexcept;
    virtual bool is_timer() const noexcept { return false; }
    bool cancelled() const noexcept { return cancelled_; }
    /// The callable's type, for messages.
    virtual const std::type_info& callback_type() const noexcept = 0;

    ContextSlot context_;
    std::source_location created_ = {}; // shown in debug mode

protected:
    virtual ~HandleNode() = default;
    virtual void invoke() = 0;         // calls the callable, then destroys it
    virtual void clear() noexcept = 0; // destroys it
    void run_callback();

    bool cancelled_ = false;
    bool running_ = false;
};

class ASYNCIO_EXPORT TimerNode : public HandleNode {
public:
    TimerNode(LoopCore& core, ContextSlot context, double when);
    void cancel() noexcept override;
    bool is_timer() const noexcept override { return true; }

    bool scheduled_ = false; // in the loop's heap; first, to share a cache line with next_
    const Ref<LoopCore> core_;
    const double when_;
    std::uint64_t age_ = 0; // in the order of arming

protected:
    ~TimerNode() override;
};

/// A callable and its arguments, called once, each moved into the call when the callable takes it.
template <class F, class... Args>
class BoundCall {
public:
    template <class G, class... A>
    explicit BoundCall(std::in_place_t, G&& function, A&&... arguments)
        : function_(std::forward<G>(function)), arguments_(std::forward<A>(arguments)...) {}
    decltype(auto) operator()() {
        return std::apply(
            [this](Args&... arguments) -> decltype(auto) {
                if constexpr (std::is_invocable_v<F&, Args&&...>)
                    return std::invoke(function_, std::move(arguments)...);
                else
                    return std::invoke(function_, arguments...);
            },
            arguments_);
    }

private:
    F function_;
    [[no_unique_address]] std::tuple<Args...> arguments_;
};

/// Adds a callable to HandleNode or TimerNode.
template <class Base, class Call>
class CallNode : public Base, public Pooled {
public:
    template <class... BaseArgs, class... CallArgs>
    CallNode(std::tuple<BaseArgs...> base, CallArgs&&... call)
        : CallNode(std::index_sequence_for<BaseArgs...>{}, base, std::forward<CallArgs>(call)...) {}
    ~CallNode() override { clear(); }
    const std::type_info& callback_type() const noexcept override { return typeid(Call); }

protected:
    void invoke() override {
        (*call())();
        CallNode::clear();
    }
    void clear() noexcept override {
        if (std::exchange(alive_, false)) std::destroy_at(call());
    }

private:
    template <std::size_t... I, class Tuple, class... CallArgs>
    CallNode(std::index_sequence<I...>, Tuple& base, CallArgs&&... args)
        : Base(std::forward<std::tuple_element_t<I, Tuple>>(std::get<I>(base))...) {
        ::new (static_cast<void*>(storage_)) Call(std::in_place, std::forward<CallArgs>(args)...);
        alive_ = true;
    }
    Call* call() noexcept { return std::launder(reinterpret_cast<Call*>(storage_)); }

    bool alive_ = false;
    alignas(Call) std::byte storage_[sizeof(Call)];
};

/// call_soon_threadsafe: other threads may cancel; cancel() waits for a running callback to end.
/// Its memory goes back to the thread that made it: recycled here, it would pile up on the loop's
/// thread while the other one takes fresh pages.
template <class Call>
class ThreadsafeCallNode final : public CallNode<HandleNode, Call> {
public:
    using CallNode<HandleNode, Call>::CallNode;
    static void* operator new(std::size_t size) { return ::operator new(size); }
    static void operator delete(void* block) noexcept { ::operator delete(block); }
    void run() override {
        // The queue's reference must outlive the lock.
        const Ref<HandleNode> self = Ref<HandleNode>::adopt(this);
        const std::lock_guard lock(mutex_);
        this->run_callback();
    }
    void discard() noexcept override {
        const Ref<HandleNode> self = Ref<HandleNode>::adopt(this);
        const std::lock_guard lock(mutex_);
        this->clear();
    }
    void cancel() noexcept override {
        const std::lock_guard lock(mutex_);
        HandleNode::cancel();
    }

private:
    std::recursive_mutex mutex_; // a callback may cancel its own handle
};

} // namespace asyncio::detail
