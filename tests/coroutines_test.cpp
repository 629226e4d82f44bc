// Coroutine<T>: lazy, awaited once, results of every kind; sleep().
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <memory>
#include <string>
#include <utility>

using asyncio::Coroutine;
using asyncio_test::Death;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::run_virtual;
using asyncio_test::Trace;

namespace {

Coroutine<int> answer() { co_return 42; }

// Cannot be copied, moved or default-constructed away from its value.
struct NoDefault {
    explicit NoDefault(int n) : value(n) {}
    int value;
};

} // namespace

BOOST_AUTO_TEST_SUITE(coroutines)

// G-05
BOOST_AUTO_TEST_CASE(it_does_nothing_until_it_is_awaited) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            trace.push_back("ran");
            co_return;
        };
        auto coroutine = body();
        BOOST_TEST(trace.empty());
        co_await std::move(coroutine);
        BOOST_TEST(join(trace) == "ran");
    });
}

// DBG-04
BOOST_AUTO_TEST_CASE(one_that_is_never_awaited_warns) {
    const asyncio::warnings::Capture warnings;
    {
        const auto coroutine = answer();
    }
    BOOST_REQUIRE(warnings.size() == 1);
    BOOST_TEST((warnings.records()[0].category == asyncio::warnings::Category::RuntimeWarning));
    BOOST_TEST(warnings.records()[0].text == "coroutine 'answer' was never awaited");
}

// DBG-04
BOOST_AUTO_TEST_CASE(in_debug_mode_the_warning_tells_the_place) {
    const asyncio::warnings::Capture warnings;
    run([]() -> Coroutine<> {
        asyncio::get_running_loop().set_debug(true);
        {
            const auto coroutine = answer();
        }
        co_return;
    });
    BOOST_REQUIRE(warnings.size() == 1);
    BOOST_TEST(
        warnings.contains("was never awaited\nCoroutine created at (most recent call last):"));
    BOOST_TEST(warnings.contains("coroutines_test.cpp:"));
}

BOOST_AUTO_TEST_CASE(closing_one_is_silent_and_destroys_its_arguments) {
    const asyncio::warnings::Capture warnings;
    Trace trace;
    const auto body = [](Death) -> Coroutine<> { co_return; };
    auto coroutine = body(Death(trace, "argument"));
    coroutine.close();
    BOOST_TEST(join(trace) == "destroyed argument");
    BOOST_TEST(!coroutine);
    coroutine.close();
    BOOST_TEST(warnings.size() == 0);
}

// DBG-05
BOOST_AUTO_TEST_CASE(it_is_awaited_once) {
    run([]() -> Coroutine<> {
        const std::string reused = "RuntimeError('cannot reuse already awaited coroutine')";
        auto coroutine = answer();
        const int value = co_await std::move(coroutine);
        BOOST_TEST(value == 42);
        std::string error;
        try {
            co_await std::move(coroutine);
        } catch (const asyncio::RuntimeError& e) {
            error = asyncio::repr(e);
        }
        BOOST_TEST(error == reused);
        auto given = answer();
        const auto task = asyncio::create_task(std::move(given));
        BOOST_TEST(error_of([&] { asyncio::create_task(std::move(given)); }) == reused);
        co_await task;
    });
}

// G-07
BOOST_AUTO_TEST_CASE(any_exception_passes_through) {
    run([]() -> Coroutine<> {
        const auto number = []() -> Coroutine<> {
            throw 42;
            co_return;
        };
        int caught = 0;
        try {
            co_await number();
        } catch (int n) {
            caught = n;
        }
        BOOST_TEST(caught == 42);
        const auto foreign = []() -> Coroutine<> {
            throw std::runtime_error("std");
            co_return;
        };
        const std::string error = co_await repr_of(foreign());
        BOOST_TEST(error == "runtime_error('std')");
    });
}

// G-06
BOOST_AUTO_TEST_CASE(a_handler_of_std_exception_lets_cancellation_pass) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<std::string> {
            try {
                co_await asyncio::get_running_loop().create_future();
            } catch (const std::exception&) {
                co_return "caught";
            }
            co_return "not reached";
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
    });
}

BOOST_AUTO_TEST_CASE(results_of_every_kind) {
    run([]() -> Coroutine<> {
        int value = 1;
        const auto reference = [&]() -> Coroutine<int&> { co_return value; };
        int& seen = co_await reference();
        BOOST_TEST(&seen == &value);
        const auto owner = []() -> Coroutine<std::unique_ptr<int>> {
            co_return std::make_unique<int>(7);
        };
        const auto owned = co_await owner();
        BOOST_TEST(*owned == 7);
        const auto no_default = []() -> Coroutine<NoDefault> { co_return NoDefault(3); };
        const auto made = co_await no_default();
        BOOST_TEST(made.value == 3);
        const auto pair = []() -> Coroutine<std::pair<int, std::string>> {
            co_return std::pair(1, std::string("x"));
        };
        const auto both = co_await pair();
        const auto& [number, text] = both;
        BOOST_TEST(number == 1);
        BOOST_TEST(text == "x");
    });
}

BOOST_AUTO_TEST_CASE(locals_die_before_the_awaiting_coroutine_goes_on) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&](Death) -> Coroutine<> {
            const Death local(trace, "local");
            trace.push_back("body");
            co_return;
        };
        co_await body(Death(trace, "argument"));
        trace.push_back("after");
        BOOST_TEST(join(trace) == "body, destroyed local, destroyed argument, after");
    });
}

BOOST_AUTO_TEST_CASE(iscoroutine_tells_coroutines_from_other_things) {
    static_assert(asyncio::iscoroutine_v<Coroutine<int>>);
    static_assert(!asyncio::iscoroutine_v<asyncio::Future<int>>);
    static_assert(asyncio::Awaitable<Coroutine<int>>);
    static_assert(!asyncio::Awaitable<Coroutine<int>&>, "an lvalue would be awaited twice");
    static_assert(asyncio::Awaitable<const asyncio::Task<int>&>);
    static_assert(!asyncio::Awaitable<int>);
    static_assert(std::is_same_v<asyncio::await_result_t<asyncio::Task<int>>, int>);
    BOOST_TEST(true);
}

// TSK-30
BOOST_AUTO_TEST_CASE(sleep_gives_its_result_after_its_time) {
    run_virtual([]() -> Coroutine<> {
        const std::string result = co_await asyncio::sleep(2.5, std::string("slept"));
        BOOST_TEST(result == "slept");
        BOOST_TEST(asyncio_test::elapsed() == 2.5);
        const int at_once = co_await asyncio::sleep(0, 1);
        BOOST_TEST(at_once == 1);
        co_await asyncio::sleep(std::chrono::milliseconds(500));
        BOOST_TEST(asyncio_test::elapsed() == 3);
    });
}

// TSK-30
BOOST_AUTO_TEST_CASE(a_sleep_of_nothing_uses_no_timer) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::create_task(asyncio::sleep(-1));
        co_await asyncio::sleep(0);
        BOOST_TEST(asyncio::get_running_loop().core().timers_.size() == 0);
        BOOST_TEST(!task.done());
        co_await asyncio::sleep(0);
        BOOST_TEST(task.done());
    });
}

// TSK-30, G-13
BOOST_AUTO_TEST_CASE(sleep_rejects_nan) {
    run([]() -> Coroutine<> {
        const std::string error =
            co_await repr_of(asyncio::sleep(std::numeric_limits<double>::quiet_NaN()));
        BOOST_TEST(error == "ValueError('Invalid delay: NaN (not a number)')");
    });
}

BOOST_AUTO_TEST_CASE(sleepers_wake_in_the_order_of_their_deadlines) {
    run_virtual([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&](double delay, std::string name) -> Coroutine<> {
            co_await asyncio::sleep(delay);
            trace.push_back(name);
        };
        co_await asyncio::gather(body(3, "c"), body(1, "a"), body(2, "b"));
        BOOST_TEST(join(trace) == "a, b, c");
    });
}

// A coroutine that runs off its end leaves its box empty.
BOOST_AUTO_TEST_CASE(a_result_that_was_never_given_is_an_error) {
    asyncio::detail::Slot<std::string> slot;
    BOOST_CHECK_THROW(static_cast<void>(slot.take()), asyncio::RuntimeError);
    BOOST_CHECK_THROW(static_cast<void>(slot.copy()), asyncio::RuntimeError);
    slot.emplace("given");
    BOOST_TEST(slot.copy() == "given");
    BOOST_TEST(slot.take() == "given");
}

BOOST_AUTO_TEST_SUITE_END()
