// Threads ask loops: run_coroutine_threadsafe and wrap_future. // tsan
#include <asyncio/asyncio.hpp>

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
using asyncio_test::run;
namespace cf = asyncio::concurrent;

namespace {

// A loop that runs in a thread of its own while this lives.
class LoopThread {
public:
    LoopThread() : loop_(asyncio::new_event_loop()), thread_([this] { loop_->run_forever(); }) {}
    LoopThread(const LoopThread&) = delete;
    ~LoopThread() {
        stop();
        loop_->close();
    }
    // Returns when what was submitted before has begun.
    void turn() {
        const cf::Future<> done;
        loop_->call_soon_threadsafe([done] { done.set_result(); });
        done.result();
    }
    void stop() {
        if (!thread_.joinable()) return;
        loop_->call_soon_threadsafe([this] { loop_->stop(); });
        thread_.join();
    }
    asyncio::AbstractEventLoop& operator*() const { return *loop_; }
    asyncio::AbstractEventLoop* operator->() const { return loop_.get(); }

private:
    const asyncio::LoopPtr loop_;
    std::thread thread_;
};

Coroutine<int> add(int a, int b) {
    co_await asyncio::sleep(0);
    if (b < 0) throw asyncio::ValueError("negative");
    co_return a + b;
}

Coroutine<> forever(std::atomic<bool>* cancelled = nullptr) {
    try {
        co_await asyncio::sleep(3600);
    } catch (const asyncio::CancelledError&) {
        if (cancelled) *cancelled = true;
        throw;
    }
}

// TSK-46: a future is not a coroutine.
template <class A>
concept Submittable = requires(A awaitable, asyncio::AbstractEventLoop& loop) {
    asyncio::run_coroutine_threadsafe(std::move(awaitable), loop);
};
static_assert(Submittable<Coroutine<int>>);
static_assert(!Submittable<asyncio::Future<int>> && !Submittable<asyncio::Task<>>);
static_assert(!Submittable<int>);

} // namespace

BOOST_AUTO_TEST_SUITE(thread_futures)

// TSK-46
BOOST_AUTO_TEST_CASE(a_thread_gets_the_result_of_a_coroutine) {
    const LoopThread loop;
    const auto future = asyncio::run_coroutine_threadsafe(add(1, 2), *loop);
    BOOST_TEST(future.result() == 3);
    const auto failed = asyncio::run_coroutine_threadsafe(add(1, -2), *loop);
    BOOST_CHECK_THROW(failed.result(), asyncio::ValueError);
    asyncio::run_coroutine_threadsafe(asyncio::sleep(0), *loop).result();
}

BOOST_AUTO_TEST_CASE(a_coroutine_function_is_called_on_the_loops_thread) {
    const LoopThread loop;
    const auto place = [](std::string text) -> Coroutine<std::string> {
        co_await asyncio::sleep(0);
        co_return text + (asyncio::current_task() ? " in a task" : "");
    };
    auto future = asyncio::run_coroutine_threadsafe(place, *loop, std::string("runs"));
    BOOST_TEST(std::move(future).result() == "runs in a task");
}

BOOST_AUTO_TEST_CASE(move_only_results_arrive) {
    const LoopThread loop;
    const auto make = []() -> Coroutine<std::unique_ptr<int>> {
        co_return std::make_unique<int>(8);
    };
    const auto pointer = asyncio::run_coroutine_threadsafe(make, *loop).result();
    BOOST_TEST(*pointer == 8);
}

BOOST_AUTO_TEST_CASE(the_coroutine_sees_the_context_of_the_submitting_thread) {
    static const asyncio::ContextVar<int> var("var", 0);
    LoopThread loop;
    const auto read = []() -> Coroutine<int> { co_return var.get(); };
    const asyncio::Context context;
    context.run([&] {
        var.set(5);
        BOOST_TEST(asyncio::run_coroutine_threadsafe(read, *loop).result() == 5);
    });
    BOOST_TEST(asyncio::run_coroutine_threadsafe(read, *loop).result() == 0);
}

BOOST_AUTO_TEST_CASE(the_loops_own_thread_may_submit_but_not_wait) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto future = asyncio::run_coroutine_threadsafe(add(1, 2), loop);
        BOOST_CHECK_THROW(future.result(0), asyncio::TimeoutError);
        const int result = co_await asyncio::wrap_future(future);
        BOOST_TEST(result == 3);
    });
}

// TSK-46
BOOST_AUTO_TEST_CASE(cancelling_the_threads_future_cancels_the_task) {
    LoopThread loop;
    std::atomic<bool> cancelled{false};
    const auto future = asyncio::run_coroutine_threadsafe(forever(&cancelled), *loop);
    BOOST_CHECK_THROW(future.result(0), asyncio::TimeoutError);
    loop.turn(); // the task is made
    loop.turn(); // its first step has run
    BOOST_TEST(future.cancel());
    BOOST_TEST(future.cancelled());
    BOOST_CHECK_THROW(future.result(), cf::CancelledError);
    while (!cancelled) loop.turn();
    loop.stop();
    BOOST_TEST(asyncio::all_tasks(*loop).empty());
}

BOOST_AUTO_TEST_CASE(a_future_that_is_cancelled_at_once_cancels_its_task_too) {
    LoopThread loop;
    for (int i = 0; i < 50; ++i) {
        const auto future = asyncio::run_coroutine_threadsafe(forever(), *loop);
        BOOST_TEST(future.cancel());
    }
    for (int i = 0; i < 5; ++i) loop.turn();
    loop.stop();
    BOOST_TEST(asyncio::all_tasks(*loop).empty());
}

// TSK-46
BOOST_AUTO_TEST_CASE(a_cancelled_task_cancels_the_threads_future) {
    const LoopThread loop;
    const auto give_up = []() -> Coroutine<> {
        co_await asyncio::sleep(0);
        asyncio::current_task().cancel();
        co_await asyncio::sleep(0);
    };
    const auto future = asyncio::run_coroutine_threadsafe(give_up, *loop);
    BOOST_CHECK_THROW(future.result(), cf::CancelledError);
    BOOST_TEST(future.cancelled());
}

BOOST_AUTO_TEST_CASE(a_task_that_fails_after_the_cancellation_is_reported) {
    asyncio::LogCapture log;
    {
        LoopThread loop;
        std::binary_semaphore started(0);
        const auto stubborn = [&started]() -> Coroutine<> {
            started.release();
            bool cancelled = false;
            try {
                co_await asyncio::sleep(3600);
            } catch (const asyncio::CancelledError&) {
                cancelled = true;
            }
            if (cancelled) throw asyncio::ValueError("late");
        };
        const auto future = asyncio::run_coroutine_threadsafe(stubborn, *loop);
        started.acquire();
        future.cancel();
        for (int i = 0; i < 5; ++i) loop.turn();
    }
    BOOST_TEST(log.contains("Task exception was never retrieved"));
}

// TSK-46
BOOST_AUTO_TEST_CASE(an_error_of_making_the_task_goes_to_the_thread_and_to_the_loop) {
    const asyncio::warnings::Capture warnings; // the factory never runs the coroutine
    LoopThread loop;
    std::atomic<int> reports{0};
    std::string reported; // by the loop's thread, before `turn` returns
    loop->call_soon_threadsafe([&] {
        loop->set_exception_handler(
            [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
                ++reports;
                reported = asyncio::repr(context.exception);
            });
        loop->set_task_factory([](asyncio::AbstractEventLoop&, asyncio::AnyCoroutine,
                                  const asyncio::TaskOptions&) -> asyncio::TaskRef {
            throw asyncio::LookupError("no task");
        });
    });
    const auto future = asyncio::run_coroutine_threadsafe(add(1, 2), *loop);
    loop.turn();
    BOOST_CHECK_THROW(future.result(), asyncio::LookupError);
    BOOST_TEST(reports == 1);
    BOOST_TEST(reported == "LookupError('no task')");
}

BOOST_AUTO_TEST_CASE(a_closed_loop_refuses_and_says_it_once) {
    asyncio::warnings::Capture warnings;
    const auto loop = asyncio::new_event_loop();
    loop->close();
    BOOST_CHECK_THROW(asyncio::run_coroutine_threadsafe(add(1, 2), *loop), asyncio::RuntimeError);
    BOOST_TEST(warnings.size() == 0u);
}

BOOST_AUTO_TEST_CASE(no_thread_waits_for_a_loop_that_has_closed) {
    asyncio::LogCapture log;
    asyncio::warnings::Capture warnings;
    const auto loop = asyncio::new_event_loop();
    const auto running = asyncio::run_coroutine_threadsafe(forever(), *loop);
    loop->run_until_complete(asyncio::sleep(0));
    const auto queued = asyncio::run_coroutine_threadsafe(forever(), *loop);
    std::thread waiter([&] { BOOST_CHECK_THROW(running.result(), cf::CancelledError); });
    loop->close();
    waiter.join();
    BOOST_TEST(running.cancelled());
    BOOST_TEST(queued.cancelled());
    BOOST_TEST(warnings.size() == 0u);
}

// FUT-12
BOOST_AUTO_TEST_CASE(wrap_future_brings_results_and_errors_to_the_loop) {
    run([]() -> Coroutine<> {
        const cf::Future<int> value, error;
        std::thread thread([&] {
            value.set_result(4);
            error.set_exception(asyncio::ValueError("x"));
        });
        const int result = co_await asyncio::wrap_future(value);
        BOOST_TEST(result == 4);
        const auto failed =
            co_await asyncio::catching<asyncio::ValueError>(asyncio::wrap_future(error));
        BOOST_TEST((failed.exception() == error.exception()));
        thread.join();
        const auto same = asyncio::wrap_future(value);
        BOOST_TEST((asyncio::wrap_future(same) == same));
        co_await same;
    });
}

// FUT-12
BOOST_AUTO_TEST_CASE(wrap_future_passes_cancellation_both_ways) {
    run([]() -> Coroutine<> {
        const cf::Future<> source;
        bool notified = false;
        source.add_done_callback([&] { notified = true; });
        const auto wrapped = asyncio::wrap_future(source);
        BOOST_TEST(wrapped.cancel());
        BOOST_TEST(!source.cancelled()); // never inside the call
        co_await asyncio::sleep(0);
        BOOST_TEST(source.cancelled());
        BOOST_TEST(notified);

        const cf::Future<> other;
        const auto target = asyncio::wrap_future(other);
        other.cancel();
        const auto result = co_await asyncio::catching<asyncio::CancelledError>(target);
        BOOST_TEST(!result);
        BOOST_TEST(target.cancelled());
    });
}

// FUT-12
BOOST_AUTO_TEST_CASE(a_cancelled_target_ignores_the_result) {
    run([]() -> Coroutine<> {
        const cf::Future<int> source;
        source.set_running_or_notify_cancel();
        const auto target = asyncio::wrap_future(source);
        target.cancel();
        source.set_result(1);
        co_await asyncio::sleep(0);
        co_await asyncio::sleep(0);
        BOOST_TEST(target.cancelled());
        BOOST_TEST(source.result() == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_move_only_result_arrives_once) {
    run([]() -> Coroutine<> {
        const cf::Future<std::unique_ptr<int>> source;
        const auto first = asyncio::wrap_future(source);
        const auto second = asyncio::wrap_future(source);
        source.set_result(std::make_unique<int>(2));
        const auto pointer = co_await first;
        BOOST_TEST(*pointer == 2);
        const auto taken = co_await asyncio::catching<asyncio::InvalidStateError>(second);
        BOOST_TEST(!taken);
    });
}

// FUT-12, EXE-06
BOOST_AUTO_TEST_CASE(a_result_for_a_closed_loop_goes_nowhere) {
    const auto token = std::make_shared<int>(1);
    const auto loop = asyncio::new_event_loop();
    cf::Future<std::shared_ptr<int>> source;
    const auto target = asyncio::wrap_future(source, *loop);
    loop->close();
    source.set_result(token);
    BOOST_TEST(!target.done());
    source = {};
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_source_that_is_never_completed_leaves_nothing_behind) {
    run([]() -> Coroutine<> {
        asyncio::Future<int> target;
        {
            const cf::Future<int> source;
            target = asyncio::wrap_future(source);
        }
        co_await asyncio::sleep(0);
        BOOST_TEST(!target.done());
        BOOST_TEST(target.cancel());
        co_await asyncio::sleep(0);
    });
}

BOOST_AUTO_TEST_CASE(a_loop_awaits_what_another_loop_runs) {
    const LoopThread other;
    run([&]() -> Coroutine<> {
        for (int i = 0; i < 20; ++i) {
            auto future = asyncio::run_coroutine_threadsafe(add(i, 1), *other);
            const int result = co_await asyncio::wrap_future(std::move(future));
            BOOST_TEST(result == i + 1);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_job_asks_the_loop_that_waits_for_it) {
    run([]() -> Coroutine<> {
        auto* loop = &asyncio::get_running_loop();
        const auto ask = [loop] {
            return asyncio::run_coroutine_threadsafe(add(2, 3), *loop).result();
        };
        const int result = co_await asyncio::to_thread(ask);
        BOOST_TEST(result == 5);
    });
}

BOOST_AUTO_TEST_CASE(many_threads_submit_and_cancel) {
    LoopThread loop;
    std::atomic<int> results{0}, cancelled{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 100; ++i) {
                const auto future = asyncio::run_coroutine_threadsafe(add(i, 1), *loop);
                if (i % 2) future.cancel();
                try {
                    if (future.result() == i + 1) ++results;
                } catch (const cf::CancelledError&) {
                    ++cancelled;
                }
            }
        });
    for (auto& thread : threads) thread.join();
    for (int i = 0; i < 3; ++i) loop.turn(); // the cancelled tasks end
    BOOST_TEST(results + cancelled == 400);
    BOOST_TEST(results >= 200);
}

BOOST_AUTO_TEST_CASE(threads_submit_while_the_loop_closes) {
    const asyncio::LogCapture log; // of tasks that were pending
    for (int round = 0; round < 20; ++round) {
        auto loop = std::make_unique<LoopThread>();
        std::latch go(3);
        std::vector<std::thread> threads;
        std::atomic<int> ended{0};
        std::vector<asyncio::LoopPtr> keep{(**loop).shared_from_this()};
        for (int t = 0; t < 2; ++t)
            threads.emplace_back([&, raw = keep[0].get()] {
                go.arrive_and_wait();
                for (int i = 0; i < 50; ++i) {
                    try {
                        asyncio::run_coroutine_threadsafe(add(i, 1), *raw).result();
                    } catch (const asyncio::Exception&) {
                    }
                    ++ended;
                }
            });
        go.arrive_and_wait();
        loop.reset();
        for (auto& thread : threads) thread.join();
        BOOST_TEST(ended == 100);
    }
}

BOOST_AUTO_TEST_SUITE_END()
