// Layer 2. wait(): wait for some or all of a set of futures, without touching them.
//
// Python counterpart: asyncio.wait.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/awaiters.hpp>
#include <asyncio/detail/watch.hpp>
#include <asyncio/futures.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/tasks.hpp>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <set>
#include <utility>
#include <vector>

namespace asyncio {

enum class ReturnWhen { FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED };
inline constexpr ReturnWhen FIRST_COMPLETED = ReturnWhen::FIRST_COMPLETED;
inline constexpr ReturnWhen FIRST_EXCEPTION = ReturnWhen::FIRST_EXCEPTION;
inline constexpr ReturnWhen ALL_COMPLETED = ReturnWhen::ALL_COMPLETED;

struct WaitOptions {
    std::optional<Seconds> timeout = {};
    ReturnWhen return_when = ALL_COMPLETED;
};

/// Distinct futures in the order they were given.
template <FutureLike F>
class FutureSet {
public:
    auto begin() const noexcept { return items_.begin(); }
    auto end() const noexcept { return items_.end(); }
    std::size_t size() const noexcept { return items_.size(); }
    bool empty() const noexcept { return items_.empty(); }
    bool contains(const FutureRef& future) const {
        return std::find(items_.begin(), items_.end(), future) != items_.end();
    }
    const F& operator[](std::size_t index) const { return items_.at(index); }
    const std::vector<F>& items() const noexcept { return items_; }
    void insert(F future) { items_.push_back(std::move(future)); }

private:
    std::vector<F> items_;
};

template <FutureLike F>
struct WaitResult {
    FutureSet<F> done;
    FutureSet<F> pending;
    WaitResult() = default; // not an aggregate: GCC 12 mishandles those as results of an await
};

namespace detail {

class ASYNCIO_EXPORT WaitBase {
public:
    WaitBase(std::vector<Ref<FutureBase>> futures, WaitOptions options)
        : futures_(std::move(futures)), options_(options) {}
    WaitBase(WaitBase&&) = default;
    ~WaitBase() { stop(); }
    bool await_ready() const noexcept { return false; }
    void suspend(PromiseBase& promise);

protected:
    void finish() {
        stop();
        waiter_.check();
    }
    std::vector<Ref<FutureBase>> futures_;

private:
    void stop() noexcept;
    void completed(FutureBase& future);

    WaitOptions options_;
    std::size_t left_ = 0;
    Waiter waiter_;
    std::vector<Watch> watches_;
    TimerHandle timer_;
};

template <class F>
F handle_of(Ref<FutureBase> future) {
    if constexpr (std::is_same_v<F, TaskRef>)
        return TaskRef(FutureRef(std::move(future)));
    else
        return F::from(std::move(future));
}

} // namespace detail

/// What wait() returns.
template <FutureLike F>
class [[nodiscard]] Wait : public detail::Leaf<Wait<F>, WaitResult<F>>, public detail::WaitBase {
public:
    using WaitBase::WaitBase;
    WaitResult<F> await_resume() {
        finish();
        WaitResult<F> result;
        for (auto& future : futures_)
            (future->done() ? result.done : result.pending)
                .insert(detail::handle_of<F>(std::move(future)));
        return result;
    }
};

/// Waits until the futures are done, or the first of them is, or the first failed, or the timeout
/// passed. Never cancels them, never throws their errors or TimeoutError. Throws ValueError for an
/// empty set. Cancelling the wait leaves the futures running.
template <std::ranges::input_range R>
    requires FutureLike<std::ranges::range_value_t<R>>
auto wait(R&& futures, WaitOptions options = {}) {
    std::vector<detail::Ref<detail::FutureBase>> distinct;
    std::set<const void*> seen;
    for (const auto& future : futures)
        if (seen.insert(&future.core()).second) distinct.push_back(future.ref());
    return Wait<std::ranges::range_value_t<R>>(std::move(distinct), options);
}
/// A coroutine in the set: "Passing coroutines is forbidden, use tasks explicitly."
template <std::ranges::input_range R>
    requires iscoroutine_v<std::ranges::range_value_t<R>>
auto wait(R&&, WaitOptions = {}) = delete;
/// A single future: wait() expects a range of futures.
template <FutureLike F>
auto wait(F&&, WaitOptions = {}) = delete;

} // namespace asyncio
