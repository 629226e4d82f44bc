// Layer 2. gather(): run together, collect the results in order.
//
// Python counterpart: asyncio.gather.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/future_core.hpp>
#include <asyncio/outcome.hpp>
#include <asyncio/tasks.hpp>

#include <concepts>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace asyncio {

struct return_exceptions_t {};
/// gather(return_exceptions, ...): errors become elements of the result.
inline constexpr return_exceptions_t return_exceptions{};

namespace detail {

/// The future of a gather: cancelling it cancels the children.
class ASYNCIO_EXPORT GatherBase : public FutureBase {
public:
    GatherBase(LoopCore& core, Receiver& box, bool return_exceptions);
    bool cancel(const CancelMessage& message) override;
    /// Watches each distinct child; completes at once when there is none.
    void watch(std::vector<Ref<FutureBase>> children, bool may_repeat);
    /// The loop closes: lets go of the children, which refer back.
    void release_children() noexcept;

    GatherBase* gather_before_ = nullptr; // the loop's list of unfinished gathers
    GatherBase* gather_after_ = nullptr;

protected:
    ~GatherBase() override;
    /// Fills the box from the children, which are all done.
    virtual void collect() = 0;
    std::vector<Ref<FutureBase>> children_;

private:
    class Child;
    void child_done(FutureBase& child);
    void complete(FutureBase& last);

    std::size_t unfinished_ = 0;
    bool return_exceptions_;
    bool cancel_requested_ = false;
};

template <class T>
using element_t = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

/// The result of a finished future: moved out when nobody else can see it.
template <class T>
element_t<T> take_result(FutureBase& future) {
    auto& value = box_of<T>(future).value;
    if constexpr (std::is_void_v<T>) {
        return {};
    } else if constexpr (std::is_reference_v<T>) {
        return value.get();
    } else if constexpr (!std::is_copy_constructible_v<T>) {
        if (std::exchange(future.taken_, true)) throw_result_taken();
        return value.take();
    } else {
        return future.use_count() == 1 ? value.take() : value.copy();
    }
}

template <class T>
Outcome<T> take_outcome(FutureBase& future) {
    if (future.cancelled()) return Outcome<T>(future.cancelled_error());
    if (auto error = future.exception()) return Outcome<T>(std::move(error));
    if constexpr (std::is_void_v<T>)
        return Outcome<T>(std::in_place);
    else if constexpr (std::is_reference_v<T>)
        return Outcome<T>(std::in_place, &box_of<T>(future).value.get());
    else
        return Outcome<T>(std::in_place, take_result<T>(future));
}

template <bool Outcomes, class T>
using gathered_t = std::conditional_t<Outcomes, Outcome<T>, element_t<T>>;

template <bool Outcomes, class T>
gathered_t<Outcomes, T> take_gathered(FutureBase& future) {
    if constexpr (Outcomes)
        return take_outcome<T>(future);
    else
        return take_result<T>(future);
}

template <bool Outcomes, class... T>
class GatherTuple final : private ReceiverOf<std::tuple<gathered_t<Outcomes, T>...>>,
                          public GatherBase,
                          public Pooled {
public:
    explicit GatherTuple(LoopCore& core)
        : GatherBase(core, static_cast<Receiver&>(*this), Outcomes) {}

private:
    void collect() override {
        [this]<std::size_t... I>(std::index_sequence<I...>) {
            this->value.emplace(take_gathered<Outcomes, T>(*this->children_[I])...);
        }(std::index_sequence_for<T...>{});
    }
};

template <bool Outcomes, class T>
class GatherVector final : private ReceiverOf<std::vector<gathered_t<Outcomes, T>>>,
                           public GatherBase,
                           public Pooled {
public:
    explicit GatherVector(LoopCore& core)
        : GatherBase(core, static_cast<Receiver&>(*this), Outcomes) {}

private:
    void collect() override {
        std::vector<gathered_t<Outcomes, T>> results;
        results.reserve(children_.size());
        for (const auto& future : children_) results.push_back(take_gathered<Outcomes, T>(*future));
        this->value.emplace(std::move(results));
    }
};

/// Starts a coroutine in the loop without a "destroyed but pending" report of its own; passes a
/// future on.
template <Awaitable A>
Ref<FutureBase> child_of_gather(A&& awaitable) {
    if constexpr (FutureLike<A>) {
        awaitable.core();
        return awaitable.ref();
    } else {
        auto task =
            asyncio::create_task(std::forward<A>(awaitable), CallSite(std::source_location()));
        task.task().log_destroy_pending_ = false;
        return std::move(task).release();
    }
}

/// The loop all children belong to. Throws ValueError when they belong to several.
ASYNCIO_EXPORT LoopCore& loop_of(const std::vector<Ref<FutureBase>>& children);

template <class Gather, class Result>
Future<Result> start_gather(std::vector<Ref<FutureBase>> children, bool may_repeat) {
    auto gather = make_ref<Gather>(loop_of(children));
    gather->watch(std::move(children), may_repeat);
    return Future<Result>::from(std::move(gather));
}

template <bool Outcomes, class... A>
auto gather_each(A&&... awaitables) {
    std::vector<Ref<FutureBase>> children;
    children.reserve(sizeof...(A));
    (children.push_back(child_of_gather(std::forward<A>(awaitables))), ...);
    return start_gather<GatherTuple<Outcomes, await_result_t<A>...>,
                        std::tuple<gathered_t<Outcomes, await_result_t<A>>...>>(
        std::move(children), (FutureLike<A> || ...));
}

template <bool Outcomes, std::ranges::input_range R>
auto gather_range(R&& awaitables) {
    using A = std::ranges::range_value_t<R>;
    using T = await_result_t<A>;
    std::vector<Ref<FutureBase>> children;
    for (auto&& awaitable : awaitables) {
        if constexpr (FutureLike<A>)
            children.push_back(child_of_gather(awaitable));
        else
            children.push_back(child_of_gather(std::move(awaitable)));
    }
    return start_gather<GatherVector<Outcomes, T>, std::vector<gathered_t<Outcomes, T>>>(
        std::move(children), FutureLike<A>);
}

template <class R>
concept AwaitableRange =
    std::ranges::input_range<R> && !Awaitable<R> && Awaitable<std::ranges::range_value_t<R>>;

} // namespace detail

/// Runs the awaitables concurrently; the future's result is the tuple of theirs, in order
/// (std::monostate for none). The first exception completes the future at once and leaves the
/// others running. Cancelling it cancels every child; it is done when all children are.
/// The same future given twice runs once. Throws ValueError for futures of several loops.
template <Awaitable... A>
auto gather(A&&... awaitables) {
    return detail::gather_each<false>(std::forward<A>(awaitables)...);
}
template <Awaitable... A>
auto gather(return_exceptions_t, A&&... awaitables) {
    return detail::gather_each<true>(std::forward<A>(awaitables)...);
}
/// The same for a range; coroutines are moved out of it. The result is a vector.
template <detail::AwaitableRange R>
auto gather(R&& awaitables) {
    return detail::gather_range<false>(std::forward<R>(awaitables));
}
template <detail::AwaitableRange R>
auto gather(return_exceptions_t, R&& awaitables) {
    return detail::gather_range<true>(std::forward<R>(awaitables));
}

} // namespace asyncio
