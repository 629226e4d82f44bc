// Layer 2. as_completed(): futures in the order in which they end.
//
// Python counterpart: asyncio.as_completed.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/tasks.hpp>

#include <iterator>
#include <optional>
#include <ranges>
#include <set>
#include <utility>
#include <vector>

namespace asyncio {

struct AsCompletedOptions {
    std::optional<Seconds> timeout = {};
};

namespace detail {

class CompletionQueue;

[[noreturn]] ASYNCIO_EXPORT void throw_as_completed_timeout();

/// Shared ownership of a queue whose type is private.
class ASYNCIO_EXPORT CompletionHandle {
public:
    explicit CompletionHandle(Ref<CompletionQueue> queue) noexcept;
    CompletionHandle(const CompletionHandle&) noexcept;
    CompletionHandle& operator=(const CompletionHandle&) noexcept;
    ~CompletionHandle();
    bool take_turn() const noexcept;
    Coroutine<Ref<FutureBase>> next() const;

private:
    Ref<CompletionQueue> queue_;
};

ASYNCIO_EXPORT CompletionHandle watch_completion(std::vector<Ref<FutureBase>> futures,
                                                 AsCompletedOptions options);

template <class F>
Coroutine<std::optional<F>> next_handle(CompletionHandle queue) {
    Ref<FutureBase> future = co_await queue.next();
    if (!future) throw_as_completed_timeout();
    co_return std::optional<F>(F::from(std::move(future)));
}
template <class F>
Coroutine<std::optional<F>> no_handle() {
    co_return std::nullopt;
}
template <class T, class F>
Coroutine<T> next_result(CompletionHandle queue) {
    Ref<FutureBase> future = co_await queue.next();
    if (!future) throw_as_completed_timeout();
    co_return co_await F::from(std::move(future));
}

} // namespace detail

/// Iterates over futures in order of completion. F is the kind of future.
template <class F>
class AsCompleted {
    using T = await_result_t<F>;

public:
    explicit AsCompleted(detail::CompletionHandle queue) : queue_(std::move(queue)) {}

    /// The very future that ended next; empty when all were given. Throws TimeoutError when the
    /// time is up; the futures go on.
    Coroutine<std::optional<F>> next() const {
        return queue_.take_turn() ? detail::next_handle<F>(queue_) : detail::no_handle<F>();
    }

    /// Plain iteration: each step gives a coroutine for "the next result".
    class iterator {
    public:
        using value_type = Coroutine<T>;
        using difference_type = std::ptrdiff_t;
        explicit iterator(std::optional<detail::CompletionHandle> queue)
            : queue_(std::move(queue)) {
            ++*this;
        }
        Coroutine<T> operator*() const { return detail::next_result<T, F>(*queue_); }
        iterator& operator++() {
            if (queue_ && !queue_->take_turn()) queue_.reset();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const noexcept { return !queue_; }

    private:
        std::optional<detail::CompletionHandle> queue_;
    };
    iterator begin() const { return iterator(queue_); }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    detail::CompletionHandle queue_;
};

/// Starts coroutines as tasks and watches them all, each distinct future once.
template <detail::AwaitableRange R>
auto as_completed(R&& awaitables, AsCompletedOptions options = {}) {
    using A = std::ranges::range_value_t<R>;
    using F = std::conditional_t<FutureLike<A>, A, Task<await_result_t<A>>>;
    std::vector<detail::Ref<detail::FutureBase>> futures;
    std::set<const void*> seen;
    for (auto&& awaitable : awaitables) {
        detail::Ref<detail::FutureBase> future;
        if constexpr (FutureLike<A>)
            future = awaitable.ref();
        else
            future = create_task(std::move(awaitable)).ref();
        if (seen.insert(future.get()).second) futures.push_back(std::move(future));
    }
    return AsCompleted<F>(detail::watch_completion(std::move(futures), options));
}
/// A single future: as_completed() expects a range.
template <FutureLike F>
auto as_completed(F&&, AsCompletedOptions = {}) = delete;

} // namespace asyncio
