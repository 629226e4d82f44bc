// shield(): the awaitable survives the cancellation of whoever awaits it.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::wait_on;

BOOST_AUTO_TEST_SUITE(shield)

// TSK-37
BOOST_AUTO_TEST_CASE(a_finished_future_is_returned_as_it_is) {
    run([]() -> Coroutine<> {
        const auto inner = new_future<int>();
        inner.set_result(1);
        BOOST_TEST((asyncio::shield(inner) == inner));
        co_return;
    });
}

// TSK-37
BOOST_AUTO_TEST_CASE(the_outcome_of_the_inner_future_passes_through) {
    run([]() -> Coroutine<> {
        const auto good = new_future<int>();
        const auto outer = asyncio::shield(good);
        good.set_result(42);
        const int value = co_await outer;
        BOOST_TEST(value == 42);
        const auto bad = new_future<int>();
        const auto failing = asyncio::shield(bad);
        bad.set_exception(asyncio::ValueError("x"));
        const std::string error = co_await repr_of(failing);
        BOOST_TEST(error == "ValueError('x')");
    });
}

// TSK-37
BOOST_AUTO_TEST_CASE(cancelling_the_outer_leaves_the_inner_running) {
    run([]() -> Coroutine<> {
        const auto future = new_future();
        const auto inner = asyncio::create_task(wait_on(future));
        const auto body = [&]() -> Coroutine<> { co_await asyncio::shield(inner); };
        const auto outer = asyncio::create_task(body);
        co_await ticks(2);
        outer.cancel();
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(!inner.done());
        BOOST_TEST(inner.cancelling() == 0);
        future.set_result();
        co_await inner;
    });
}

// TSK-37
BOOST_AUTO_TEST_CASE(cancelling_the_inner_cancels_the_outer) {
    run([]() -> Coroutine<> {
        const auto inner = new_future();
        const auto outer = asyncio::shield(inner);
        inner.cancel();
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(outer.cancelled());
    });
}

// TSK-37
BOOST_AUTO_TEST_CASE(an_error_after_the_cancellation_is_reported_once) {
    run([]() -> Coroutine<> {
        const Reports reports;
        const auto inner = new_future();
        const auto first = asyncio::shield(inner);
        const auto second = asyncio::shield(inner);
        first.cancel();
        second.cancel();
        co_await asyncio::sleep(0);
        inner.set_exception(asyncio::ValueError("late"));
        co_await ticks(2);
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].message == "ValueError exception in shielded future");
        BOOST_TEST(reports[0].error == "ValueError('late')");
        BOOST_TEST(join(reports[0].keys) == "exception, future, message");
    });
}

// TSK-37: neither a value nor a cancellation is worth a report.
BOOST_AUTO_TEST_CASE(other_ends_after_the_cancellation_are_silent) {
    run([]() -> Coroutine<> {
        const Reports reports;
        const auto value = new_future();
        const auto cancelled = new_future();
        asyncio::shield(value).cancel();
        asyncio::shield(cancelled).cancel();
        co_await asyncio::sleep(0);
        value.set_result();
        cancelled.cancel();
        co_await ticks(2);
        BOOST_TEST(reports.size() == 0);
    });
}

// TSK-38
BOOST_AUTO_TEST_CASE(a_shielded_temporary_is_kept_alive) {
    run([]() -> Coroutine<> {
        bool ended = false;
        const auto future = new_future();
        const auto body = [&](Future<> f) -> Coroutine<> {
            co_await f;
            ended = true;
        };
        const auto outer = asyncio::shield(body(future));
        co_await asyncio::sleep(0);
        outer.cancel();
        co_await asyncio::sleep(0);
        future.set_result();
        co_await ticks(2);
        BOOST_TEST(ended);
    });
}

BOOST_AUTO_TEST_CASE(the_result_of_an_expiring_task_may_be_move_only) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<std::unique_ptr<int>> {
            co_await asyncio::sleep(0);
            co_return std::make_unique<int>(3);
        };
        const auto result = co_await asyncio::shield(body());
        BOOST_TEST(*result == 3);
    });
}

// TSK-38. A cancelled shield takes its callback back: awaiting one future with a deadline again and
// again leaves nothing on it but the one that logs.
BOOST_AUTO_TEST_CASE(cancelled_shields_leave_one_callback_on_the_inner) {
    run([]() -> Coroutine<> {
        const auto inner = new_future();
        for (int i = 0; i < 100; ++i) {
            const auto outer = asyncio::shield(inner);
            outer.cancel();
            co_await ticks(2);
        }
        int callbacks = 0;
        for (auto* node = inner.core().callbacks_.first(); node; node = node->next_) ++callbacks;
        BOOST_TEST(callbacks == 1);
        inner.set_result();
    });
}

// A move-only result that another awaiter took is an error of the shield, not of the loop.
BOOST_AUTO_TEST_CASE(a_result_that_is_gone_is_the_awaiters_error) {
    run([]() -> Coroutine<> {
        const auto inner = new_future<std::unique_ptr<int>>();
        const auto taker = [](Future<std::unique_ptr<int>> f) -> Coroutine<> {
            const auto value = co_await f;
            BOOST_TEST(*value == 1);
        };
        const auto taking = asyncio::create_task(taker, inner);
        co_await ticks(1);
        const auto outer = asyncio::shield(inner);
        inner.set_result(std::make_unique<int>(1));
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error.starts_with("InvalidStateError("));
        co_await taking;
    });
}

BOOST_AUTO_TEST_SUITE_END()
