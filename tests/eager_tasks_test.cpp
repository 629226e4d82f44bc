// Eager tasks: the first step inside create_task.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::wait_on;

namespace {

Coroutine<int> answer() { co_return 42; }
} // namespace

BOOST_AUTO_TEST_SUITE(eager_tasks)

// TSK-25, TSK-26
BOOST_AUTO_TEST_CASE(a_task_that_does_not_suspend_is_done_at_once) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::create_task(answer(), {.eager_start = true});
        BOOST_TEST(task.done());
        BOOST_TEST(task.result() == 42);
        BOOST_TEST(!task.get_coro());
        BOOST_TEST(asyncio::all_tasks().size() == 1);
        bool called = false;
        task.add_done_callback([&] { called = true; });
        BOOST_TEST(!called);
        co_await asyncio::sleep(0);
        BOOST_TEST(called);
    });
}

// TSK-25
BOOST_AUTO_TEST_CASE(a_task_that_suspends_goes_on_like_any_other) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            trace.push_back("begins");
            co_await asyncio::sleep(0);
            trace.push_back("ends");
        };
        const auto task = asyncio::create_task({.eager_start = true}, body);
        trace.push_back("created");
        BOOST_TEST(!task.done());
        BOOST_TEST(asyncio::all_tasks().size() == 2);
        co_await task;
        BOOST_TEST(join(trace) == "begins, created, ends");
    });
}

// TSK-25: the loop does not run yet.
BOOST_AUTO_TEST_CASE(outside_of_the_running_loop_the_first_step_is_scheduled) {
    const auto loop = asyncio::new_event_loop();
    const auto task = loop->create_task(answer(), {.eager_start = true});
    BOOST_TEST(!task.done());
    BOOST_TEST(loop->run_until_complete(task) == 42);
    loop->close();
}

// TSK-25
BOOST_AUTO_TEST_CASE(the_eager_step_runs_in_the_tasks_own_context) {
    run([]() -> Coroutine<> {
        const asyncio::ContextVar<int> variable("variable", 0);
        variable.set(1);
        int inside = 0;
        const auto body = [&]() -> Coroutine<> {
            inside = variable.get();
            variable.set(2);
            co_await asyncio::sleep(0);
            inside = 10 * variable.get() + inside;
        };
        const auto task = asyncio::create_task({.eager_start = true}, body);
        BOOST_TEST(inside == 1);
        BOOST_TEST(variable.get() == 1);
        co_await task;
        BOOST_TEST(inside == 21);
        BOOST_TEST(variable.get() == 1);
    });
}

// TSK-27
BOOST_AUTO_TEST_CASE(an_error_of_the_eager_step_is_stored) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            throw asyncio::ValueError("x");
            co_return;
        };
        const auto task = asyncio::create_task({.eager_start = true}, body);
        BOOST_TEST(task.done());
        BOOST_TEST(asyncio::repr(task.exception()) == "ValueError('x')");
        co_return;
    });
}

// TSK-28
BOOST_AUTO_TEST_CASE(the_current_task_changes_for_the_eager_step_and_back) {
    run([]() -> Coroutine<> {
        asyncio::current_task().set_name("main");
        Trace trace;
        const auto name = [&] { trace.push_back(asyncio::current_task().get_name()); };
        const auto inner = [&]() -> Coroutine<> {
            name();
            throw asyncio::ValueError("x");
            co_return;
        };
        const auto outer = [&]() -> Coroutine<> {
            name();
            const auto task = asyncio::create_task({.name = "inner", .eager_start = true}, inner);
            std::ignore = task.exception();
            name();
            co_return;
        };
        const auto task = asyncio::create_task({.name = "outer", .eager_start = true}, outer);
        name();
        BOOST_TEST(join(trace) == "outer, inner, outer, main");
        co_return;
    });
}

// TSK-28
BOOST_AUTO_TEST_CASE(timeouts_and_groups_in_an_eager_step_bind_to_the_eager_task) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<std::string> {
            co_return co_await repr_of(asyncio::async_with(
                asyncio::timeout(0), []() -> Coroutine<> { co_await new_future(); }));
        };
        const auto task = asyncio::create_task({.eager_start = true}, body);
        const std::string error = co_await task;
        BOOST_TEST(error == "TimeoutError()");
        const auto group = []() -> Coroutine<std::string> {
            co_return co_await repr_of(
                asyncio::async_with(asyncio::TaskGroup(), [](asyncio::TaskGroup tg) -> Coroutine<> {
                    tg.create_task([]() -> Coroutine<> {
                        throw asyncio::ValueError("child");
                        co_return;
                    });
                    co_await new_future();
                }));
        };
        const auto grouped = asyncio::create_task({.eager_start = true}, group);
        const std::string errors = co_await grouped;
        BOOST_TEST(errors == "ExceptionGroup('unhandled errors in a TaskGroup', "
                             "[ValueError('child')])");
        BOOST_TEST(asyncio::current_task().cancelling() == 0);
    });
}

// TSK-29
BOOST_AUTO_TEST_CASE(eager_start_overrides_the_factory_in_either_direction) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_task_factory(asyncio::eager_task_factory);
        BOOST_TEST(asyncio::create_task(answer()).done());
        const auto lazy = asyncio::create_task(answer(), {.eager_start = false});
        BOOST_TEST(!lazy.done());
        loop.set_task_factory(nullptr);
        BOOST_TEST(!loop.get_task_factory());
        const auto normal = asyncio::create_task(answer());
        BOOST_TEST(!normal.done());
        BOOST_TEST(asyncio::create_task(answer(), {.eager_start = true}).done());
        co_await lazy;
        co_await normal;
    });
}

// TSK-12 for a task that suspended in its eager step
BOOST_AUTO_TEST_CASE(an_eager_task_is_cancelled_where_it_waits) {
    run([]() -> Coroutine<> {
        const auto future = new_future();
        const auto task = asyncio::create_task(wait_on(future), {.eager_start = true});
        task.cancel();
        BOOST_TEST(future.cancelled());
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
    });
}

// SCH-11
BOOST_AUTO_TEST_CASE(a_task_factory_gets_every_option) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Trace trace;
        const asyncio::Context context;
        loop.set_task_factory([&](asyncio::AbstractEventLoop& self, asyncio::AnyCoroutine coroutine,
                                  const asyncio::TaskOptions& options) {
            BOOST_TEST(&self == &loop);
            trace.push_back(coroutine.info().name());
            trace.push_back(std::string(options.name.value_or("no name")));
            trace.push_back(options.context == &context ? "context" : "no context");
            trace.push_back(options.eager_start.value_or(false) ? "eager" : "lazy");
            asyncio::TaskOptions changed = options;
            changed.name = "made";
            return std::move(coroutine).make_task(changed);
        });
        const auto task = asyncio::create_task(answer(), {.name = "n", .context = &context});
        BOOST_TEST(task.get_name() == "made");
        const auto eager = asyncio::create_task(answer(), {.eager_start = true});
        loop.set_task_factory(nullptr);
        BOOST_TEST(join(trace) == "answer, n, context, lazy, answer, no name, no context, eager");
        co_await task;
        co_await eager;
    });
}

// TSK-31: the coroutine is closed without a warning.
BOOST_AUTO_TEST_CASE(a_factory_that_fails_fails_create_task) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const asyncio::warnings::Capture warnings;
        loop.set_task_factory([](asyncio::AbstractEventLoop&, asyncio::AnyCoroutine,
                                 const asyncio::TaskOptions&) -> asyncio::TaskRef {
            throw asyncio::ValueError("no");
        });
        const std::string error = error_of([] { asyncio::create_task(answer()); });
        loop.set_task_factory(nullptr);
        BOOST_TEST(error == "ValueError('no')");
        BOOST_TEST(asyncio::all_tasks().size() == 1);
        co_await asyncio::sleep(0);
    });
}

// The factory that runs is kept while it replaces itself.
BOOST_AUTO_TEST_CASE(a_task_factory_may_set_another_one) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const std::string capture(100, 'x');
        std::size_t seen = 0;
        loop.set_task_factory([capture, &seen](asyncio::AbstractEventLoop& self,
                                               asyncio::AnyCoroutine coroutine,
                                               const asyncio::TaskOptions& options) {
            self.set_task_factory({});
            seen = capture.size();
            return std::move(coroutine).make_task(options);
        });
        co_await asyncio::create_task([]() -> Coroutine<> { co_return; });
        BOOST_TEST(seen == 100);
        BOOST_TEST(!loop.get_task_factory());
    });
}

BOOST_AUTO_TEST_SUITE_END()
