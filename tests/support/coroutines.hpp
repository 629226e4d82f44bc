// Coroutines for tests of tasks and futures: each does one small thing.
#pragma once
#include <asyncio/asyncio.hpp>

#include "tools.hpp"

#include <string>
#include <utility>

namespace asyncio_test {

inline asyncio::Coroutine<int> twice(int n) {
    co_await asyncio::sleep(0);
    co_return 2 * n;
}

inline asyncio::Coroutine<> fail(std::string text) {
    co_await asyncio::sleep(0);
    throw asyncio::ValueError(text);
}

inline asyncio::Coroutine<> wait_on(asyncio::Future<> future) { co_await future; }

inline asyncio::Coroutine<> forever() { co_await new_future(); }

/// Returns after so many iterations of the loop.
template <class T>
asyncio::Coroutine<T> value_after(T value, int iterations) {
    co_await ticks(iterations);
    co_return value;
}

inline asyncio::Coroutine<std::string> value_after(const char* value, int iterations) {
    return value_after(std::string(value), iterations);
}

/// Throws ValueError after so many iterations.
template <class T = void>
asyncio::Coroutine<T> fail_after(std::string text, int iterations) {
    co_await ticks(iterations);
    throw asyncio::ValueError(text);
}

/// How many cancellations of the running task have been asked for.
inline int requests() { return asyncio::current_task().cancelling(); }

} // namespace asyncio_test
