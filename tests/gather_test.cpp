// gather(): results in order, errors, cancellation.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::error_of;
using asyncio_test::fail_after;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::value_after;

namespace {

Coroutine<std::string> refuse(Future<> future) { co_return co_await repr_of(future); }

} // namespace

BOOST_AUTO_TEST_SUITE(gather)

// TSK-32
BOOST_AUTO_TEST_CASE(results_come_in_the_order_of_the_arguments) {
    run([]() -> Coroutine<> {
        const auto results =
            co_await asyncio::gather(value_after(1, 3), value_after(2, 1), ticks(2));
        BOOST_TEST(std::get<0>(results) == 1);
        BOOST_TEST(std::get<1>(results) == 2);
        static_assert(std::is_same_v<std::tuple_element_t<2, std::decay_t<decltype(results)>>,
                                     std::monostate>);
    });
}

// TSK-32
BOOST_AUTO_TEST_CASE(a_range_gives_a_vector) {
    run([]() -> Coroutine<> {
        std::vector<Coroutine<int>> children;
        for (int i = 0; i < 5; ++i) children.push_back(value_after(i, 5 - i));
        const std::vector<int> results = co_await asyncio::gather(std::move(children));
        BOOST_TEST(results == (std::vector<int>{0, 1, 2, 3, 4}), boost::test_tools::per_element());
    });
}

// TSK-32
BOOST_AUTO_TEST_CASE(the_same_future_twice_runs_once_and_fills_both_places) {
    run([]() -> Coroutine<> {
        int runs = 0;
        const auto body = [&]() -> Coroutine<int> {
            ++runs;
            co_await asyncio::sleep(0);
            co_return 7;
        };
        const auto task = asyncio::create_task(body);
        const auto results = co_await asyncio::gather(task, task);
        BOOST_TEST(runs == 1);
        BOOST_TEST(std::get<0>(results) == 7);
        BOOST_TEST(std::get<1>(results) == 7);
    });
}

// TSK-32
BOOST_AUTO_TEST_CASE(nothing_gives_a_finished_future) {
    run([]() -> Coroutine<> {
        const auto none = asyncio::gather();
        BOOST_TEST(none.done());
        const auto empty = asyncio::gather(std::vector<Coroutine<int>>());
        BOOST_TEST(empty.done());
        BOOST_TEST(empty.result().empty());
        co_return;
    });
}

// TSK-33
BOOST_AUTO_TEST_CASE(the_first_error_ends_it_and_the_siblings_go_on) {
    run([]() -> Coroutine<> {
        const Reports reports;
        const auto slow = asyncio::create_task(value_after(5, 6));
        const auto also_bad = asyncio::create_task(fail_after("second", 4));
        const std::string error =
            co_await repr_of(asyncio::gather(slow, fail_after("first", 2), also_bad));
        BOOST_TEST(error == "ValueError('first')");
        BOOST_TEST(!slow.done());
        BOOST_TEST(slow.cancelling() == 0);
        const int value = co_await slow;
        BOOST_TEST(value == 5);
        BOOST_TEST(also_bad.done());
        co_await ticks(3);
        BOOST_TEST(reports.size() == 0);
    });
}

// TSK-33: later errors count as retrieved, also when nobody holds the children.
BOOST_AUTO_TEST_CASE(later_errors_are_not_reported) {
    run([]() -> Coroutine<> {
        const Reports reports;
        const std::string error =
            co_await repr_of(asyncio::gather(fail_after("first", 1), fail_after("second", 3)));
        BOOST_TEST(error == "ValueError('first')");
        co_await ticks(6);
        BOOST_TEST(reports.size() == 0);
    });
}

// TSK-34
BOOST_AUTO_TEST_CASE(a_cancelled_child_is_an_error_of_the_whole) {
    run([]() -> Coroutine<> {
        const auto child = new_future<int>();
        const auto outer = asyncio::gather(child, new_future<int>());
        child.cancel("child");
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error == "CancelledError('child')");
        BOOST_TEST(outer.done());
        BOOST_TEST(!outer.cancelled());
        BOOST_TEST(asyncio::is_cancelled(outer.exception()));
    });
}

// TSK-34
BOOST_AUTO_TEST_CASE(with_return_exceptions_errors_are_elements) {
    run([]() -> Coroutine<> {
        const auto cancelled = new_future<int>();
        cancelled.cancel();
        const auto results = co_await asyncio::gather(asyncio::return_exceptions, value_after(1, 2),
                                                      fail_after("bad", 1), cancelled);
        BOOST_TEST(std::get<0>(results).value() == 1);
        BOOST_TEST(std::get<1>(results).is<asyncio::ValueError>());
        BOOST_TEST(asyncio::repr(std::get<1>(results).exception()) == "ValueError('bad')");
        BOOST_TEST(std::get<2>(results).is<asyncio::CancelledError>());
        std::vector<Coroutine<>> failing;
        failing.push_back(fail_after("a", 1));
        failing.push_back(ticks(1));
        const auto outcomes =
            co_await asyncio::gather(asyncio::return_exceptions, std::move(failing));
        BOOST_TEST(!outcomes[0]);
        BOOST_TEST(!!outcomes[1]);
    });
}

// TSK-35
BOOST_AUTO_TEST_CASE(cancelling_it_cancels_the_children_and_waits_for_all) {
    run([]() -> Coroutine<> {
        const auto a = asyncio::create_task(value_after(1, 100));
        const auto body = []() -> Coroutine<> {
            std::ignore = co_await repr_of(new_future());
            co_await ticks(3);
        };
        const auto b = asyncio::create_task(body);
        const auto outer = asyncio::gather(a, b);
        co_await ticks(2);
        BOOST_TEST(outer.cancel("stop"));
        BOOST_TEST(a.cancelling() == 1);
        BOOST_TEST(b.cancelling() == 1);
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error.starts_with("CancelledError("));
        BOOST_TEST(a.cancelled());
        BOOST_TEST(!outer.cancelled());
        BOOST_TEST(!outer.cancel());
    });
}

// TSK-35
BOOST_AUTO_TEST_CASE(cancelled_it_raises_even_with_return_exceptions) {
    run([]() -> Coroutine<> {
        const auto stubborn = asyncio::create_task(refuse(new_future()));
        const auto easy = asyncio::create_task(value_after(1, 100));
        const auto outer = asyncio::gather(asyncio::return_exceptions, stubborn, easy);
        co_await ticks(2);
        outer.cancel();
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(stubborn.done());
        BOOST_TEST(!stubborn.cancelled());
        BOOST_TEST(!outer.cancelled());
    });
}

// TSK-35
BOOST_AUTO_TEST_CASE(cancel_is_refused_when_no_child_takes_it) {
    run([]() -> Coroutine<> {
        const auto child = new_future();
        const auto outer = asyncio::gather(child);
        child.set_result();
        BOOST_TEST(!outer.cancel());
        co_await outer;
        BOOST_TEST(!outer.cancel());
    });
}

// TSK-35: the task that awaits it is cancelled through it.
BOOST_AUTO_TEST_CASE(cancelling_the_awaiting_task_cancels_the_children) {
    run([]() -> Coroutine<> {
        const auto child = asyncio::create_task(value_after(1, 100));
        const auto body = [&]() -> Coroutine<> { co_await asyncio::gather(child); };
        const auto task = asyncio::create_task(body);
        co_await ticks(2);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(child.cancelled());
        BOOST_TEST(task.cancelled());
    });
}

// TSK-36
BOOST_AUTO_TEST_CASE(outside_a_loop_the_first_future_decides) {
    const auto loop = asyncio::new_event_loop();
    const auto other = asyncio::new_event_loop();
    const auto future = loop->create_future<int>();
    const auto outer = asyncio::gather(future);
    BOOST_TEST(&outer.get_loop() == loop.get());
    BOOST_TEST(error_of([&] { asyncio::gather(future, other->create_future()); }) ==
               "ValueError('The future belongs to a different loop than the one specified as the "
               "loop argument')");
    BOOST_TEST(error_of([] { asyncio::gather(); }) == "RuntimeError('no running event loop')");
    future.set_result(3);
    BOOST_TEST(std::get<0>(loop->run_until_complete(outer)) == 3);
    loop->close();
    other->close();
}

// CTX-02
BOOST_AUTO_TEST_CASE(coroutines_get_contexts_of_their_own) {
    run([]() -> Coroutine<> {
        const asyncio::ContextVar<int> variable("variable", 0);
        const auto body = [&](int value) -> Coroutine<int> {
            variable.set(value);
            co_await asyncio::sleep(0);
            co_return variable.get();
        };
        const auto results = co_await asyncio::gather(body(1), body(2));
        BOOST_TEST(std::get<0>(results) == 1);
        BOOST_TEST(std::get<1>(results) == 2);
        BOOST_TEST(variable.get() == 0);
    });
}

// FUT-14
BOOST_AUTO_TEST_CASE(move_only_results_are_moved) {
    run([]() -> Coroutine<> {
        const auto body = [](int n) -> Coroutine<std::unique_ptr<int>> {
            co_return std::make_unique<int>(n);
        };
        auto results = co_await asyncio::gather(body(1), body(2));
        BOOST_TEST(*std::get<0>(results) == 1);
        BOOST_TEST(*std::get<1>(results) == 2);
    });
}

// TSK-24
BOOST_AUTO_TEST_CASE(children_made_of_coroutines_are_not_reported_as_destroyed) {
    const auto loop = asyncio::new_event_loop();
    const Reports reports(*loop);
    loop->call_soon([&] {
        asyncio::gather(value_after(1, 100), value_after(2, 100));
        loop->stop();
    });
    loop->run_forever();
    loop->stop();
    loop->run_forever();
    loop->close();
    BOOST_TEST(reports.size() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
