// timeout(): deadlines of blocks, and whose cancellation becomes a TimeoutError.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <exception>
#include <optional>
#include <string>

using asyncio::async_with;
using asyncio::Coroutine;
using asyncio::Future;
using asyncio::timeout;
using asyncio::Timeout;
using asyncio_test::elapsed;
using asyncio_test::error_of;
using asyncio_test::forever;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::repr_of;
using asyncio_test::requests;
using asyncio_test::run;
using asyncio_test::run_virtual;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

std::exception_ptr context_of(const std::exception_ptr& error) {
    const auto* e = asyncio::exception_cast<asyncio::BaseException>(error);
    return e ? e->context() : nullptr;
}

} // namespace

BOOST_AUTO_TEST_SUITE(timeouts)

// TMO-04, TMO-12, TGP-18
BOOST_AUTO_TEST_CASE(a_block_that_takes_too_long_ends_in_timeout_error) {
    run_virtual([]() -> Coroutine<> {
        std::optional<Timeout> seen;
        const std::string error =
            co_await repr_of(async_with(timeout(2), [&](Timeout t) -> Coroutine<> {
                seen = t;
                BOOST_TEST(*t.when() == 1002);
                co_await forever();
            }));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(seen->expired());
        BOOST_TEST(elapsed() == 2);
        BOOST_TEST(requests() == 0);
    });
    static_assert(std::is_base_of_v<asyncio::OSError, asyncio::TimeoutError>);
}

// TMO-11
BOOST_AUTO_TEST_CASE(a_block_in_time_gives_its_value_and_leaves_no_timer) {
    run_virtual([]() -> Coroutine<> {
        std::optional<Timeout> seen;
        const int value = co_await async_with(timeout(10), [&](Timeout t) -> Coroutine<int> {
            seen = t;
            co_await asyncio::sleep(1);
            co_return 5;
        });
        BOOST_TEST(value == 5);
        BOOST_TEST(!seen->expired());
        const auto failing = [](Timeout) -> Coroutine<> {
            throw asyncio::ValueError("x");
            co_return;
        };
        const std::string error = co_await repr_of(async_with(timeout(10), failing));
        BOOST_TEST(error == "ValueError('x')");
        co_await asyncio::sleep(0);
        BOOST_TEST(asyncio::get_running_loop().core().timers_.size() == 0);
    });
}

// TMO-01
BOOST_AUTO_TEST_CASE(it_needs_a_running_loop_and_a_task) {
    BOOST_TEST(error_of([] { timeout(1); }) == "RuntimeError('no running event loop')");
    run([]() -> Coroutine<> {
        std::string error;
        asyncio::get_running_loop().call_soon(
            [&] { error = error_of([] { timeout(1).aenter(); }); });
        co_await asyncio::sleep(0);
        BOOST_TEST(error == "RuntimeError('Timeout should be used inside a task')");
    });
}

// TMO-02
BOOST_AUTO_TEST_CASE(its_states_forbid_what_makes_no_sense) {
    run([]() -> Coroutine<> {
        const Timeout t = timeout(std::nullopt);
        BOOST_TEST(error_of([&] { t.reschedule(1.0); }) ==
                   "RuntimeError('Timeout has not been entered')");
        t.aenter();
        BOOST_TEST(error_of([&] { t.aenter(); }) ==
                   "RuntimeError('Timeout has already been entered')");
        t.aexit(nullptr);
        BOOST_TEST(error_of([&] { t.reschedule(1.0); }) ==
                   "RuntimeError('Cannot change state of finished Timeout')");
        BOOST_TEST(error_of([&] { t.aenter(); }) ==
                   "RuntimeError('Timeout has already been entered')");
        Trace errors;
        const auto body = [&](Timeout inner) -> Coroutine<> {
            std::ignore = co_await repr_of(forever());
            errors.push_back(error_of([&] { inner.reschedule(1.0); }));
        };
        const Timeout expiring = timeout(0);
        co_await async_with(expiring, body);
        errors.push_back(error_of([&] { expiring.reschedule(1.0); }));
        BOOST_TEST(join(errors) == "RuntimeError('Cannot change state of expiring Timeout'), "
                                   "RuntimeError('Cannot change state of expired Timeout')");
    });
}

// TMO-03
BOOST_AUTO_TEST_CASE(a_deadline_in_the_past_interrupts_the_first_suspension) {
    run([]() -> Coroutine<> {
        const int value = co_await async_with(timeout(-1), []() -> Coroutine<int> { co_return 1; });
        BOOST_TEST(value == 1);
        const std::string error = co_await repr_of(
            async_with(timeout(0), []() -> Coroutine<> { co_await asyncio::sleep(0); }));
        BOOST_TEST(error == "TimeoutError()");
        const std::string at =
            co_await repr_of(async_with(asyncio::timeout_at(asyncio::get_running_loop().time() - 5),
                                        []() -> Coroutine<> { co_await asyncio::sleep(0); }));
        BOOST_TEST(at == "TimeoutError()");
    });
}

// TMO-05
BOOST_AUTO_TEST_CASE(a_cancel_from_outside_is_not_turned_into_a_timeout) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            co_await async_with(timeout(0), []() -> Coroutine<> { co_await forever(); });
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0); // entered; the expiry is scheduled
        task.cancel("outside");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error.starts_with("CancelledError("));
        BOOST_TEST(task.cancelled());
        BOOST_TEST(task.cancelling() == 1);
    });
}

// TMO-06
BOOST_AUTO_TEST_CASE(the_cancelled_error_is_the_cause) {
    run([]() -> Coroutine<> {
        std::exception_ptr cause;
        try {
            co_await async_with(timeout(0), []() -> Coroutine<> { co_await forever(); });
        } catch (const asyncio::TimeoutError& error) {
            cause = error.cause();
        }
        BOOST_TEST(asyncio::is_cancelled(cause));
    });
}

// TMO-06
BOOST_AUTO_TEST_CASE(an_error_that_replaces_the_cancellation_propagates) {
    run([]() -> Coroutine<> {
        const Timeout t = timeout(0);
        const auto body = []() -> Coroutine<> {
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                throw asyncio::ValueError("translated");
            }
        };
        const std::string error = co_await repr_of(async_with(t, body));
        BOOST_TEST(error == "ValueError('translated')");
        BOOST_TEST(t.expired());
        BOOST_TEST(requests() == 0);
    });
}

// TMO-06: the chain of contexts, as a handler that keeps it builds it
BOOST_AUTO_TEST_CASE(the_context_of_what_replaced_the_cancellation_is_the_timeout) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                asyncio::ValueError inner("inner");
                inner.set_context(std::current_exception());
                asyncio::RuntimeError outer("outer");
                outer.set_context(std::make_exception_ptr(inner));
                throw outer;
            }
        };
        std::exception_ptr error;
        try {
            co_await async_with(timeout(0), body);
        } catch (const asyncio::RuntimeError&) {
            error = std::current_exception();
        }
        BOOST_REQUIRE(error);
        const auto inner = context_of(error);
        const auto timed_out = context_of(inner);
        BOOST_TEST(asyncio::repr(inner) == "ValueError('inner')");
        BOOST_TEST(asyncio::repr(timed_out) == "TimeoutError()");
        BOOST_TEST(asyncio::is_cancelled(context_of(timed_out)));
    });
}

// TMO-06: one level into a group
BOOST_AUTO_TEST_CASE(the_errors_of_a_group_show_the_timeout_too) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                asyncio::ValueError error("translated");
                error.set_context(std::current_exception());
                throw asyncio::ExceptionGroup("group", {std::make_exception_ptr(error)});
            }
        };
        std::exception_ptr child;
        try {
            co_await async_with(timeout(0), body);
        } catch (const asyncio::ExceptionGroup& group) {
            child = group.exceptions().at(0);
        }
        BOOST_TEST(asyncio::repr(child) == "ValueError('translated')");
        BOOST_TEST(asyncio::repr(context_of(child)) == "TimeoutError()");
    });
}

// TMO-06
BOOST_AUTO_TEST_CASE(an_error_of_another_origin_keeps_its_context) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                asyncio::ValueError error("other");
                error.set_context(std::make_exception_ptr(asyncio::LookupError("before")));
                throw error;
            }
        };
        std::exception_ptr context;
        try {
            co_await async_with(timeout(0), body);
        } catch (const asyncio::ValueError& error) {
            context = error.context();
        }
        BOOST_TEST(asyncio::repr(context) == "LookupError('before')");
        BOOST_TEST(!context_of(context));
    });
}

// TMO-07
BOOST_AUTO_TEST_CASE(a_swallowed_cancellation_is_no_timeout_error) {
    run([]() -> Coroutine<> {
        const Timeout t = timeout(0);
        const std::string inner = co_await async_with(
            t, []() -> Coroutine<std::string> { co_return co_await repr_of(forever()); });
        BOOST_TEST(inner == "CancelledError()");
        BOOST_TEST(t.expired());
        BOOST_TEST(requests() == 0);
    });
}

// TMO-08
BOOST_AUTO_TEST_CASE(a_cancelled_error_without_expiry_passes_through) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            throw asyncio::CancelledError("own");
            co_return;
        };
        const std::string error = co_await repr_of(async_with(timeout(60), body));
        BOOST_TEST(error == "CancelledError('own')");
        BOOST_TEST(requests() == 0);
    });
}

// TMO-09
BOOST_AUTO_TEST_CASE(an_inner_expiry_does_not_disturb_the_outer_timeout) {
    run_virtual([]() -> Coroutine<> {
        const auto inner = []() -> Coroutine<> {
            const std::string error = co_await repr_of(
                async_with(timeout(1), []() -> Coroutine<> { co_await forever(); }));
            BOOST_TEST(error == "TimeoutError()");
            co_await asyncio::sleep(1);
        };
        co_await async_with(timeout(5), inner);
        BOOST_TEST(elapsed() == 2);
        BOOST_TEST(requests() == 0);
    });
}

// TMO-09
BOOST_AUTO_TEST_CASE(an_outer_expiry_passes_the_inner_timeout) {
    run_virtual([]() -> Coroutine<> {
        Trace trace;
        const auto inner = [&]() -> Coroutine<> {
            const Timeout t = timeout(5);
            trace.push_back(
                co_await repr_of(async_with(t, []() -> Coroutine<> { co_await forever(); })));
            trace.push_back(t.expired() ? "inner expired" : "inner not expired");
            throw asyncio::CancelledError();
        };
        trace.push_back(co_await repr_of(async_with(timeout(1), inner)));
        BOOST_TEST(join(trace) == "CancelledError(), inner not expired, TimeoutError()");
        BOOST_TEST(requests() == 0);
    });
}

// TMO-09: the inner one sees a request that is not its own and lets the cancellation pass.
BOOST_AUTO_TEST_CASE(both_expire_in_the_same_iteration) {
    run_virtual([]() -> Coroutine<> {
        Trace trace;
        const auto inner = [&]() -> Coroutine<> {
            trace.push_back(co_await repr_of(
                async_with(timeout(1), []() -> Coroutine<> { co_await forever(); })));
            trace.push_back(std::to_string(requests()));
            throw asyncio::CancelledError();
        };
        trace.push_back(co_await repr_of(async_with(timeout(1), inner)));
        BOOST_TEST(join(trace) == "CancelledError(), 1, TimeoutError()");
        BOOST_TEST(requests() == 0);
    });
}

// TMO-10
BOOST_AUTO_TEST_CASE(it_converts_inside_a_cleanup_after_a_cancellation) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            trace.push_back(co_await repr_of(forever()));
            trace.push_back(std::to_string(requests()));
            trace.push_back(co_await repr_of(
                async_with(timeout(0), []() -> Coroutine<> { co_await forever(); })));
            trace.push_back(std::to_string(requests()));
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel();
        co_await task;
        BOOST_TEST(join(trace) == "CancelledError(), 1, TimeoutError(), 1");
    });
}

// TMO-11
BOOST_AUTO_TEST_CASE(a_deadline_can_be_moved_and_disarmed) {
    run_virtual([]() -> Coroutine<> {
        const auto longer = [](Timeout t) -> Coroutine<> {
            t.reschedule(*t.when() + 10);
            co_await asyncio::sleep(5);
        };
        co_await async_with(timeout(1), longer);
        BOOST_TEST(elapsed() == 5);
        const auto disarmed = [](Timeout t) -> Coroutine<> {
            t.reschedule(std::nullopt);
            BOOST_TEST(!t.when().has_value());
            co_await asyncio::sleep(5);
        };
        co_await async_with(timeout(1), disarmed);
        BOOST_TEST(elapsed() == 10);
        const auto past = [](Timeout t) -> Coroutine<> {
            t.reschedule(asyncio::get_running_loop().time() - 1);
            co_await ticks(3);
        };
        const std::string error = co_await repr_of(async_with(timeout(std::nullopt), past));
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(elapsed() == 10);
    });
}

// TMO-13: parity with cpython#134471.
BOOST_AUTO_TEST_CASE(a_timeout_of_nothing_may_swallow_an_undelivered_cancel) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<std::string> {
            asyncio::current_task().cancel();
            co_return co_await repr_of(
                async_with(timeout(0), []() -> Coroutine<> { co_await forever(); }));
        };
        const auto task = asyncio::create_task(body);
        const std::string error = co_await task;
        BOOST_TEST(error == "TimeoutError()");
        BOOST_TEST(task.cancelling() == 1);
    });
}

BOOST_AUTO_TEST_SUITE_END()
