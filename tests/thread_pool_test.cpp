// ThreadPoolExecutor: its threads, its queue, its end. // tsan // own loop only
#include <asyncio/concurrent.hpp>
#include <asyncio/log.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <latch>
#include <memory>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <pthread.h>

namespace cf = asyncio::concurrent;
using cf::Future;
using cf::ThreadPoolExecutor;

namespace {

using Log = std::vector<std::string>;

std::string thread_name() {
    char name[16] = {};
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    return name;
}

} // namespace

BOOST_AUTO_TEST_SUITE(thread_pool)

// EXE-01
BOOST_AUTO_TEST_CASE(threads_start_one_by_one_when_none_is_idle_and_are_reused) {
    ThreadPoolExecutor pool({.max_workers = 3, .thread_name_prefix = "pool"});
    std::latch both(2);
    const auto meet = [&] {
        both.arrive_and_wait();
        return thread_name();
    };
    const auto first = pool.submit(meet);
    const auto second = pool.submit(meet);
    std::set<std::string> names{first.result(), second.result()};
    BOOST_TEST((names == std::set<std::string>{"pool_0", "pool_1"}));
    // A thread that has just given its result may not be idle yet: at most one more is started.
    for (int i = 0; i < 50; ++i) names.insert(pool.submit(thread_name).result());
    BOOST_TEST(names.size() <= 3u);
    pool.shutdown();
}

BOOST_AUTO_TEST_CASE(jobs_beyond_the_limit_wait_in_order) {
    ThreadPoolExecutor pool(1);
    Log log; // touched by the one thread
    std::vector<Future<>> futures;
    for (int i = 0; i < 20; ++i)
        futures.push_back(pool.submit([&log, i] { log.push_back(std::to_string(i)); }));
    pool.shutdown();
    BOOST_TEST(log.size() == 20u);
    BOOST_TEST(log.front() == "0");
    BOOST_TEST(log.back() == "19");
    for (const auto& future : futures) BOOST_TEST(future.done());
}

BOOST_AUTO_TEST_CASE(thread_names_are_cut_but_keep_their_number) {
    ThreadPoolExecutor named({.max_workers = 1, .thread_name_prefix = "a very long prefix"});
    BOOST_TEST(named.submit(thread_name).result() == "a very long p_0");
    ThreadPoolExecutor unnamed;
    BOOST_TEST(unnamed.submit(thread_name).result() == "ThreadPoolExe_0");
}

BOOST_AUTO_TEST_CASE(the_number_of_workers_must_be_positive) {
    BOOST_CHECK_THROW(ThreadPoolExecutor({.max_workers = 0}), asyncio::ValueError);
    BOOST_CHECK_THROW(ThreadPoolExecutor(-1), asyncio::ValueError);
}

BOOST_AUTO_TEST_CASE(nothing_is_accepted_after_shutdown) {
    ThreadPoolExecutor pool(2);
    const auto future = pool.submit([] { return 1; });
    pool.shutdown();
    pool.shutdown();
    BOOST_TEST(future.result(0) == 1);
    try {
        pool.submit([] {});
        BOOST_ERROR("no exception");
    } catch (const asyncio::RuntimeError& e) {
        BOOST_TEST(e.message() == "cannot schedule new futures after shutdown");
    }
}

BOOST_AUTO_TEST_CASE(shutdown_may_leave_without_waiting_and_wait_later) {
    ThreadPoolExecutor pool(1);
    std::binary_semaphore go(0);
    const auto running = pool.submit([&] { go.acquire(); });
    const auto queued = pool.submit([] { return 2; });
    pool.shutdown(false);
    BOOST_TEST(!running.done());
    go.release();
    pool.shutdown(true);
    BOOST_TEST(running.done());
    BOOST_TEST(queued.result(0) == 2);
}

BOOST_AUTO_TEST_CASE(shutdown_may_cancel_what_is_queued) {
    ThreadPoolExecutor pool(1);
    std::binary_semaphore started(0), go(0);
    const auto running = pool.submit([&] {
        started.release();
        go.acquire();
        return 1;
    });
    const auto queued = pool.submit([] { return 2; });
    started.acquire();
    pool.shutdown(false, true);
    BOOST_TEST(queued.cancelled());
    go.release();
    pool.shutdown();
    BOOST_TEST(running.result(0) == 1);
}

BOOST_AUTO_TEST_CASE(a_thread_of_the_pool_cannot_wait_for_its_end) {
    ThreadPoolExecutor pool(1);
    const auto future = pool.submit([&] { pool.shutdown(); });
    BOOST_CHECK_THROW(future.result(), asyncio::RuntimeError);
    pool.shutdown();
}

BOOST_AUTO_TEST_CASE(several_threads_may_wait_for_the_end) {
    ThreadPoolExecutor pool(4);
    std::atomic<int> done{0};
    for (int i = 0; i < 16; ++i) pool.submit([&] { ++done; });
    std::thread other([&] { pool.shutdown(); });
    pool.shutdown();
    other.join();
    BOOST_TEST(done == 16);
}

BOOST_AUTO_TEST_CASE(destroying_the_executor_does_not_wait_and_loses_no_job) {
    std::binary_semaphore go(0);
    Future<int> last;
    {
        ThreadPoolExecutor pool(1);
        pool.submit([&] { go.acquire(); });
        last = pool.submit([] { return 1; });
    }
    BOOST_TEST(!last.done());
    go.release();
    BOOST_TEST(last.result() == 1);
}

BOOST_AUTO_TEST_CASE(a_job_may_drop_the_last_reference_to_its_pool) {
    for (int i = 0; i < 20; ++i) {
        auto pool = std::make_shared<ThreadPoolExecutor>(2);
        std::binary_semaphore go(0);
        auto future = pool->submit([&] {
            go.acquire();
            pool.reset();
            return 1;
        });
        go.release();
        BOOST_TEST(future.result() == 1);
    }
}

BOOST_AUTO_TEST_CASE(jobs_may_submit_jobs) {
    ThreadPoolExecutor pool(2);
    const auto outer = pool.submit([&] { return pool.submit([] { return 1; }); });
    BOOST_TEST(outer.result().result() == 1);
    pool.shutdown();
}

BOOST_AUTO_TEST_CASE(each_thread_is_initialised_first) {
    static thread_local int prepared = 0;
    ThreadPoolExecutor plain({.max_workers = 2, .initializer = [] { prepared = 5; }});
    BOOST_TEST(plain.submit([] { return prepared; }).result() == 5);
    ThreadPoolExecutor bound({.max_workers = 2}, [](int a, int b) { prepared = a + b; }, 3, 4);
    BOOST_TEST(bound.submit([] { return prepared; }).result() == 7);
    BOOST_TEST(prepared == 0);
}

BOOST_AUTO_TEST_CASE(a_failing_initializer_breaks_the_pool) {
    asyncio::LogCapture log;
    std::binary_semaphore go(0);
    ThreadPoolExecutor pool({.max_workers = 1}, [&] {
        go.acquire();
        throw asyncio::ValueError("cannot prepare");
    });
    const auto first = pool.submit([] { return 1; });
    const auto second = pool.submit([] { return 2; });
    go.release();
    BOOST_CHECK_THROW(first.result(), cf::BrokenThreadPool);
    BOOST_CHECK_THROW(second.result(), cf::BrokenExecutor);
    BOOST_CHECK_THROW(pool.submit([] {}), cf::BrokenThreadPool);
    pool.shutdown();
    BOOST_TEST(log.contains("Exception in initializer:"));
}

BOOST_AUTO_TEST_CASE(many_threads_submit_cancel_and_wait) {
    ThreadPoolExecutor pool(4);
    std::atomic<int> ran{0}, cancelled{0};
    std::vector<std::thread> clients;
    for (int c = 0; c < 4; ++c)
        clients.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                const auto echo = [&ran](std::string s) { return ++ran, s; };
                auto future = pool.submit(echo, std::string("x"));
                if (i % 3 == 0 && future.cancel()) ++cancelled;
                if (!future.cancelled()) static_cast<void>(std::move(future).result());
            }
        });
    for (auto& client : clients) client.join();
    pool.shutdown();
    BOOST_TEST(ran + cancelled == 800);
}

BOOST_AUTO_TEST_SUITE_END()
