// as_completed(): futures in the order in which they end.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio::Task;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::run_virtual;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::value_after;

BOOST_AUTO_TEST_SUITE(as_completed)

// TSK-45
BOOST_AUTO_TEST_CASE(next_gives_the_very_futures_in_order_of_completion) {
    run([]() -> Coroutine<> {
        const auto slow = asyncio::create_task(value_after("slow", 5));
        const auto fast = asyncio::create_task(value_after("fast", 1));
        const std::vector tasks{slow, fast};
        const auto completed = asyncio::as_completed(tasks);
        std::vector<Task<std::string>> seen;
        for (;;) {
            const auto task = co_await completed.next();
            if (!task) break;
            BOOST_TEST(task->done());
            seen.push_back(*task);
        }
        BOOST_REQUIRE(seen.size() == 2);
        BOOST_TEST((seen[0] == fast));
        BOOST_TEST((seen[1] == slow));
    });
}

// TSK-45
BOOST_AUTO_TEST_CASE(plain_iteration_gives_coroutines_for_the_next_result) {
    run([]() -> Coroutine<> {
        Trace trace;
        std::vector<Coroutine<std::string>> children;
        children.push_back(value_after("slow", 5));
        children.push_back(value_after("fast", 1));
        for (auto next : asyncio::as_completed(std::move(children)))
            trace.push_back(co_await std::move(next));
        BOOST_TEST(join(trace) == "fast, slow");
    });
}

// TSK-45
BOOST_AUTO_TEST_CASE(duplicates_collapse) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        future.set_result(1);
        const std::vector futures{future, future};
        const auto completed = asyncio::as_completed(futures);
        const auto first = co_await completed.next();
        const auto second = co_await completed.next();
        BOOST_TEST(first.has_value());
        BOOST_TEST(!second.has_value());
    });
}

// TSK-45
BOOST_AUTO_TEST_CASE(nothing_completes_of_nothing) {
    run([]() -> Coroutine<> {
        const auto completed = asyncio::as_completed(std::vector<Task<int>>());
        const auto none = co_await completed.next();
        BOOST_TEST(!none.has_value());
        int steps = 0;
        for (auto next : completed) {
            next.close();
            ++steps;
        }
        BOOST_TEST(steps == 0);
    });
}

// TSK-45
BOOST_AUTO_TEST_CASE(on_timeout_the_next_one_raises_and_the_futures_go_on) {
    run_virtual([]() -> Coroutine<> {
        const auto fast = asyncio::create_task(asyncio::sleep(1));
        const auto slow = asyncio::create_task(asyncio::sleep(5));
        const std::vector tasks{slow, fast};
        const auto completed = asyncio::as_completed(tasks, {.timeout = 2});
        const auto first = co_await completed.next();
        BOOST_TEST((*first == fast));
        const std::string error = co_await repr_of(completed.next());
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(asyncio_test::elapsed() == 2);
        BOOST_TEST(slow.cancelling() == 0);
        co_await slow;
    });
}

// TSK-45: what ended in time is given even after the deadline.
BOOST_AUTO_TEST_CASE(results_that_came_in_time_are_not_lost_to_the_timeout) {
    run_virtual([]() -> Coroutine<> {
        const auto task = asyncio::create_task(asyncio::sleep(1));
        const auto never = asyncio::create_task(asyncio::sleep(100));
        const std::vector tasks{task, never};
        const auto completed = asyncio::as_completed(tasks, {.timeout = 2});
        co_await asyncio::sleep(3);
        const auto first = co_await completed.next();
        BOOST_TEST((*first == task));
        const std::string error = co_await repr_of(completed.next());
        BOOST_TEST(error == "TimeoutError()");
    });
}

BOOST_AUTO_TEST_CASE(errors_are_raised_by_the_coroutines_and_kept_in_the_futures) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        future.set_exception(asyncio::ValueError("x"));
        const std::vector futures{future};
        for (auto next : asyncio::as_completed(futures)) {
            const std::string error = co_await repr_of(std::move(next));
            BOOST_TEST(error == "ValueError('x')");
        }
        const auto completed = asyncio::as_completed(futures);
        const auto same = co_await completed.next();
        BOOST_TEST(asyncio::repr(same->exception()) == "ValueError('x')");
    });
}

BOOST_AUTO_TEST_CASE(cancelling_the_consumer_leaves_the_futures_and_the_order_alone) {
    run([]() -> Coroutine<> {
        const auto a = new_future<int>();
        const auto b = new_future<int>();
        const std::vector futures{a, b};
        const auto completed = asyncio::as_completed(futures);
        const auto consumer = asyncio::create_task(completed.next());
        const auto other = asyncio::create_task(completed.next());
        co_await asyncio::sleep(0);
        a.set_result(1);
        co_await asyncio::sleep(0);
        consumer.cancel(); // woken already: the turn goes to the next consumer
        const auto got = co_await other;
        BOOST_TEST((*got == a));
        BOOST_TEST(consumer.done());
        BOOST_TEST(!b.done());
    });
}

template <class R>
concept Completable = requires(R range) { asyncio::as_completed(std::move(range)); };
static_assert(Completable<std::vector<Coroutine<int>>>);
static_assert(!Completable<Task<int>>, "a single future is not a set");

BOOST_AUTO_TEST_SUITE_END()
