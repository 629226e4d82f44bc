// Scheduler micro-benchmarks: one line for each, NAME<TAB>NS_PER_OPERATION. The operations and
// their counts are those of the comparison programs for raw Asio, libuv, uvloop and CPython.
//
// Arguments: a part of the names to run. MEASURE_OPS scales the counts.
#include <asyncio/asyncio.hpp>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using asyncio::Coroutine;

const long N = std::getenv("MEASURE_OPS") ? std::atol(std::getenv("MEASURE_OPS")) : 1'000'000;
std::string filter;

double clock_ns(clockid_t clock) {
    timespec t;
    clock_gettime(clock, &t);
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

/// Runs the body once in a loop of its own and prints CPU time for each operation.
template <class Body>
void bench(const std::string& name, long operations, Body body,
           clockid_t clock = CLOCK_PROCESS_CPUTIME_ID) {
    if (name.find(filter) == std::string::npos) return;
    double ns = 0;
    asyncio::run([&]() -> Coroutine<> {
        const double start = clock_ns(clock);
        co_await body();
        ns = clock_ns(clock) - start;
    });
    std::printf("%s\t%.1f\n", name.c_str(), ns / static_cast<double>(operations));
    std::fflush(stdout);
}

Coroutine<int> immediate() { co_return 1; }

Coroutine<int> nested(int depth) {
    if (depth <= 1) co_return 1;
    co_return co_await nested(depth - 1);
}

Coroutine<> yields(long count) {
    for (long i = 0; i < count; ++i) co_await asyncio::sleep(0);
}

// call_soon: each callback schedules the next one.
struct Chain {
    long left;
    asyncio::Future<> done;
    void again() {
        if (--left == 0)
            done.set_result();
        else
            asyncio::get_running_loop().call_soon(&Chain::again, this);
    }
};

Coroutine<> call_soon(long count) {
    Chain chain{count, asyncio::get_running_loop().create_future()};
    chain.again();
    co_await chain.done;
}

Coroutine<> yield(int tasks, long count) {
    std::vector<Coroutine<>> all;
    for (int i = 0; i < tasks; ++i) all.push_back(yields(count / tasks));
    co_await asyncio::gather(std::move(all));
}

Coroutine<> creates(long count) {
    for (long i = 0; i < count; ++i) co_await asyncio::create_task(immediate());
}

Coroutine<> nests(long count, int depth) {
    for (long i = 0; i < count; ++i) co_await nested(depth);
}

Coroutine<> gathers(long count) {
    for (long i = 0; i < count; ++i) {
        std::vector<Coroutine<int>> all;
        for (int k = 0; k < 10000; ++k) all.push_back(immediate());
        co_await asyncio::gather(std::move(all));
    }
}

Coroutine<> wakes(long count) {
    auto& loop = asyncio::get_running_loop();
    for (long i = 0; i < count; ++i) {
        const auto future = loop.create_future();
        loop.call_soon([future] { future.set_result(); });
        co_await future;
    }
}

Coroutine<> cancels_timers(long count) {
    auto& loop = asyncio::get_running_loop();
    std::mt19937 random(1);
    std::vector<asyncio::TimerHandle> handles;
    for (long i = 0; i < count; ++i) {
        const double delay = 60 + static_cast<double>(random() % 60'000'000) / 1e6;
        handles.push_back(loop.call_later(delay, [] {}));
    }
    for (const auto& handle : handles) handle.cancel();
    co_return;
}

Coroutine<> fires_timers(long count) {
    auto& loop = asyncio::get_running_loop();
    std::mt19937 random(1);
    const auto done = loop.create_future();
    long left = count;
    for (long i = 0; i < count; ++i)
        loop.call_later(static_cast<double>(random() % 100'000'000) / 1e9, [&left, done] {
            if (--left == 0) done.set_result();
        });
    co_await done;
}

Coroutine<> pong(asyncio::Queue<int> in, asyncio::Queue<int> out, long count) {
    for (long i = 0; i < count; ++i) {
        const int value = co_await in.get();
        co_await out.put(value);
    }
}

Coroutine<> pings(long count) {
    asyncio::Queue<int> there;
    asyncio::Queue<int> back;
    const auto echo = asyncio::create_task(pong(there, back, count));
    for (long i = 0; i < count; ++i) {
        co_await there.put(1);
        co_await back.get();
    }
    co_await echo;
}

Coroutine<> holds(asyncio::Lock lock, long count) {
    for (long i = 0; i < count; ++i) {
        const auto guard = co_await lock.scoped();
        co_await asyncio::sleep(0);
    }
}

Coroutine<> hands_over(long count) {
    asyncio::Lock lock;
    std::vector<Coroutine<>> all;
    for (int i = 0; i < 10; ++i) all.push_back(holds(lock, count / 10));
    co_await asyncio::gather(std::move(all));
}

Coroutine<> floods(long count) {
    auto& loop = asyncio::get_running_loop();
    const auto done = loop.create_future();
    long left = count;
    const auto callback = [&left, &done] {
        if (--left == 0) done.set_result();
    };
    std::thread poster([&] {
        for (long i = 0; i < count; ++i) loop.call_soon_threadsafe(callback);
    });
    co_await done;
    poster.join();
}

} // namespace

int main(int argc, char** argv) {
    filter = argc > 1 ? argv[1] : "";
    bench("call_soon", N, [] { return call_soon(N); });
    for (int tasks : {1, 10, 1000})
        bench("yield_" + std::to_string(tasks), N, [=] { return yield(tasks, N); });
    bench("create_task", N, [] { return creates(N); });
    for (int depth : {1, 10, 100})
        bench("nested_" + std::to_string(depth), N, [=] { return nests(N / depth, depth); });
    bench("gather_10k", N / 10000 * 10000, [] { return gathers(N / 10000); });
    bench("future_wake", N, [] { return wakes(N); });
    bench("timer_cancel", N, [] { return cancels_timers(N); });
    bench("timer_fire", 100000, [] { return fires_timers(100000); });
    bench("queue_pingpong", N / 2, [] { return pings(N / 2); });
    bench("lock_handover", N / 2, [] { return hands_over(N / 2); });
    bench("xthread_flood", N, [] { return floods(N); }, CLOCK_MONOTONIC);
}
