// Errors of futures that nobody looks at, and futures that die late or elsewhere.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <thread>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::ticks;

BOOST_AUTO_TEST_SUITE(unretrieved_errors)

// FUT-07
BOOST_AUTO_TEST_CASE(an_exception_nobody_looked_at_is_reported_when_the_future_dies) {
    run([]() -> Coroutine<> {
        const Reports reports;
        {
            const auto future = new_future<int>();
            future.set_exception(asyncio::ValueError("lost"));
            BOOST_TEST(reports.size() == 0);
        }
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].message == "Future exception was never retrieved");
        BOOST_TEST(reports[0].error == "ValueError('lost')");
        BOOST_TEST(join(reports[0].keys) == "exception, future, message");
        co_return;
    });
}

// FUT-07, DBG-03
BOOST_AUTO_TEST_CASE(in_debug_mode_the_report_tells_where_the_future_was_created) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_debug(true);
        const Reports reports;
        loop.create_future().set_exception(asyncio::ValueError("lost"));
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].source_traceback.find("unretrieved_errors_test.cpp:") !=
                   std::string::npos);
        BOOST_TEST(to_string(new_future()).find(" created at ") != std::string::npos);
        co_return;
    });
}

// FUT-07
BOOST_AUTO_TEST_CASE(any_look_at_the_exception_suppresses_the_report) {
    run([]() -> Coroutine<> {
        const Reports reports;
        const auto failed = [] {
            const auto future = new_future<int>();
            future.set_exception(asyncio::ValueError("seen"));
            return future;
        };
        std::ignore = failed().exception();
        error_of([&] { failed().result(); });
        failed().cancel();
        std::ignore = co_await asyncio_test::repr_of(failed());
        BOOST_TEST(reports.size() == 0);
    });
}

// FUT-07
BOOST_AUTO_TEST_CASE(a_cancelled_waiter_has_not_looked) {
    run([]() -> Coroutine<> {
        const Reports reports;
        auto future = new_future<int>();
        const auto body = [](Future<int> f) -> Coroutine<> {
            const std::vector futures{f};
            co_await asyncio::wait(futures);
        };
        const auto waiter = asyncio::create_task(body, future);
        co_await asyncio::sleep(0);
        future.set_exception(asyncio::ValueError("lost"));
        waiter.cancel();
        co_await ticks(2);
        BOOST_TEST(waiter.cancelled());
        future = {};
        BOOST_TEST(join(reports.messages()) == "Future exception was never retrieved");
    });
}

// FUT-07: cancelling a task reaches the future it waits for, done or not.
BOOST_AUTO_TEST_CASE(cancelling_a_waiter_clears_the_flag_as_cancel_does) {
    run([]() -> Coroutine<> {
        const Reports reports;
        auto future = new_future<int>();
        const auto body = [](Future<int> f) -> Coroutine<> { co_await f; };
        const auto waiter = asyncio::create_task(body, future);
        co_await asyncio::sleep(0);
        future.set_exception(asyncio::ValueError("lost"));
        waiter.cancel();
        co_await ticks(2);
        BOOST_TEST(waiter.cancelled());
        future = {};
        BOOST_TEST(reports.size() == 0);
    });
}

// FUT-08
BOOST_AUTO_TEST_CASE(a_future_may_die_on_another_thread) {
    run([]() -> Coroutine<> {
        const Reports reports;
        auto future = new_future<int>();
        future.set_exception(asyncio::ValueError("lost"));
        std::thread([f = std::move(future)]() mutable { f = {}; }).join();
        co_await ticks(2);
        BOOST_TEST(join(reports.messages()) == "Future exception was never retrieved");
    });
}

// FUT-08
BOOST_AUTO_TEST_CASE(an_exception_that_outlives_its_loop_is_logged) {
    const asyncio::LogCapture log;
    Future<int> future;
    run([&]() -> Coroutine<> {
        future = new_future<int>();
        future.set_exception(asyncio::ValueError("lost"));
        co_return;
    });
    future = {};
    BOOST_TEST(log.contains("Future exception was never retrieved"));
}

BOOST_AUTO_TEST_SUITE_END()
