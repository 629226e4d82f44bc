// Futures and executors of threads, without any loop. // tsan // own loop only
#include <asyncio/concurrent.hpp>
#include <asyncio/log.hpp>

#include <boost/test/unit_test.hpp>

#include <pthread.h>

#include <atomic>
#include <latch>
#include <memory>
#include <semaphore>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cf = asyncio::concurrent;
using cf::Future;
using cf::ThreadPoolExecutor;

namespace {

using Log = std::vector<std::string>;

// Runs each job inside execute(), or keeps it.
class ManualExecutor : public cf::Executor {
public:
    void execute(cf::Job job) override {
        if (keep)
            jobs.push_back(std::move(job));
        else
            job();
    }
    bool keep = false;
    std::vector<cf::Job> jobs;
};

std::string thread_name() {
    char name[16] = {};
    ::pthread_getname_np(::pthread_self(), name, sizeof name);
    return name;
}

std::string text_of(const std::exception_ptr& error) { return asyncio::repr(error); }

} // namespace

BOOST_AUTO_TEST_SUITE(concurrent)

BOOST_AUTO_TEST_CASE(a_future_is_pending_then_running_then_finished) {
    const Future<int> future;
    BOOST_TEST(!future.done());
    BOOST_TEST(!future.running());
    BOOST_TEST(to_string(future).ends_with(" state=pending>"));
    BOOST_TEST(future.set_running_or_notify_cancel());
    BOOST_TEST(future.running());
    BOOST_TEST(!future.cancel());
    future.set_result(7);
    BOOST_TEST(future.done());
    BOOST_TEST(!future.running());
    BOOST_TEST(!future.cancelled());
    BOOST_TEST(!future.cancel());
    BOOST_TEST(future.result() == 7);
    BOOST_TEST((future.exception() == nullptr));
    BOOST_TEST(to_string(future).ends_with(" state=finished>"));
}

BOOST_AUTO_TEST_CASE(a_failed_future_throws_the_same_object_each_time) {
    const Future<> future;
    const auto error = std::make_exception_ptr(asyncio::ValueError("bad"));
    future.set_exception(error);
    BOOST_TEST((future.exception() == error));
    for (int i = 0; i < 2; ++i) {
        try {
            future.result();
            BOOST_ERROR("no exception");
        } catch (const asyncio::ValueError&) {
            BOOST_TEST((std::current_exception() == error));
        }
    }
    BOOST_TEST(to_string(future).ends_with(" state=finished raised ValueError>"));
    BOOST_CHECK_THROW(Future<>().set_exception(std::exception_ptr()), asyncio::TypeError);
}

BOOST_AUTO_TEST_CASE(a_cancelled_future_throws_an_ordinary_exception) {
    const Future<int> future;
    BOOST_TEST(future.cancel());
    BOOST_TEST(future.cancel());
    BOOST_TEST(future.cancelled());
    BOOST_TEST(future.done());
    BOOST_CHECK_THROW(future.result(), cf::CancelledError);
    BOOST_CHECK_THROW(static_cast<void>(future.exception()), std::exception);
    BOOST_CHECK_THROW(future.set_result(1), cf::InvalidStateError);
    BOOST_TEST(!future.set_running_or_notify_cancel());
    asyncio::LogCapture log;
    BOOST_CHECK_THROW(future.set_running_or_notify_cancel(), asyncio::RuntimeError);
    BOOST_TEST(log.contains("in unexpected state: CANCELLED_AND_NOTIFIED"));
}

BOOST_AUTO_TEST_CASE(a_future_is_completed_once) {
    const Future<int> future;
    future.set_result(1);
    BOOST_CHECK_THROW(future.set_result(2), cf::InvalidStateError);
    BOOST_CHECK_THROW(future.set_exception(asyncio::ValueError()), cf::InvalidStateError);
    asyncio::LogCapture log;
    BOOST_CHECK_THROW(future.set_running_or_notify_cancel(), asyncio::RuntimeError);
    BOOST_TEST(future.result() == 1);
}

BOOST_AUTO_TEST_CASE(a_value_that_fails_to_copy_leaves_the_future_pending) {
    struct Fragile {
        Fragile() = default;
        Fragile(const Fragile&) { throw std::runtime_error("copy"); }
    };
    const Future<Fragile> future;
    const Fragile value;
    BOOST_CHECK_THROW(future.set_result(value), std::runtime_error);
    BOOST_TEST(!future.done());
    BOOST_TEST(future.cancel());
}

BOOST_AUTO_TEST_CASE(waiting_ends_with_the_timeout) {
    const Future<int> future;
    BOOST_CHECK_THROW(future.result(0), asyncio::TimeoutError);
    BOOST_CHECK_THROW(future.result(-1), asyncio::TimeoutError);
    BOOST_CHECK_THROW(static_cast<void>(future.exception(0.001)), cf::TimeoutError);
    future.set_result(3);
    BOOST_TEST(future.result(0) == 3);
    BOOST_TEST(future.result(1e300) == 3);
}

BOOST_AUTO_TEST_CASE(a_waiting_thread_wakes_on_every_kind_of_end) {
    const Future<int> value, error, cancelled;
    Log log(3);
    std::thread first([&] { log[0] = std::to_string(value.result(60)); });
    std::thread second([&] { log[1] = text_of(error.exception()); });
    std::thread third([&] {
        try {
            cancelled.result();
        } catch (const cf::CancelledError& e) {
            log[2] = asyncio::repr(e);
        }
    });
    value.set_result(5);
    error.set_exception(asyncio::ValueError("x"));
    cancelled.cancel();
    first.join();
    second.join();
    third.join();
    BOOST_TEST(log == (Log{"5", "ValueError('x')", "CancelledError()"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(callbacks_run_in_order_on_the_completing_thread) {
    const Future<int> future;
    Log log;
    std::thread::id where;
    future.add_done_callback([&](Future<int> done) { log.push_back(std::to_string(done.result())); });
    future.add_done_callback([&] { where = std::this_thread::get_id(); });
    future.add_done_callback([](const Future<int>&) { throw asyncio::ValueError("in a callback"); });
    future.add_done_callback([&] { log.push_back("last"); });
    asyncio::LogCapture errors;
    std::thread worker([&] { future.set_result(1); });
    const auto worker_id = worker.get_id();
    worker.join();
    BOOST_TEST(log == (Log{"1", "last"}), boost::test_tools::per_element());
    BOOST_TEST((where == worker_id));
    BOOST_TEST(errors.size() == 1u);
    BOOST_TEST(errors.contains("exception calling callback for <Future at 0x"));
    future.add_done_callback([&] { log.push_back("at once"); });
    BOOST_TEST(log.back() == "at once");
}

BOOST_AUTO_TEST_CASE(callbacks_see_a_cancellation) {
    const Future<> future;
    bool seen = false;
    future.add_done_callback([&](Future<> done) { seen = done.cancelled(); });
    future.cancel();
    BOOST_TEST(seen);
}

BOOST_AUTO_TEST_CASE(callbacks_die_with_a_future_that_nobody_completes) {
    auto token = std::make_shared<int>(1);
    {
        const Future<> future;
        future.add_done_callback([token] {});
        BOOST_TEST(token.use_count() == 2);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(results_may_be_references_or_move_only) {
    int target = 1;
    const Future<int&> reference;
    reference.set_result(target);
    BOOST_TEST(&reference.result() == &target);

    const Future<std::unique_ptr<int>> pointer;
    pointer.set_result(std::make_unique<int>(4));
    BOOST_TEST(*pointer.result() == 4);
    BOOST_TEST(*Future(pointer).result() == 4);
    BOOST_CHECK_THROW(Future(pointer).result(), cf::InvalidStateError);
}

BOOST_AUTO_TEST_CASE(the_last_handle_moves_the_result_out) {
    Future<std::shared_ptr<int>> future;
    auto value = std::make_shared<int>(1);
    future.set_result(value);
    auto copy = Future(future).result();
    BOOST_TEST(value.use_count() == 3);
    copy = std::move(future).result();
    BOOST_TEST(value.use_count() == 2);
    BOOST_TEST(!future);
    BOOST_CHECK_THROW(static_cast<void>(future.done()), asyncio::RuntimeError);
}

BOOST_AUTO_TEST_CASE(handles_compare_by_identity) {
    const Future<int> a, b;
    const auto same = a;
    BOOST_TEST((a == same));
    BOOST_TEST((a != b));
    BOOST_TEST(std::hash<Future<int>>{}(a) == std::hash<Future<int>>{}(same));
    BOOST_TEST((std::set<Future<int>>{a, b, same}).size() == 2u);
}

BOOST_AUTO_TEST_CASE(either_the_canceller_or_the_worker_wins) {
    for (int i = 0; i < 200; ++i) {
        const Future<int> future;
        bool cancelled = false;
        std::latch start(2);
        std::thread canceller([&] {
            start.arrive_and_wait();
            cancelled = future.cancel();
        });
        start.arrive_and_wait();
        const bool running = future.set_running_or_notify_cancel();
        if (running) future.set_result(i);
        canceller.join();
        BOOST_REQUIRE(running != cancelled);
        BOOST_REQUIRE(future.cancelled() == cancelled);
    }
}

BOOST_AUTO_TEST_CASE(a_job_runs_once_and_completes_its_future) {
    ManualExecutor executor;
    const auto sum = executor.submit([](int a, int b) { return a + b; }, 2, 3);
    BOOST_TEST(sum.result() == 5);
    const auto failed = executor.submit([] { throw std::runtime_error("foreign"); });
    BOOST_CHECK_THROW(failed.result(), std::runtime_error);

    executor.keep = true;
    int calls = 0;
    const auto future = executor.submit([&] { return ++calls; });
    executor.jobs[0].run();
    executor.jobs[0].run();
    BOOST_TEST(!executor.jobs[0]);
    BOOST_TEST(calls == 1);
    BOOST_TEST(future.result() == 1);
}

BOOST_AUTO_TEST_CASE(arguments_are_owned_and_moved_into_the_call) {
    ManualExecutor executor;
    executor.keep = true;
    auto text = std::string("kept");
    const auto copied = executor.submit([](std::string s) { return s + "!"; }, text);
    const auto moved =
        executor.submit([](std::unique_ptr<int> p) { return *p; }, std::make_unique<int>(6));
    struct Widget {
        int twice(int x) const { return 2 * x; }
    };
    const auto member = executor.submit(&Widget::twice, std::make_shared<Widget>(), 21);
    text = "changed";
    for (auto& job : executor.jobs) job.run();
    BOOST_TEST(copied.result() == "kept!");
    BOOST_TEST(moved.result() == 6);
    BOOST_TEST(member.result() == 42);
}

BOOST_AUTO_TEST_CASE(dropping_a_job_cancels_its_future) {
    ManualExecutor executor;
    executor.keep = true;
    const auto dropped = executor.submit([] { return 1; });
    const auto refused = executor.submit([] { return 1; });
    executor.jobs[1].fail(std::make_exception_ptr(asyncio::ValueError("refused")));
    executor.jobs.clear();
    BOOST_TEST(dropped.cancelled());
    BOOST_CHECK_THROW(refused.result(), asyncio::ValueError);
}

BOOST_AUTO_TEST_CASE(cancelling_releases_the_call_at_once_and_it_never_runs) {
    ManualExecutor executor;
    executor.keep = true;
    auto token = std::make_shared<int>(0);
    const auto future = executor.submit([token] { ++*token; });
    BOOST_TEST(token.use_count() == 2);
    BOOST_TEST(future.cancel());
    BOOST_TEST(token.use_count() == 1);
    executor.jobs[0].run();
    BOOST_TEST(*token == 0);
}

BOOST_AUTO_TEST_CASE(the_call_is_released_before_the_result_is_visible) {
    ManualExecutor executor;
    auto token = std::make_shared<int>(0);
    const auto future = executor.submit([token] { return token.use_count(); });
    BOOST_TEST(future.result() == 2);
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(only_the_job_completes_its_future) {
    ManualExecutor executor;
    executor.keep = true;
    Future<int> future;
    future = executor.submit([&] {
        BOOST_TEST(future.running());
        BOOST_CHECK_THROW(future.set_result(9), cf::InvalidStateError);
        return 1;
    });
    executor.jobs[0].run();
    BOOST_TEST(future.result() == 1);

    // Completed by hand before a thread took the job.
    const auto stolen = executor.submit([] { return 1; });
    stolen.set_result(2);
    asyncio::LogCapture log;
    executor.jobs[1].run();
    BOOST_TEST(log.contains("Exception in worker"));
    BOOST_TEST(stolen.result() == 2);
}

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
                auto future = pool.submit([&ran](std::string s) { return ++ran, s; }, std::string("x"));
                if (i % 3 == 0 && future.cancel()) ++cancelled;
                if (!future.cancelled()) static_cast<void>(std::move(future).result());
            }
        });
    for (auto& client : clients) client.join();
    pool.shutdown();
    BOOST_TEST(ran + cancelled == 800);
}

BOOST_AUTO_TEST_SUITE_END()
