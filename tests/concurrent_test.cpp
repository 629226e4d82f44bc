// Futures and jobs of threads, without any loop or pool. // tsan // own loop only
#include <asyncio/concurrent.hpp>
#include <asyncio/log.hpp>

#include <boost/test/unit_test.hpp>

#include <latch>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cf = asyncio::concurrent;
using cf::Future;

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
    const Log expected{"5", "ValueError('x')", "CancelledError()"};
    BOOST_TEST(log == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(callbacks_run_in_order_on_the_completing_thread) {
    const Future<int> future;
    Log log;
    std::thread::id where;
    future.add_done_callback([&](Future<int> f) { log.push_back(std::to_string(f.result())); });
    future.add_done_callback([&] { where = std::this_thread::get_id(); });
    future.add_done_callback([](const Future<int>&) { throw asyncio::ValueError("callback"); });
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

BOOST_AUTO_TEST_SUITE_END()
