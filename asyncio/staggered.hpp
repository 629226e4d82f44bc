// Layer 3. staggered_race: attempts that start one after another, until the first succeeds.
//
//   attempt 0 ──────────x fails           a failure starts the next one at once
//   attempt 1            ─────────────>   the delay starts the next one beside it
//   attempt 2                   ─────>    the winner cancels the others, which are awaited
//
// create_connection() makes happy eyeballs (RFC 8305) of it. Python counterpart: asyncio.staggered.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/locks.hpp>
#include <asyncio/seconds.hpp>
#include <asyncio/tasks.hpp>
#include <asyncio/wait.hpp>
#include <asyncio/wait_for.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace asyncio::staggered {

template <class T>
using Attempt = std::function<Coroutine<T>()>;

/// How a race ended. T is std::monostate for attempts without a result.
template <class T>
struct StaggeredResult {
    std::optional<T> result = {};          ///< The winner's; nothing when all failed
    std::optional<std::size_t> index = {}; ///< Which attempt won
    /// One for each attempt that was started, in order; null for the winner
    std::vector<std::exception_ptr> exceptions = {};
};

} // namespace asyncio::staggered

namespace asyncio::detail {

template <class T>
using race_value_t = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

// Shared by the race and its attempts.
template <class T>
struct Race {
    using Result = staggered::StaggeredResult<race_value_t<T>>;

    Race(std::vector<staggered::Attempt<T>> functions, std::optional<Seconds> after)
        : attempts(std::move(functions)), delay(after) {}

    const std::vector<staggered::Attempt<T>> attempts;
    const std::optional<Seconds> delay;
    std::vector<Task<>> tasks;
    Result outcome;
};

template <class T>
Coroutine<race_value_t<T>> race_value(Coroutine<T> attempt) {
    if constexpr (std::is_void_v<T>) {
        co_await std::move(attempt);
        co_return std::monostate();
    } else {
        co_return co_await std::move(attempt);
    }
}

// True: it failed. False: the time is over.
inline Coroutine<bool> failed_within(Event failed, std::optional<Seconds> delay) {
    try {
        co_await wait_for(failed.wait(), delay);
    } catch (const TimeoutError&) {
        co_return false;
    }
    co_return true;
}

template <class T>
void cancel_others(Race<T>& race) {
    const TaskRef self = current_task();
    const auto tasks = race.tasks; // a cancelled task may run code
    for (const Task<>& task : tasks)
        if (TaskRef(task) != self) task.cancel();
}

// Waits for its turn, sees to it that the next one has its own, and tries. `listed` is set when the
// task is in the race's list, which an eager task would be ahead of.
template <class T>
Coroutine<> run_attempt(std::shared_ptr<Race<T>> race, Event listed,
                        std::optional<Event> previous_failed) {
    co_await listed.wait();
    if (previous_failed) co_await failed_within(*previous_failed, race->delay);
    const std::size_t index = race->outcome.exceptions.size();
    if (index == race->attempts.size()) co_return;
    const Event failed, next_listed;
    std::optional<Event> after(failed);
    race->outcome.exceptions.emplace_back();
    race->tasks.push_back(create_task(run_attempt<T>(race, next_listed, after)));
    next_listed.set();
    std::optional<race_value_t<T>> result;
    try {
        result.emplace(co_await race_value<T>(race->attempts[index]()));
    } catch (...) {
        const std::exception_ptr error = std::current_exception();
        if (is_base_only(error)) throw;
        race->outcome.exceptions[index] = error;
        failed.set();
        co_return;
    }
    if (race->outcome.index) co_return; // it swallowed the winner's cancel: its result is dropped
    race->outcome.index = index;
    race->outcome.result = std::move(result);
    cancel_others(*race);
}

template <class T>
bool race_is_over(const Race<T>& race) {
    for (const Task<>& task : race.tasks)
        if (!task.done()) return false;
    return true;
}

template <class T>
Coroutine<typename Race<T>::Result> run_race(std::vector<staggered::Attempt<T>> attempts,
                                             std::optional<Seconds> delay) {
    const auto race = std::make_shared<Race<T>>(std::move(attempts), delay);
    const Event listed;
    race->tasks.push_back(create_task(run_attempt<T>(race, listed, std::optional<Event>())));
    listed.set();
    std::exception_ptr cancelled;
    while (!race_is_over(*race)) {
        const std::vector<Task<>> tasks = race->tasks; // it grows
        try {
            co_await wait(tasks);
        } catch (const CancelledError&) {
            cancelled = std::current_exception();
            const std::vector<Task<>> all = race->tasks;
            for (const Task<>& task : all) task.cancel();
        }
    }
    const auto tasks = std::move(race->tasks);
    for (const Task<>& task : tasks)
        if (!task.cancelled() && task.exception()) std::rethrow_exception(task.exception());
    if (cancelled) std::rethrow_exception(cancelled);
    co_return std::move(race->outcome);
}

} // namespace asyncio::detail

namespace asyncio::staggered {

/// Starts the attempts in order: the next one when the last that was started has failed, or has
/// taken `delay`; without a delay strictly one after another. The first success wins. The others
/// are cancelled, and have ended when it returns; so they are when the race is cancelled. Never
/// throws an attempt's error.
template <class T>
Coroutine<StaggeredResult<detail::race_value_t<T>>>
staggered_race(std::vector<Attempt<T>> attempts, std::optional<Seconds> delay = {}) {
    return detail::run_race<T>(std::move(attempts), delay);
}

} // namespace asyncio::staggered
