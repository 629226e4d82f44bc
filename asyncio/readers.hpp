// Layer 4. add_reader and add_writer: callbacks for any descriptor that can be polled.
//
//   readiness ─> handle in the ready queue ─> callback ─> the next wait
//
// The handle stays until it is removed or replaced, and runs in the context in which it was added.
// Python counterpart: selector_events.BaseSelectorEventLoop.add_reader.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/handle_node.hpp>
#include <asyncio/events.hpp>
#include <asyncio/file_arg.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace asyncio {

namespace detail {

enum class Direction : unsigned char { read, write };

/// A handle that runs each time its descriptor is ready.
class ASYNCIO_EXPORT WatchNode : public HandleNode {
public:
    WatchNode(LoopCore& core, ContextSlot context) noexcept;
    ~WatchNode() override;
    void run() override;
    void discard() noexcept override;
    /// Ready: into the queue, with a reference.
    void fire();

    const Ref<LoopCore> core_;
    int fd_ = -1;
    Direction direction_ = Direction::read;

protected:
    bool queued_ = false;
};

/// A callable that is called again and again.
template <class F, class... Args>
class RepeatedCall final : public WatchNode, public Pooled {
public:
    template <class G, class... A>
    RepeatedCall(LoopCore& core, ContextSlot context, std::in_place_t, G&& function,
                 A&&... arguments)
        : WatchNode(core, std::move(context)),
          call_(std::in_place, std::forward<G>(function), std::forward<A>(arguments)...) {}
    const std::type_info& callback_type() const noexcept override { return typeid(F); }

protected:
    void invoke() override {
        std::apply([this](Args&... arguments) { std::invoke(call_->function, arguments...); },
                   call_->arguments);
    }
    // After an error in the callback it goes on.
    void clear() noexcept override {
        if (cancelled_) call_.reset();
    }

private:
    struct Call {
        template <class G, class... A>
        explicit Call(G&& f, A&&... a)
            : function(std::forward<G>(f)), arguments(std::forward<A>(a)...) {}
        F function;
        [[no_unique_address]] std::tuple<Args...> arguments;
    };
    std::optional<Call> call_;
};

/// Replaces what watches this direction. Throws RuntimeError for a transport's descriptor and
/// OSError when it cannot be polled.
ASYNCIO_EXPORT void watch_descriptor(AbstractEventLoop& loop, int fd, Direction direction,
                                     Ref<WatchNode> node);

template <class F, class... Args>
void add_watch(AbstractEventLoop& loop, int fd, Direction direction, F&& cb, Args&&... args) {
    static_assert(std::invocable<std::decay_t<F>&, std::decay_t<Args>&...>,
                  "the callback is called more than once: it takes its arguments as lvalues");
    static_assert(!returns_coroutine<F, Args...>(), "coroutines cannot be used as callbacks: use "
                                                    "create_task() in one");
    watch_descriptor(loop, fd, direction,
                     make_ref<RepeatedCall<std::decay_t<F>, std::decay_t<Args>...>>(
                         loop.core(), copy_current_context(), std::in_place, std::forward<F>(cb),
                         std::forward<Args>(args)...));
}

} // namespace detail

// Declared in events.hpp.

template <class F, class... Args>
void AbstractEventLoop::add_reader(FileArg fd, F&& cb, Args&&... args) {
    detail::add_watch(*this, fd.fileno(), detail::Direction::read, std::forward<F>(cb),
                      std::forward<Args>(args)...);
}
template <class F, class... Args>
void AbstractEventLoop::add_writer(FileArg fd, F&& cb, Args&&... args) {
    detail::add_watch(*this, fd.fileno(), detail::Direction::write, std::forward<F>(cb),
                      std::forward<Args>(args)...);
}

} // namespace asyncio
