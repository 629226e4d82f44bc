// The loop's default executor: its making, its replacement, its end. // tsan
#include <asyncio/asyncio.hpp>

#include "support/blocked_job.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>

using asyncio::Coroutine;
using asyncio::concurrent::ThreadPoolExecutor;
using asyncio_test::Blocked;
using asyncio_test::run;

namespace {

std::string thread_name() {
    char name[16] = {};
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    return name;
}

} // namespace

BOOST_AUTO_TEST_SUITE(default_executor)

// EXE-01
BOOST_AUTO_TEST_CASE(the_default_pool_is_made_at_the_first_use) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto name = co_await loop.run_in_executor(nullptr, thread_name);
        BOOST_TEST(name == "asyncio_0");
        const auto none = std::shared_ptr<asyncio::concurrent::Executor>();
        const auto again = co_await loop.run_in_executor(none, thread_name);
        BOOST_TEST(again.starts_with("asyncio_"));
    });
}

// LIF-07, EXE-08
BOOST_AUTO_TEST_CASE(closing_leaves_the_default_executor_without_waiting) {
    Blocked blocked;
    const auto loop = asyncio::new_event_loop();
    std::vector<asyncio::Future<int>> futures;
    loop->run_until_complete([&]() -> Coroutine<> {
        futures.push_back(loop->run_in_executor(nullptr, std::ref(blocked)));
        co_return;
    }());
    blocked.started.acquire();
    loop->close();
    BOOST_TEST(blocked.runs == 0);
    blocked.go.release();
    while (blocked.runs == 0) std::this_thread::yield();
}

// EXE-07
BOOST_AUTO_TEST_CASE(the_default_executor_can_be_replaced) {
    const auto loop = asyncio::new_event_loop();
    try {
        loop->set_default_executor(nullptr);
        BOOST_ERROR("no exception");
    } catch (const asyncio::TypeError& e) {
        BOOST_TEST(e.message() == "executor must be ThreadPoolExecutor instance");
    }
    const auto pool = std::make_shared<ThreadPoolExecutor>(
        asyncio::concurrent::ThreadPoolExecutorOptions{.thread_name_prefix = "mine"});
    loop->set_default_executor(pool);
    const auto name = loop->run_until_complete(asyncio::to_thread(thread_name));
    BOOST_TEST(name == "mine_0");
    loop->run_until_complete(loop->shutdown_default_executor());
    BOOST_CHECK_THROW(pool->submit([] {}), asyncio::RuntimeError);
    loop->close();
}

// LIF-12
BOOST_AUTO_TEST_CASE(shutting_down_no_executor_takes_no_iteration) {
    bool turned = false;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.call_soon([&] { turned = true; });
        co_await loop.shutdown_default_executor();
        BOOST_TEST(!turned);
    });
}

// LIF-12
BOOST_AUTO_TEST_CASE(shutting_down_waits_for_every_job_while_the_loop_turns) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Blocked blocked;
        const auto job = loop.run_in_executor(nullptr, std::ref(blocked));
        loop.call_later(0.001, [&] { blocked.go.release(); });
        co_await loop.shutdown_default_executor();
        BOOST_TEST(blocked.runs == 1);
        try {
            loop.run_in_executor(nullptr, [] {});
            BOOST_ERROR("no exception");
        } catch (const asyncio::RuntimeError& e) {
            BOOST_TEST(e.message() == "Executor shutdown has been called");
        }
        const auto own = std::make_shared<ThreadPoolExecutor>(1);
        const int other = co_await loop.run_in_executor(own, [] { return 5; });
        BOOST_TEST(other == 5);
        own->shutdown();
        co_await loop.shutdown_default_executor(); // once more
        const int result = co_await job;
        BOOST_TEST(result == 1);
    });
}

// LIF-12
BOOST_AUTO_TEST_CASE(shutting_down_gives_up_after_its_timeout_with_a_warning) {
    asyncio::warnings::Capture warnings;
    Blocked blocked;
    const auto loop = asyncio::new_event_loop();
    loop->run_until_complete([&]() -> Coroutine<> {
        loop->run_in_executor(nullptr, std::ref(blocked));
        co_await loop->shutdown_default_executor(0.01);
    }());
    BOOST_TEST(warnings.contains(asyncio::warnings::Category::RuntimeWarning,
                                 "The executor did not finishing joining its threads within 0.01 "
                                 "seconds."));
    BOOST_TEST(blocked.runs == 0);
    loop->close();
    blocked.go.release();
    while (blocked.runs == 0) std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(waiting_for_the_default_executor_can_be_cancelled) {
    Blocked blocked;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.run_in_executor(nullptr, std::ref(blocked));
        const auto task = asyncio::create_task(loop.shutdown_default_executor());
        co_await asyncio::sleep(0);
        task.cancel();
        const auto result = co_await asyncio::catching<asyncio::CancelledError>(task);
        BOOST_TEST(!result);
        blocked.go.release();
    });
}

// EXE-08
BOOST_AUTO_TEST_CASE(run_waits_for_the_jobs_it_leaves) {
    std::atomic<bool> finished{false};
    asyncio::run([&]() -> Coroutine<> {
        const auto job = [&] {
            std::this_thread::yield();
            finished = true;
        };
        asyncio::get_running_loop().run_in_executor(nullptr, job);
        co_return;
    });
    BOOST_TEST(finished);
}

BOOST_AUTO_TEST_SUITE_END()
