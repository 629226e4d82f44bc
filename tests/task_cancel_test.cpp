// Cancelling tasks: counting, delivery, what may be done about it.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using asyncio::CancelledError;
using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::Death;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::wait_on;

namespace {

// Awaits the future and notes how that ends; goes on and yields once more.
Coroutine<std::string> stubborn(Trace& trace, Future<> future) {
    trace.push_back(co_await repr_of(future));
    co_await asyncio::sleep(0);
    co_return "finished";
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_cancel)

// TSK-11, TSK-15
BOOST_AUTO_TEST_CASE(each_cancel_is_counted_until_the_task_is_done) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::create_task(wait_on(new_future()));
        BOOST_TEST(task.cancelling() == 0);
        BOOST_TEST(task.cancel());
        BOOST_TEST(task.cancel());
        BOOST_TEST(task.cancelling() == 2);
        BOOST_TEST(!task.cancelled());
        BOOST_TEST(!task.done());
        co_await ticks(2);
        BOOST_TEST(task.cancelled());
        BOOST_TEST(!task.cancel());
        BOOST_TEST(task.cancelling() == 2);
    });
}

// TSK-12
BOOST_AUTO_TEST_CASE(cancelling_a_waiting_task_cancels_what_it_waits_for) {
    run([]() -> Coroutine<> {
        const auto future = new_future();
        const auto task = asyncio::create_task(wait_on(future));
        co_await asyncio::sleep(0);
        task.cancel();
        BOOST_TEST(future.cancelled());
        BOOST_TEST(!task.done());
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(task.cancelled());
    });
}

// TSK-12: the result is lost to the coroutine.
BOOST_AUTO_TEST_CASE(a_cancel_after_the_future_is_done_wins_over_its_result) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto future = new_future();
        const auto task = asyncio::create_task(stubborn(trace, future));
        co_await asyncio::sleep(0);
        future.set_result();
        BOOST_TEST(task.cancel());
        BOOST_TEST(!future.cancelled());
        const std::string result = co_await task;
        BOOST_TEST(join(trace) == "CancelledError()");
        BOOST_TEST(result == "finished");
    });
}

// TSK-13
BOOST_AUTO_TEST_CASE(a_task_cancelled_before_its_first_step_never_runs) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [](Trace& t, Death) -> Coroutine<> {
            t.push_back("ran");
            co_return;
        };
        const auto task = asyncio::create_task(body(trace, Death(trace, "argument")));
        task.cancel("early");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('early')");
        BOOST_TEST(task.cancelled());
        BOOST_TEST(join(trace) == "destroyed argument");
    });
}

// TSK-14
BOOST_AUTO_TEST_CASE(a_task_that_cancels_itself_gets_it_at_its_next_suspension) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            asyncio::current_task().cancel();
            trace.push_back("goes on");
            trace.push_back(co_await repr_of(asyncio::sleep(0)));
        };
        const auto task = asyncio::create_task(body);
        co_await task;
        BOOST_TEST(join(trace) == "goes on, CancelledError()");
        BOOST_TEST(!task.cancelled());
    });
}

// TSK-14
BOOST_AUTO_TEST_CASE(a_task_that_cancels_itself_and_returns_is_cancelled) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<int> {
            asyncio::current_task().cancel("own");
            co_return 1;
        };
        const auto task = asyncio::create_task(body);
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('own')");
        BOOST_TEST(task.cancelled());
    });
}

// TSK-14: what is done already does not suspend, so it does not deliver.
BOOST_AUTO_TEST_CASE(awaiting_what_is_done_does_not_deliver_a_cancel) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            const auto done = new_future();
            done.set_result();
            asyncio::current_task().cancel();
            trace.push_back(co_await repr_of(done));
            const auto pending = new_future();
            trace.push_back(co_await repr_of(pending));
            BOOST_TEST(pending.cancelled());
        };
        co_await asyncio::create_task(body);
        BOOST_TEST(join(trace) == "no error, CancelledError()");
    });
}

// TSK-16, TSK-17
BOOST_AUTO_TEST_CASE(a_task_may_swallow_its_cancellation_and_gets_it_once) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto task = asyncio::create_task(stubborn(trace, new_future()));
        co_await asyncio::sleep(0);
        task.cancel();
        const std::string result = co_await task;
        BOOST_TEST(result == "finished");
        BOOST_TEST(!task.cancelled());
        BOOST_TEST(task.cancelling() == 1);
        BOOST_TEST(join(trace) == "CancelledError()");
    });
}

// TSK-17
BOOST_AUTO_TEST_CASE(a_second_cancel_is_delivered_again) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            trace.push_back(co_await repr_of(new_future()));
            trace.push_back(co_await repr_of(new_future()));
            trace.push_back(co_await repr_of(asyncio::sleep(0)));
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel("one");
        co_await asyncio::sleep(0);
        task.cancel("two");
        co_await task;
        BOOST_TEST(join(trace) == "CancelledError('one'), CancelledError('two'), no error");
        BOOST_TEST(task.cancelling() == 2);
    });
}

// TSK-18
BOOST_AUTO_TEST_CASE(raising_cancelled_error_without_a_request_cancels_the_task) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            co_await asyncio::sleep(0);
            throw CancelledError("mine");
        };
        const auto task = asyncio::create_task(body);
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('mine')");
        BOOST_TEST(task.cancelled());
        BOOST_TEST(task.cancelling() == 0);
    });
}

// TSK-19
BOOST_AUTO_TEST_CASE(another_exception_during_the_unwinding_wins) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            try {
                co_await new_future();
            } catch (const CancelledError&) {
                throw asyncio::ValueError("cleanup failed");
            }
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "ValueError('cleanup failed')");
        BOOST_TEST(!task.cancelled());
    });
}

// TSK-20
BOOST_AUTO_TEST_CASE(uncancel_counts_down_to_zero) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::current_task();
        BOOST_TEST(task.uncancel() == 0);
        task.cancel();
        task.cancel();
        BOOST_TEST(task.uncancel() == 1);
        BOOST_TEST(task.uncancel() == 0);
        BOOST_TEST(task.uncancel() == 0);
        BOOST_TEST(task.cancelling() == 0);
        co_return;
    });
}

// TSK-20
BOOST_AUTO_TEST_CASE(uncancel_to_zero_withdraws_a_request_that_was_not_delivered) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::current_task();
        task.cancel();
        task.uncancel();
        const std::string error = co_await repr_of(asyncio::sleep(0));
        BOOST_TEST(error == "no error");
        task.cancel();
        task.cancel();
        task.uncancel(); // one is left
        const std::string delivered = co_await repr_of(asyncio::sleep(0));
        BOOST_TEST(delivered == "CancelledError()");
        task.uncancel();
    });
}

// TSK-21
BOOST_AUTO_TEST_CASE(the_message_reaches_the_task_and_whoever_awaits_it) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            try {
                co_await new_future();
            } catch (const CancelledError& error) {
                trace.push_back(error.str());
                throw;
            }
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel("why");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('why')");
        BOOST_TEST(join(trace) == "why");
    });
}

// TSK-21
BOOST_AUTO_TEST_CASE(of_several_undelivered_messages_the_last_wins) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::create_task(wait_on(new_future()));
        task.cancel("first");
        task.cancel("second");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('second')");
        const auto silent = asyncio::create_task(wait_on(new_future()));
        silent.cancel("first");
        silent.cancel();
        const std::string without = co_await repr_of(silent);
        BOOST_TEST(without == "CancelledError()");
    });
}

// TSK-22
BOOST_AUTO_TEST_CASE(cancelling_the_outer_task_cancels_the_inner_one) {
    run([]() -> Coroutine<> {
        const auto inner = asyncio::create_task(wait_on(new_future()));
        const auto body = [&]() -> Coroutine<> { co_await inner; };
        const auto outer = asyncio::create_task(body);
        co_await ticks(2);
        outer.cancel("stop");
        BOOST_TEST(inner.cancelling() == 1);
        const std::string error = co_await repr_of(outer);
        BOOST_TEST(error == "CancelledError('stop')");
        BOOST_TEST(inner.cancelled());
        BOOST_TEST(outer.cancelled());
    });
}

// TSK-22
BOOST_AUTO_TEST_CASE(an_inner_task_that_refuses_saves_the_outer_one) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto inner = asyncio::create_task(stubborn(trace, new_future()));
        const auto body = [&]() -> Coroutine<std::string> { co_return co_await inner; };
        const auto outer = asyncio::create_task(body);
        co_await ticks(2);
        outer.cancel();
        const std::string result = co_await outer;
        BOOST_TEST(result == "finished");
        BOOST_TEST(!outer.cancelled());
        BOOST_TEST(outer.cancelling() == 1);
    });
}

// TSK-22: nothing in the outer task is interrupted later for a request the inner one took.
BOOST_AUTO_TEST_CASE(a_request_taken_by_the_inner_task_is_spent) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto inner = asyncio::create_task(stubborn(trace, new_future()));
        const auto body = [&]() -> Coroutine<std::string> {
            std::ignore = co_await inner;
            co_return co_await repr_of(asyncio::sleep(0));
        };
        const auto outer = asyncio::create_task(body);
        co_await ticks(2);
        outer.cancel();
        const std::string result = co_await outer;
        BOOST_TEST(result == "no error");
    });
}

// TSK-23
BOOST_AUTO_TEST_CASE(cancelling_a_sleep_removes_its_timer) {
    run([]() -> Coroutine<> {
        auto& timers = asyncio::get_running_loop().core().timers_;
        const auto task = asyncio::create_task(asyncio::sleep(3600));
        co_await asyncio::sleep(0);
        BOOST_TEST(timers.size() == 1);
        task.cancel();
        co_await ticks(3);
        BOOST_TEST(task.cancelled());
        BOOST_TEST(timers.size() == 0);
    });
}

// TSK-12: the CancelledError is that of the inner future, so the awaiter of a cancelled future
// cannot be told from a cancelled one.
BOOST_AUTO_TEST_CASE(a_cancelled_future_cancels_the_task_that_awaits_it) {
    run([]() -> Coroutine<> {
        const auto future = new_future();
        const auto task = asyncio::create_task(wait_on(future));
        co_await asyncio::sleep(0);
        future.cancel("inner");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('inner')");
        BOOST_TEST(task.cancelled());
        BOOST_TEST(task.cancelling() == 0);
    });
}

BOOST_AUTO_TEST_SUITE_END()
