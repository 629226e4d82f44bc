// wait_for(): deadlines that cancel, and what wins when both happen at once.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::elapsed;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::run_virtual;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::wait_on;

namespace {

// Answers a cancellation with a value.
Coroutine<std::string> refuse(Future<> future) { co_return co_await repr_of(future); }

// Answers a cancellation with an error.
Coroutine<> break_down(Future<> future) {
    try {
        co_await future;
    } catch (const asyncio::CancelledError&) {
        throw asyncio::ValueError("cleanup");
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(wait_for)

// TSK-42
BOOST_AUTO_TEST_CASE(what_ends_in_time_gives_its_result) {
    run_virtual([]() -> Coroutine<> {
        const int value = co_await asyncio::wait_for(asyncio::sleep(1, 7), 2);
        BOOST_TEST(value == 7);
        BOOST_TEST(elapsed() == 1);
        const auto body = []() -> Coroutine<int> { co_return 3; };
        const int other = co_await asyncio::wait_for(body, 2);
        BOOST_TEST(other == 3);
        co_await asyncio::sleep(0);
        BOOST_TEST(asyncio::get_running_loop().core().timers_.size() == 0);
    });
}

// TSK-42
BOOST_AUTO_TEST_CASE(on_expiry_the_awaitable_is_cancelled_and_timeout_error_raised) {
    run_virtual([]() -> Coroutine<> {
        const auto task = asyncio::create_task(wait_on(new_future()));
        const std::string error = co_await repr_of(asyncio::wait_for(task, 2));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(elapsed() == 2);
        BOOST_TEST(task.cancelled());
        BOOST_TEST(asyncio::current_task().cancelling() == 0);
    });
}

// TSK-42, TMO-06
BOOST_AUTO_TEST_CASE(the_timeout_error_comes_from_the_cancelled_error) {
    run_virtual([]() -> Coroutine<> {
        std::exception_ptr cause;
        try {
            co_await asyncio::wait_for(wait_on(new_future()), 1);
        } catch (const asyncio::TimeoutError& error) {
            cause = error.cause();
        }
        BOOST_TEST(asyncio::is_cancelled(cause));
    });
}

// TSK-42
BOOST_AUTO_TEST_CASE(expiry_waits_for_the_cleanup_of_what_it_cancelled) {
    run_virtual([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            co_await asyncio::try_finally([]() -> Coroutine<> { co_await new_future(); },
                                          []() -> Coroutine<> { co_await asyncio::sleep(5); });
        };
        const std::string error =
            co_await repr_of(asyncio::wait_for(asyncio::create_task(body), 1));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(elapsed() == 6);
    });
}

// TSK-42
BOOST_AUTO_TEST_CASE(a_value_in_spite_of_the_cancel_is_returned) {
    run_virtual([]() -> Coroutine<> {
        const auto task = asyncio::create_task(refuse(new_future()));
        const std::string value = co_await asyncio::wait_for(task, 1);
        BOOST_TEST(value == "CancelledError()");
        const std::string inline_value = co_await asyncio::wait_for(refuse(new_future()), 1);
        BOOST_TEST(inline_value == "CancelledError()");
        BOOST_TEST(asyncio::current_task().cancelling() == 0);
    });
}

// TSK-42
BOOST_AUTO_TEST_CASE(an_error_in_answer_to_the_cancel_is_raised) {
    run_virtual([]() -> Coroutine<> {
        const std::string error = co_await repr_of(asyncio::wait_for(break_down(new_future()), 1));
        BOOST_TEST(error == "ValueError('cleanup')");
    });
}

// TSK-41
BOOST_AUTO_TEST_CASE(with_no_time_a_finished_future_gives_its_result) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        future.set_result(5);
        const int value = co_await asyncio::wait_for(future, 0);
        BOOST_TEST(value == 5);
        const int negative = co_await asyncio::wait_for(future, -1);
        BOOST_TEST(negative == 5);
    });
}

// TSK-41
BOOST_AUTO_TEST_CASE(with_no_time_a_pending_future_is_cancelled) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        const std::string error = co_await repr_of(asyncio::wait_for(future, 0));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(future.cancelled());
    });
}

// TSK-41
BOOST_AUTO_TEST_CASE(with_no_time_a_coroutine_never_starts) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            trace.push_back("started");
            co_return;
        };
        const std::string error = co_await repr_of(asyncio::wait_for(body(), 0));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(trace.empty());
    });
}

// TSK-41
BOOST_AUTO_TEST_CASE(with_no_time_a_task_that_refuses_wins) {
    run([]() -> Coroutine<> {
        const auto stubborn = asyncio::create_task(refuse(new_future()));
        const auto broken = asyncio::create_task(break_down(new_future()));
        co_await asyncio::sleep(0);
        const std::string value = co_await asyncio::wait_for(stubborn, 0);
        BOOST_TEST(value == "CancelledError()");
        const std::string error = co_await repr_of(asyncio::wait_for(broken, 0));
        BOOST_TEST(error == "ValueError('cleanup')");
    });
}

// TSK-42
BOOST_AUTO_TEST_CASE(cancelling_the_caller_cancels_the_awaitable) {
    run([]() -> Coroutine<> {
        const auto inner = asyncio::create_task(wait_on(new_future()));
        const auto body = [&]() -> Coroutine<> { co_await asyncio::wait_for(inner, 3600); };
        const auto outer = asyncio::create_task(body);
        co_await ticks(2);
        outer.cancel("outside");
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error == "CancelledError('outside')");
        BOOST_TEST(inner.cancelled());
        BOOST_TEST(outer.cancelled());
    });
}

// TSK-43: cpython#86296
BOOST_AUTO_TEST_CASE(a_cancel_in_the_iteration_of_the_result_is_not_lost) {
    run([]() -> Coroutine<> {
        const auto inner = new_future();
        const auto body = [&]() -> Coroutine<> { co_await asyncio::wait_for(inner, 3600); };
        const auto outer = asyncio::create_task(body);
        co_await ticks(2);
        inner.set_result();
        outer.cancel();
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(outer.cancelled());
    });
}

// TSK-43: the deadline came first, though the result was there when the waiter resumed.
BOOST_AUTO_TEST_CASE(a_deadline_in_the_iteration_of_the_result_wins) {
    run_virtual([]() -> Coroutine<> {
        const auto future = new_future<int>();
        asyncio::get_running_loop().call_at(1001, [&] { future.set_result(9); });
        const std::string error = co_await repr_of(asyncio::wait_for(future, 1));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(future.result() == 9);
    });
}

// TSK-44
BOOST_AUTO_TEST_CASE(a_coroutine_runs_in_the_callers_task_and_context) {
    run([]() -> Coroutine<> {
        const asyncio::ContextVar<int> variable("variable", 0);
        const auto self = asyncio::current_task();
        const auto body = [&]() -> Coroutine<bool> {
            variable.set(5);
            co_return asyncio::current_task() == self;
        };
        const bool same = co_await asyncio::wait_for(body(), 10);
        BOOST_TEST(same);
        BOOST_TEST(variable.get() == 5);
        variable.set(0);
        const bool without_deadline = co_await asyncio::wait_for(body(), std::nullopt);
        BOOST_TEST(without_deadline);
        BOOST_TEST(variable.get() == 5);
    });
}

// Results that own something are destroyed, not leaked, when nobody gets them.
BOOST_AUTO_TEST_CASE(a_move_only_result_passes_through) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<std::unique_ptr<int>> {
            co_await asyncio::sleep(0);
            co_return std::make_unique<int>(1);
        };
        const auto result = co_await asyncio::wait_for(body(), 10);
        BOOST_TEST(*result == 1);
        const auto task = asyncio::create_task(body);
        const auto from_task = co_await asyncio::wait_for(task, std::nullopt);
        BOOST_TEST(*from_task == 1);
    });
}

BOOST_AUTO_TEST_CASE(a_library_awaitable_is_accepted) {
    run_virtual([]() -> Coroutine<> {
        const std::string error = co_await repr_of(asyncio::wait_for(asyncio::sleep(10), 1));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(elapsed() == 1);
        co_await asyncio::sleep(0);
        BOOST_TEST(asyncio::get_running_loop().core().timers_.size() == 0);
    });
}

// TMO-08. Calling wait_for() does nothing yet, whatever the delay.
BOOST_AUTO_TEST_CASE(nothing_starts_before_the_first_await) {
    run([]() -> Coroutine<> {
        auto started = [](bool* mark) -> Coroutine<> {
            *mark = true;
            co_return;
        };
        bool mark = false;
        auto waiting = asyncio::wait_for(started(&mark), 0);
        BOOST_TEST(asyncio::all_tasks().size() == 1);
        const std::string error = co_await repr_of(std::move(waiting));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(!mark);
    });
}

// A gather ends with its child's CancelledError as an error: that is a cancellation too.
BOOST_AUTO_TEST_CASE(an_expired_gather_is_a_timeout) {
    run([]() -> Coroutine<> {
        const std::string error = co_await repr_of(
            asyncio::wait_for(asyncio::gather(asyncio::sleep(3600), asyncio::sleep(3600)), 0));
        BOOST_TEST(error == "TimeoutError()");
    });
}

BOOST_AUTO_TEST_SUITE_END()
