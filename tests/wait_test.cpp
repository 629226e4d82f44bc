// wait(): modes, timeout, and that it never touches what it waits for.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <list>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio::Task;
using asyncio_test::fail_after;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::run_virtual;
using asyncio_test::ticks;
using asyncio_test::value_after;

namespace wait_tests {
BOOST_AUTO_TEST_SUITE(wait)

// TSK-39
BOOST_AUTO_TEST_CASE(it_waits_for_all_and_raises_none_of_their_errors) {
    run([]() -> Coroutine<> {
        const auto good = asyncio::create_task(value_after(1, 1));
        const auto bad = asyncio::create_task(fail_after<int>("failed", 2));
        const auto cancelled = asyncio::create_task(value_after(1, 100));
        cancelled.cancel();
        const std::vector tasks{good, bad, cancelled};
        const auto result = co_await asyncio::wait(tasks);
        BOOST_TEST(result.done.size() == 3);
        BOOST_TEST(result.pending.empty());
        BOOST_TEST(cancelled.cancelled());
        BOOST_TEST(asyncio::repr(bad.exception()) == "ValueError('failed')");
    });
}

// TSK-39
BOOST_AUTO_TEST_CASE(an_empty_set_is_a_value_error) {
    run([]() -> Coroutine<> {
        const std::string error = co_await repr_of(asyncio::wait(std::vector<Task<>>()));
        BOOST_TEST(error == "ValueError('Set of Tasks/Futures is empty.')");
    });
}

// TSK-39
BOOST_AUTO_TEST_CASE(on_timeout_the_unfinished_are_pending_and_go_on) {
    run_virtual([]() -> Coroutine<> {
        const auto fast = asyncio::create_task(asyncio::sleep(1));
        const auto slow = asyncio::create_task(asyncio::sleep(3));
        const std::vector tasks{slow, fast};
        const auto result = co_await asyncio::wait(tasks, {.timeout = 2});
        BOOST_TEST(asyncio_test::elapsed() == 2);
        BOOST_REQUIRE(result.done.size() == 1);
        BOOST_TEST((result.done[0] == fast));
        BOOST_TEST(result.pending.contains(slow));
        BOOST_TEST(slow.cancelling() == 0);
        co_await slow;
        BOOST_TEST(asyncio_test::elapsed() == 3);
    });
}

BOOST_AUTO_TEST_CASE(a_timeout_that_is_not_needed_leaves_no_timer) {
    run_virtual([]() -> Coroutine<> {
        const std::vector tasks{asyncio::create_task(asyncio::sleep(1))};
        std::ignore = co_await asyncio::wait(tasks, {.timeout = 60});
        co_await asyncio::sleep(0);
        BOOST_TEST(asyncio::get_running_loop().core().timers_.size() == 0);
        BOOST_TEST(asyncio_test::elapsed() == 1);
    });
}

// TSK-40
BOOST_AUTO_TEST_CASE(first_completed_returns_with_everything_that_is_done_by_then) {
    run([]() -> Coroutine<> {
        const auto a = asyncio::create_task(value_after(1, 2));
        const auto b = asyncio::create_task(value_after(2, 2));
        const auto c = asyncio::create_task(value_after(3, 100));
        const std::vector tasks{a, b, c};
        const auto result =
            co_await asyncio::wait(tasks, {.return_when = asyncio::FIRST_COMPLETED});
        BOOST_TEST(result.done.size() == 2);
        BOOST_TEST(result.pending.size() == 1);
        BOOST_TEST(result.pending.contains(c));
    });
}

// TSK-40
BOOST_AUTO_TEST_CASE(first_exception_overlooks_cancelled_ones) {
    run([]() -> Coroutine<> {
        const auto cancelled = asyncio::create_task(value_after(1, 100));
        cancelled.cancel();
        const auto bad = asyncio::create_task(fail_after<int>("failed", 5));
        const auto slow = asyncio::create_task(value_after(1, 100));
        const std::vector tasks{cancelled, bad, slow};
        const auto result =
            co_await asyncio::wait(tasks, {.return_when = asyncio::FIRST_EXCEPTION});
        BOOST_TEST(result.done.contains(bad));
        BOOST_TEST(result.done.contains(cancelled));
        BOOST_TEST(!slow.done());
    });
}

// TSK-40
BOOST_AUTO_TEST_CASE(first_exception_without_errors_waits_for_all) {
    run([]() -> Coroutine<> {
        const std::vector tasks{asyncio::create_task(value_after(1, 1)),
                                asyncio::create_task(value_after(1, 4))};
        const auto result =
            co_await asyncio::wait(tasks, {.return_when = asyncio::FIRST_EXCEPTION});
        BOOST_TEST(result.done.size() == 2);
    });
}

BOOST_AUTO_TEST_CASE(what_is_done_before_counts) {
    run([]() -> Coroutine<> {
        const auto done = new_future();
        const auto pending = new_future();
        done.set_result();
        const std::vector futures{pending, done};
        const auto result =
            co_await asyncio::wait(futures, {.return_when = asyncio::FIRST_COMPLETED});
        BOOST_TEST(result.done.contains(done));
        BOOST_TEST(result.pending.contains(pending));
    });
}

// TSK-40
BOOST_AUTO_TEST_CASE(cancelling_the_waiter_leaves_the_children_running) {
    run([]() -> Coroutine<> {
        const auto child = new_future();
        const auto body = [&]() -> Coroutine<> {
            const std::vector futures{child};
            co_await asyncio::wait(futures);
        };
        const auto waiter = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        waiter.cancel();
        const std::string error = co_await repr_of(waiter);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(!child.done());
        BOOST_TEST(to_string(child).find("cb=") == std::string::npos); // the callback is removed
    });
}

BOOST_AUTO_TEST_CASE(duplicates_collapse_and_the_order_of_insertion_stays) {
    run([]() -> Coroutine<> {
        const auto a = asyncio::create_task(value_after(1, 3));
        const auto b = asyncio::create_task(value_after(2, 1));
        const std::list<Task<int>> tasks{a, b, a};
        const auto result = co_await asyncio::wait(tasks);
        BOOST_REQUIRE(result.done.size() == 2);
        BOOST_TEST((result.done[0] == a));
        BOOST_TEST((result.done[1] == b));
    });
}

BOOST_AUTO_TEST_CASE(tasks_of_different_types_are_given_as_references) {
    run([]() -> Coroutine<> {
        const auto number = asyncio::create_task(value_after(1, 1));
        const auto nothing = asyncio::create_task(ticks(2));
        const auto future = new_future<std::string>();
        future.set_result("x");
        const std::vector<asyncio::FutureRef> mixed{number, nothing, future};
        const auto result = co_await asyncio::wait(mixed);
        BOOST_TEST(result.done.size() == 3);
        BOOST_TEST(result.done.contains(number));
    });
}

// TSK-39: looking for the first exception does not count as looking at it.
BOOST_AUTO_TEST_CASE(errors_in_the_result_are_still_reported_when_nobody_looks) {
    run([]() -> Coroutine<> {
        const Reports reports;
        const auto body = []() -> Coroutine<> {
            const std::vector tasks{asyncio::create_task(fail_after<int>("failed", 1))};
            std::ignore = co_await asyncio::wait(tasks);
        };
        co_await body();
        co_await ticks(1);
        BOOST_TEST(reports.size() == 1);
    });
}

template <class R>
concept Waitable = requires(R range) { asyncio::wait(range); };
static_assert(Waitable<std::vector<Task<int>>>);
static_assert(!Waitable<std::vector<Coroutine<int>>>, "coroutines are forbidden");
static_assert(!Waitable<Task<int>>, "a single future is not a set");

BOOST_AUTO_TEST_SUITE_END()
} // namespace wait_tests
