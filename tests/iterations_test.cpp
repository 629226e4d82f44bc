// How many iterations of the loop each await costs: ports that get it wrong reorder what users see.
// The numbers are those of Python (PARITY 0.1, G-02 to G-05).
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio::Task;
using asyncio_test::iterations_of;
using asyncio_test::new_future;
using asyncio_test::run;
using asyncio_test::wait_on;

namespace {

Coroutine<> nothing() { co_return; }
Coroutine<> deep(int levels) {
    if (levels > 0) co_await deep(levels - 1);
}
template <class Make>
void check(int expected, Make make) {
    const int seen = run([&]() -> Coroutine<int> { co_return co_await iterations_of(make); });
    BOOST_TEST(seen == expected);
}

} // namespace

BOOST_AUTO_TEST_SUITE(iterations)

// G-05
BOOST_AUTO_TEST_CASE(a_coroutine_that_does_not_suspend_takes_none) {
    check(0, [] { return nothing(); });
    check(0, [] { return deep(100); });
}

BOOST_AUTO_TEST_CASE(what_is_done_takes_none) {
    check(0, [] {
        const auto future = new_future();
        future.set_result();
        return future;
    });
    check(0, [] { return asyncio::gather(); });
    check(0, [] {
        return asyncio::async_with(asyncio::TaskGroup(),
                                   [](asyncio::TaskGroup) -> Coroutine<> { co_return; });
    });
    check(0, [] { return asyncio::create_task(nothing(), {.eager_start = true}); });
    check(0, [] {
        const auto future = new_future();
        future.set_result();
        return asyncio::gather(future);
    });
}

// TSK-30
BOOST_AUTO_TEST_CASE(a_sleep_of_nothing_takes_one) {
    check(1, [] { return asyncio::sleep(0); });
    check(1, [] { return asyncio::sleep(-1); });
}

BOOST_AUTO_TEST_CASE(a_future_completed_by_the_next_callback_takes_two) {
    check(2, [] {
        const auto future = new_future();
        asyncio::get_running_loop().call_soon([future] { future.set_result(); });
        return future;
    });
}

BOOST_AUTO_TEST_CASE(a_task_that_does_not_suspend_takes_two) {
    check(2, [] { return asyncio::create_task(nothing()); });
}

BOOST_AUTO_TEST_CASE(an_aggregate_of_one_trivial_child_takes_three) {
    check(3, [] { return asyncio::gather(nothing()); });
    check(3, [] { return asyncio::shield(nothing()); });
    check(3, [] {
        std::vector<Task<>> tasks;
        tasks.push_back(asyncio::create_task(nothing()));
        return asyncio::wait(tasks);
    });
    check(3, [] {
        std::vector<Coroutine<>> children;
        children.push_back(nothing());
        return asyncio::as_completed(std::move(children)).next();
    });
    check(3, [] {
        return asyncio::async_with(asyncio::TaskGroup(), [](asyncio::TaskGroup tg) -> Coroutine<> {
            tg.create_task(nothing());
            co_return;
        });
    });
}

// TSK-44: from 3.12 on the inner awaitable is awaited directly.
BOOST_AUTO_TEST_CASE(wait_for_takes_as_many_as_what_it_waits_for) {
    check(2, [] {
        const auto future = new_future();
        asyncio::get_running_loop().call_soon([future] { future.set_result(); });
        return asyncio::wait_for(future, 3600);
    });
    check(0, [] { return asyncio::wait_for(nothing(), 3600); });
    check(2, [] { return asyncio::wait_for(asyncio::create_task(nothing()), std::nullopt); });
}

// TSK-13
BOOST_AUTO_TEST_CASE(a_task_cancelled_before_its_first_step_takes_two) {
    check(2, [] {
        const auto task = asyncio::create_task(wait_on(new_future()));
        task.cancel();
        return task;
    });
}

BOOST_AUTO_TEST_CASE(a_task_cancelled_in_its_sleep_takes_two) {
    const auto body = []() -> Coroutine<int> {
        const auto task = asyncio::create_task(asyncio::sleep(3600));
        co_await asyncio::sleep(0);
        co_return co_await iterations_of([&] {
            task.cancel();
            return task;
        });
    };
    BOOST_TEST(run(body) == 2);
}

// TMO-03
BOOST_AUTO_TEST_CASE(a_timeout_of_nothing_takes_two) {
    check(2, [] {
        return asyncio::async_with(asyncio::timeout(0),
                                   []() -> Coroutine<> { co_await new_future(); });
    });
}

BOOST_AUTO_TEST_SUITE_END()
