// Random tests of what tasks wait for: seeds, cancellation, and limits that no test may exceed.
#pragma once
#include <asyncio/asyncio.hpp>

#include "run.hpp"
#include "tools.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <random>
#include <vector>

namespace asyncio_test {

using asyncio::Coroutine;
using asyncio::Task;
using Tasks = std::vector<Task<>>;

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    /// 0 up to limit - 1.
    int below(int limit) { return static_cast<int>(engine_() % static_cast<unsigned>(limit)); }
    bool one_in(int n) { return below(n) == 0; }

private:
    std::mt19937_64 engine_;
};

/// The same ones in every run, and some new ones; ASYNCIO_FUZZ_SEED=N for that one alone.
inline std::vector<std::uint64_t> seeds() {
    if (const char* only = std::getenv("ASYNCIO_FUZZ_SEED"))
        return {std::strtoull(only, nullptr, 10)};
    std::vector<std::uint64_t> all;
    for (std::uint64_t seed = 1; seed <= 24; ++seed) all.push_back(seed);
    std::random_device device;
    for (int i = 0; i < 6; ++i) all.push_back(device());
    return all;
}

/// Runs scenario(random) for each seed; a slow machine tries fewer.
template <class F>
void fuzz(F scenario) {
    const auto start = std::chrono::steady_clock::now();
    for (const std::uint64_t seed : seeds()) {
        BOOST_TEST_CONTEXT("ASYNCIO_FUZZ_SEED=" << seed) {
            Random random(seed);
            run([&] { return scenario(random); });
        }
        if (std::chrono::steady_clock::now() - start > std::chrono::seconds(1)) break;
    }
}

/// False when it does not become true in bounded time: a wake-up was lost.
inline Coroutine<bool> comes_true(std::function<bool()> condition) {
    for (int left = 5000; left > 0; --left) {
        if (condition()) co_return true;
        co_await asyncio::sleep(0);
    }
    co_return false;
}

inline Coroutine<> expect(const char* what, std::function<bool()> condition) {
    const bool came = co_await comes_true(std::move(condition));
    BOOST_TEST(came, what);
}

inline std::ptrdiff_t pending(const Tasks& tasks) {
    return std::ranges::count_if(tasks, [](const Task<>& task) { return !task.done(); });
}

/// They end by themselves, and with no other error than a cancellation.
inline Coroutine<> all_end(const Tasks& tasks) {
    co_await expect("all tasks end", [&] { return pending(tasks) == 0; });
    for (const Task<>& task : tasks)
        if (task.done() && !task.cancelled() && task.exception())
            BOOST_ERROR(asyncio::repr(task.exception()));
}

inline void cancel_one(const Tasks& tasks, Random& random) {
    if (tasks.empty()) return;
    tasks[static_cast<std::size_t>(random.below(static_cast<int>(tasks.size())))].cancel();
}

} // namespace asyncio_test
