// What a task shows of itself: its repr and its stack.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::contains;
using asyncio_test::fail;
using asyncio_test::new_future;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::twice;
using asyncio_test::wait_on;

BOOST_AUTO_TEST_SUITE(task_repr)

// TSK-10
BOOST_AUTO_TEST_CASE(the_repr_shows_state_name_coroutine_wait_and_callbacks) {
    run([]() -> Coroutine<> {
        asyncio::get_running_loop().set_debug(false);
        const auto future = new_future();
        const auto task = asyncio::create_task(wait_on(future), {.name = "t"});
        BOOST_TEST(to_string(task).starts_with("<Task pending name='t' coro=<wait_on() at "));
        BOOST_TEST(contains(to_string(task), "support/coroutines.hpp:"));
        BOOST_TEST(!contains(to_string(task), "wait_for="));
        co_await asyncio::sleep(0);
        BOOST_TEST(contains(to_string(task), " wait_for=<Future pending cb=[Task.wakeup('t')]>"));
        BOOST_TEST(!contains(to_string(task), ">> cb=["));
        task.add_done_callback([](asyncio::Task<>) {});
        BOOST_TEST(contains(to_string(task), " cb=["));
        task.cancel();
        BOOST_TEST(to_string(task).starts_with("<Task cancelling name='t' "));
        co_await ticks(2);
        BOOST_TEST(to_string(task) == "<Task cancelled name='t'>");
        const auto failed = asyncio::create_task(fail("x"), {.name = "f"});
        co_await ticks(2);
        BOOST_TEST(to_string(failed) == "<Task finished name='f' exception=ValueError('x')>");
        std::ignore = failed.exception();
        BOOST_TEST(to_string(asyncio::TaskRef()) == "None");
    });
}

// DBG-03
BOOST_AUTO_TEST_CASE(in_debug_mode_the_repr_shows_where_the_task_was_created) {
    run([]() -> Coroutine<> {
        asyncio::get_running_loop().set_debug(true);
        const auto body = []() -> Coroutine<> { co_return; };

        const auto a = asyncio::create_task(twice(1));
        const auto b = asyncio::create_task(body);
        const auto c = asyncio::get_running_loop().create_task(twice(1), {.name = "c"});
        const std::vector<asyncio::TaskRef> tasks{a, b, c};
        for (const asyncio::TaskRef& task : tasks)
            BOOST_TEST(contains(to_string(task), " created at "));
        BOOST_TEST(contains(to_string(a), "task_repr_test.cpp:"));
        co_return;
    });
}

BOOST_AUTO_TEST_CASE(get_stack_shows_each_suspended_coroutine) {
    run([]() -> Coroutine<> {
        struct Local {
            static Coroutine<> inner(Future<> future) { co_await future; }
            static Coroutine<> outer(Future<> future) { co_await inner(future); }
        };
        const auto future = new_future();
        const auto task = asyncio::create_task(Local::outer(future), {.name = "stacked"});
        BOOST_TEST(task.get_coro().name() == "outer");
        BOOST_TEST(task.get_stack().size() == 1);
        co_await asyncio::sleep(0);
        const auto stack = task.get_stack();
        BOOST_REQUIRE(stack.size() == 2);
        BOOST_TEST(stack[0].function == "outer");
        BOOST_TEST(stack[1].function == "inner");
        BOOST_TEST(stack[1].line + 1 == stack[0].line);
        BOOST_TEST(contains(stack[0].file, "task_repr_test.cpp"));
        BOOST_TEST(task.get_stack({.limit = 1}).size() == 1);
        std::ostringstream out;
        task.print_stack(out);
        BOOST_TEST(out.str().starts_with("Stack for <Task pending name='stacked'"));
        BOOST_TEST(contains(out.str(), ", in inner\n"));
        future.set_result();
        co_await task;
        BOOST_TEST(task.get_stack().empty());
    });
}

BOOST_AUTO_TEST_SUITE_END()
