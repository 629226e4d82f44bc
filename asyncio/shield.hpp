// Layer 2. shield(): await something that must survive the waiter's cancellation.
//
// Python counterpart: asyncio.shield.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/future_core.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/tasks.hpp>

#include <utility>

namespace asyncio {

namespace detail {

/// Reports an error of the future to the exception handler; once, however often it is asked for.
ASYNCIO_EXPORT void log_when_done(FutureBase& inner);

/// What the protected future and its shield know of one another.
struct ShieldLink : RefCounted, Pooled {
    void destroy() noexcept { delete this; }
    FutureBase* inner = nullptr; // null once it is done or gone
    ReadyNode* node = nullptr;   // on the inner future's list, as long as that is pending
};

/// Passes the end of the inner future to the outer one.
template <class T>
class ShieldNode final : public ReadyNode, public Pooled {
public:
    ShieldNode(Ref<FutureBase> outer, Ref<ShieldLink> link)
        : outer_(std::move(outer)), link_(std::move(link)) {}
    ~ShieldNode() { link_->inner = nullptr; }
    void run() override {
        const std::unique_ptr<ShieldNode> self(this);
        const Ref<FutureBase> inner = std::move(inner_);
        if (outer_->done()) return; // the outer was cancelled: log_when_done speaks
        if (inner->cancelled()) {
            outer_->cancel({});
        } else if (auto error = inner->exception()) {
            outer_->finish(std::move(error));
        } else {
            pass_result(*inner);
        }
    }
    void discard() noexcept override { delete this; }
    void future_done(FutureBase& inner) noexcept override {
        link_->inner = nullptr;
        inner_ = Ref<FutureBase>(&inner);
    }

private:
    // A result that is gone, or that cannot be copied, is the outer future's error.
    void pass_result(FutureBase& inner) {
        try {
            if constexpr (std::is_void_v<T>)
                box_of<T>(*outer_).value.emplace();
            else
                box_of<T>(*outer_).value.emplace(take_result<T>(inner));
        } catch (...) {
            return outer_->finish(std::current_exception());
        }
        outer_->finish();
    }

    Ref<FutureBase> outer_;
    Ref<ShieldLink> link_;
    Ref<FutureBase> inner_; // held while scheduled
};

} // namespace detail

/// A future that ends as the awaitable ends, but whose cancellation leaves the awaitable running.
/// A coroutine becomes a task. A future that is done is returned as it is. When the inner future
/// fails after the shield was cancelled, the loop's exception handler is told.
template <Awaitable A>
auto shield(A&& awaitable, std::source_location created = std::source_location::current()) {
    using T = await_result_t<A>;
    const Future<T> inner = ensure_future(std::forward<A>(awaitable), created);
    if (inner.done()) return inner;
    const auto outer = inner.get_loop().template create_future<T>();
    auto link = detail::make_ref<detail::ShieldLink>();
    link->inner = &inner.core();
    auto* const node = new detail::ShieldNode<T>(outer.ref(), link);
    link->node = node;
    detail::add_done_node(outer.core(), [link](detail::FutureBase&) {
        detail::FutureBase* const pending = link->inner;
        if (!pending) return;
        detail::log_when_done(*pending);
        detail::remove_done_node(*pending, *link->node);
    });
    inner.core().add_callback(*node);
    return outer;
}

} // namespace asyncio
