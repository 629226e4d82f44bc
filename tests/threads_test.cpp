// Threads and loops: to_thread, run_in_executor and the default executor. What threads ask of loops
// is in thread_futures_test.cpp. // tsan
#include <asyncio/asyncio.hpp>

#include "support/blocked_job.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <latch>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using asyncio::Coroutine;
using asyncio::concurrent::ThreadPoolExecutor;
using asyncio_test::Blocked;
using asyncio_test::run;

namespace {

using Pool = std::shared_ptr<ThreadPoolExecutor>;

Pool pool_of(int threads) { return std::make_shared<ThreadPoolExecutor>(threads); }

// Counts how often a value is copied.
struct Counted {
    explicit Counted(int* counter) : copies(counter) {}
    Counted(const Counted& other) : copies(other.copies) { ++*copies; }
    Counted(Counted&&) = default;
    Counted& operator=(const Counted&) = delete;
    int* copies;
};

struct Custom : asyncio::Exception {
    using asyncio::Exception::Exception;
};

// Keeps the jobs it gets.
class KeepingExecutor : public asyncio::concurrent::Executor {
public:
    void execute(asyncio::concurrent::Job job) override { jobs.push_back(std::move(job)); }
    std::vector<asyncio::concurrent::Job> jobs;
};

} // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(a_function_runs_on_another_thread) {
    run([]() -> Coroutine<> {
        const auto here = std::this_thread::get_id();
        const auto there = co_await asyncio::to_thread(std::this_thread::get_id);
        BOOST_TEST((here != there));
        const int sum = co_await asyncio::to_thread([](int a, int b) { return a + b; }, 40, 2);
        BOOST_TEST(sum == 42);
    });
}

// EXE-02
BOOST_AUTO_TEST_CASE(to_thread_does_nothing_until_awaited_and_then_calls_once) {
    run([]() -> Coroutine<> {
        std::atomic<int> calls{0};
        const auto count = [&] { ++calls; };
        auto job = asyncio::to_thread(count);
        co_await asyncio::sleep(0);
        BOOST_TEST(calls == 0);
        co_await std::move(job);
        BOOST_TEST(calls == 1);
    });
}

BOOST_AUTO_TEST_CASE(to_thread_that_is_not_awaited_is_warned_about) {
    asyncio::warnings::Capture warnings;
    {
        [[maybe_unused]] const auto forgotten = asyncio::to_thread([] {});
    }
    BOOST_TEST(warnings.contains("coroutine 'to_thread' was never awaited"));
}

// EXE-02
BOOST_AUTO_TEST_CASE(run_in_executor_submits_at_the_call) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto executor = std::make_shared<KeepingExecutor>();
        const auto future = loop.run_in_executor(executor, [](int x) { return 2 * x; }, 4);
        BOOST_TEST(executor->jobs.size() == 1u);
        BOOST_TEST(!future.done());
        executor->jobs[0].run();
        BOOST_TEST(!future.done()); // it arrives through the queue
        const int result = co_await future;
        BOOST_TEST(result == 8);
    });
}

BOOST_AUTO_TEST_CASE(a_result_that_has_arrived_resumes_the_task_two_iterations_later) {
    int iterations = 0;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto executor = std::make_shared<KeepingExecutor>();
        const auto future = loop.run_in_executor(executor, [] {});
        loop.call_soon([&] {
            executor->jobs[0].run(); // hands the result to the loop
            loop.call_soon([&] {
                ++iterations;
                loop.call_soon([&] { ++iterations; });
            });
        });
        co_await future;
        BOOST_TEST(iterations == 1); // its turn in the second one comes first
    });
    BOOST_TEST(iterations == 2);
}

// EXE-03
BOOST_AUTO_TEST_CASE(only_to_thread_takes_the_context_along) {
    static const asyncio::ContextVar<int> var("var", 0);
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto token = var.set(1);
        const auto raise = [] {
            const int before = var.get();
            var.set(before + 10);
            return var.get();
        };
        auto job = asyncio::to_thread(raise);
        var.set(2); // the context is copied when it is awaited
        const int in_thread = co_await std::move(job);
        BOOST_TEST(in_thread == 12);
        BOOST_TEST(var.get() == 2);
        const auto pool = pool_of(1);
        const int outside = co_await loop.run_in_executor(pool, raise);
        BOOST_TEST(outside == 10);
        // Nothing of a context stays in the thread.
        const int next = co_await asyncio::to_thread(raise);
        BOOST_TEST(next == 12);
        var.reset(token);
        pool->shutdown();
    });
}

BOOST_AUTO_TEST_CASE(an_empty_context_is_entered_as_well) {
    static const asyncio::ContextVar<int> var("var", 0);
    run([]() -> Coroutine<> {
        const auto set = [] {
            const int before = var.get();
            var.set(before + 1);
            return before;
        };
        for (int i = 0; i < 20; ++i) {
            const int before = co_await asyncio::to_thread(set);
            BOOST_TEST(before == 0);
        }
    });
}

BOOST_AUTO_TEST_CASE(results_of_every_kind_cross) {
    static int target = 3;
    run([]() -> Coroutine<> {
        co_await asyncio::to_thread([] {});
        auto pointer = co_await asyncio::to_thread([] { return std::make_unique<int>(1); });
        BOOST_TEST(*pointer == 1);
        auto take = [](std::unique_ptr<int> p) { return *p + 1; };
        const int taken = co_await asyncio::to_thread(take, std::move(pointer));
        BOOST_TEST(taken == 2);
        int& reference = co_await asyncio::to_thread([]() -> int& { return target; });
        BOOST_TEST(&reference == &target);
        const auto text = std::make_shared<std::string>("abc");
        const auto size = co_await asyncio::to_thread(&std::string::size, text);
        BOOST_TEST(size == 3u);
    });
}

BOOST_AUTO_TEST_CASE(results_are_moved_not_copied) {
    run([]() -> Coroutine<> {
        int copies = 0;
        const auto make = [&] { return Counted(&copies); };
        [[maybe_unused]] const auto result = co_await asyncio::to_thread(make);
        BOOST_TEST(copies == 0);
    });
}

// EXE-05
BOOST_AUTO_TEST_CASE(exceptions_cross_unchanged) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto custom = [] { throw Custom("text"); };
        const auto error = co_await asyncio::catching<Custom>(asyncio::to_thread(custom));
        BOOST_TEST(asyncio::repr(error.exception()) == "Custom('text')");
        const auto foreign = [] { throw std::runtime_error("foreign"); };
        const auto future = loop.run_in_executor(nullptr, foreign);
        const auto other = co_await asyncio::catching<std::runtime_error>(future);
        BOOST_TEST(other.is<std::runtime_error>());
        BOOST_TEST((other.exception() == future.exception()));
    });
}

// EXE-05
BOOST_AUTO_TEST_CASE(errors_of_the_threads_world_become_asyncios) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto cancelled =
            loop.run_in_executor(nullptr, [] { throw asyncio::concurrent::CancelledError("why"); });
        const auto first = co_await asyncio::catching<asyncio::CancelledError>(cancelled);
        BOOST_TEST(asyncio::repr(first.exception()) == "CancelledError('why')");
        BOOST_TEST(!cancelled.cancelled()); // it failed with that error
        const auto invalid = loop.run_in_executor(
            nullptr, [] { throw asyncio::concurrent::InvalidStateError("state"); });
        const auto second = co_await asyncio::catching<asyncio::InvalidStateError>(invalid);
        BOOST_TEST(second.is<asyncio::InvalidStateError>());
        struct Derived : asyncio::concurrent::CancelledError {};
        const auto derived = loop.run_in_executor(nullptr, [] { throw Derived(); });
        const auto third = co_await asyncio::catching<Derived>(derived);
        BOOST_TEST(third.is<Derived>());
    });
}

BOOST_AUTO_TEST_CASE(an_error_nobody_retrieves_is_reported) {
    asyncio::LogCapture log;
    run([]() -> Coroutine<> {
        asyncio::get_running_loop().run_in_executor(nullptr, [] { throw Custom("lost"); });
        co_return;
    });
    BOOST_TEST(log.contains("Future exception was never retrieved"));
}

// EXE-04
BOOST_AUTO_TEST_CASE(cancelling_a_running_job_ends_the_await_at_once_and_loses_the_outcome) {
    asyncio::LogCapture log;
    Blocked blocked;
    run([&]() -> Coroutine<> {
        const auto task = asyncio::create_task(asyncio::to_thread(std::ref(blocked)));
        co_await asyncio::sleep(0);
        blocked.started.acquire();
        task.cancel();
        const auto error = co_await asyncio::catching<asyncio::CancelledError>(task);
        BOOST_TEST(!error);
        BOOST_TEST(blocked.runs == 0);
        blocked.go.release();
    });
    BOOST_TEST(blocked.runs == 1);
    BOOST_TEST(log.size() == 0u);
}

// EXE-04
BOOST_AUTO_TEST_CASE(cancelling_removes_a_queued_job_with_all_it_holds) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto pool = pool_of(1);
        Blocked blocked;
        const auto running = loop.run_in_executor(pool, std::ref(blocked));
        const auto token = std::make_shared<int>(0);
        const auto queued = loop.run_in_executor(pool, [](auto p) { ++*p; }, token);
        BOOST_TEST(token.use_count() == 2);
        BOOST_TEST(queued.cancel());
        BOOST_TEST(!queued.cancel());
        BOOST_TEST(token.use_count() == 1);
        blocked.go.release();
        co_await running;
        pool->shutdown();
        BOOST_TEST(*token == 0);
        BOOST_TEST(queued.cancelled());
    });
}

BOOST_AUTO_TEST_CASE(a_timeout_around_a_job_works) {
    Blocked blocked;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto job = loop.run_in_executor(nullptr, std::ref(blocked));
        blocked.started.acquire();
        const auto result =
            co_await asyncio::catching<asyncio::TimeoutError>(asyncio::wait_for(job, 0.001));
        BOOST_TEST(!result);
        blocked.go.release();
    });
    BOOST_TEST(blocked.runs == 1);
}

BOOST_AUTO_TEST_CASE(many_jobs_run_at_the_same_time) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto pool = pool_of(4);
        std::latch all(4);
        const auto meet = [&] { all.arrive_and_wait(); };
        std::vector<asyncio::Future<>> futures;
        for (int i = 0; i < 4; ++i) futures.push_back(loop.run_in_executor(pool, meet));
        co_await asyncio::gather(futures);
        pool->shutdown();
    });
}

BOOST_AUTO_TEST_CASE(an_executor_that_refuses_raises_at_the_call) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto pool = pool_of(1);
        pool->shutdown();
        BOOST_CHECK_THROW(loop.run_in_executor(pool, [] {}), asyncio::RuntimeError);
        co_await asyncio::sleep(0);
    });
}

BOOST_AUTO_TEST_CASE(an_executor_that_drops_a_job_cancels_the_future) {
    run([]() -> Coroutine<> {
        const auto executor = std::make_shared<KeepingExecutor>();
        const auto future = asyncio::get_running_loop().run_in_executor(executor, [] {});
        executor->jobs.clear();
        const auto result = co_await asyncio::catching<asyncio::CancelledError>(future);
        BOOST_TEST(!result);
        BOOST_TEST(future.cancelled());
    });
}

BOOST_AUTO_TEST_CASE(an_executor_may_run_the_job_inside_the_call) {
    struct Inline : asyncio::concurrent::Executor {
        void execute(asyncio::concurrent::Job job) override { job(); }
    };
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto executor = std::make_shared<Inline>();
        const int x = co_await loop.run_in_executor(executor, [] { return 1; });
        BOOST_TEST(x == 1);
    });
}

// EXE-06, LIF-07: closing does not wait, and what arrives later is dropped.
BOOST_AUTO_TEST_CASE(a_result_for_a_closed_loop_is_dropped) {
    asyncio::LogCapture log;
    const auto pool = pool_of(1);
    const auto token = std::make_shared<int>(0);
    Blocked blocked;
    const auto loop = asyncio::new_event_loop();
    asyncio::Future<std::shared_ptr<int>> future;
    loop->run_until_complete([&]() -> Coroutine<> {
        future = loop->run_in_executor(pool, [&blocked](auto p) { return blocked(), p; }, token);
        co_return;
    }());
    loop->close();
    blocked.go.release();
    pool->shutdown();
    BOOST_TEST(blocked.runs == 1);
    BOOST_TEST(!future.done());
    BOOST_TEST(token.use_count() == 1);
    BOOST_TEST(log.size() == 0u);
}

// LIF-08
BOOST_AUTO_TEST_CASE(a_closed_loop_submits_nothing) {
    const auto loop = asyncio::new_event_loop();
    loop->close();
    const auto executor = std::make_shared<KeepingExecutor>();
    BOOST_CHECK_THROW(loop->run_in_executor(nullptr, [] {}), asyncio::RuntimeError);
    BOOST_CHECK_THROW(loop->run_in_executor(executor, [] {}), asyncio::RuntimeError);
    BOOST_TEST(executor->jobs.empty());
}

// EXE-06
BOOST_AUTO_TEST_CASE(jobs_end_while_their_loop_closes) {
    for (int round = 0; round < 30; ++round) {
        const auto pool = pool_of(4);
        const auto loop = asyncio::new_event_loop();
        loop->run_until_complete([&]() -> Coroutine<> {
            for (int i = 0; i < 16; ++i)
                loop->run_in_executor(pool, [](auto p) { return *p, p; }, std::make_shared<int>(i));
            co_await asyncio::sleep(0);
        }());
        loop->close();
        pool->shutdown();
    }
}

BOOST_AUTO_TEST_CASE(jobs_end_while_they_are_cancelled) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto pool = pool_of(4);
        for (int round = 0; round < 30; ++round) {
            std::vector<asyncio::Future<std::string>> futures;
            for (int i = 0; i < 16; ++i)
                futures.push_back(loop.run_in_executor(
                    pool, [](std::string s) { return s; }, std::string(40, 'x')));
            for (int i = 0; i < 16; i += 2) futures[i].cancel();
            for (int i = 1; i < 16; i += 2) {
                const auto text = co_await futures[i];
                BOOST_TEST(text.size() == 40u);
            }
        }
        pool->shutdown();
    });
}

// SCH-06. What a thread asked for before the loop's own call comes first.
BOOST_AUTO_TEST_CASE(calls_of_a_joined_thread_precede_later_ones) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        std::vector<int> order;
        for (int round = 0; round < 3; ++round) {
            std::thread([&] { loop.call_soon_threadsafe([&] { order.push_back(1); }); }).join();
            loop.call_soon([&] { order.push_back(2); });
            loop.call_soon([&] { order.push_back(3); });
            co_await asyncio::sleep(0);
            co_await asyncio::sleep(0);
        }
        BOOST_TEST(order == (std::vector<int>{1, 2, 3, 1, 2, 3, 1, 2, 3}),
                   boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_SUITE_END()
