// Tasks: their life from creation to result, who is running, what they show of themselves.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio::Task;
using asyncio_test::contains;
using asyncio_test::Death;
using asyncio_test::error_of;
using asyncio_test::fail;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::twice;
using asyncio_test::wait_on;

namespace {

Coroutine<> note(Trace& trace, std::string text) {
    trace.push_back(std::move(text));
    co_return;
}

} // namespace

// The name means ours also beside POSIX's sleep(unsigned), but for an argument that is unsigned.
namespace unqualified {
using namespace asyncio;
static_assert(std::is_same_v<decltype(sleep(0)), Sleep<>>);
static_assert(std::is_same_v<decltype(sleep(0.001)), Sleep<>>);
static_assert(std::is_same_v<decltype(sleep(0.5f)), Sleep<>>);
static_assert(std::is_same_v<decltype(sleep(std::chrono::milliseconds(1))), Sleep<>>);
} // namespace unqualified

BOOST_AUTO_TEST_SUITE(tasks)

// TSK-01, TSK-02, G-05
BOOST_AUTO_TEST_CASE(first_steps_run_in_order_among_other_callbacks) {
    run([]() -> Coroutine<> {
        Trace trace;
        auto& loop = asyncio::get_running_loop();
        const auto a = asyncio::create_task(note(trace, "task a"));
        loop.call_soon([&] { trace.push_back("callback"); });
        const auto b = asyncio::create_task(note(trace, "task b"));
        BOOST_TEST(trace.empty());
        co_await asyncio::sleep(0);
        BOOST_TEST(join(trace) == "task a, callback, task b");
    });
}

// TSK-03
BOOST_AUTO_TEST_CASE(tasks_are_numbered_unless_they_have_a_name) {
    run([]() -> Coroutine<> {
        const auto a = asyncio::create_task(twice(1));
        const auto b = asyncio::create_task(twice(1));
        const auto named = asyncio::create_task(twice(1), {.name = "worker"});
        const int number = std::stoi(a.get_name().substr(5));
        BOOST_TEST(a.get_name() == "Task-" + std::to_string(number));
        BOOST_TEST(b.get_name() == "Task-" + std::to_string(number + 1));
        BOOST_TEST(named.get_name() == "worker");
        named.set_name("boss");
        BOOST_TEST(named.name() == "boss");
        co_return;
    });
}

// TSK-05
BOOST_AUTO_TEST_CASE(a_task_ends_with_the_value_or_the_error_of_its_coroutine) {
    run([]() -> Coroutine<> {
        const auto good = asyncio::create_task(twice(21));
        const auto bad = asyncio::create_task(fail("x"));
        BOOST_TEST(error_of([&] { good.result(); }) == "InvalidStateError('Result is not ready.')");
        co_await ticks(2);
        BOOST_TEST(good.result() == 42);
        BOOST_TEST(asyncio::repr(bad.exception()) == "ValueError('x')");
    });
}

// TSK-06
BOOST_AUTO_TEST_CASE(a_task_cannot_await_itself) {
    run([]() -> Coroutine<> {
        Task<> self;
        std::string error;
        const auto body = [&]() -> Coroutine<> { error = co_await repr_of(self); };
        self = asyncio::create_task(body);
        co_await self;
        BOOST_TEST(error.starts_with("RuntimeError(\"Task cannot await on itself: <Task "));
    });
}

// TSK-06
BOOST_AUTO_TEST_CASE(a_future_of_another_loop_cannot_be_awaited) {
    const auto other = asyncio::new_event_loop();
    run([&]() -> Coroutine<> {
        const auto foreign = other->create_future();
        const std::string error = co_await repr_of(foreign);
        BOOST_TEST(contains(error, "RuntimeError("));
        BOOST_TEST(contains(error, "attached to a different loop"));
    });
    other->close();
}

// TSK-07
BOOST_AUTO_TEST_CASE(awaiting_a_finished_task_does_not_suspend) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::create_task(twice(2));
        co_await ticks(3);
        bool interleaved = false;
        asyncio::get_running_loop().call_soon([&] { interleaved = true; });
        const int result = co_await task;
        BOOST_TEST(result == 4);
        BOOST_TEST(!interleaved);
        co_await asyncio::sleep(0);
    });
}

// TSK-08
BOOST_AUTO_TEST_CASE(the_current_task_is_set_in_its_steps_and_not_in_callbacks) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Trace trace;
        const auto name = [&] {
            const auto task = asyncio::current_task();
            trace.push_back(task ? task.get_name() : "none");
        };
        const auto body = [&]() -> Coroutine<> {
            name();
            co_await asyncio::sleep(0);
            name();
        };
        loop.call_soon(name);
        co_await asyncio::create_task({.name = "a"}, body);
        asyncio::current_task().set_name("main");
        name();
        BOOST_TEST(join(trace) == "none, a, a, main");
        BOOST_TEST((asyncio::current_task(loop) == asyncio::current_task()));
    });
    BOOST_TEST(error_of([] { asyncio::current_task(); }) ==
               "RuntimeError('no running event loop')");
}

// TSK-09
BOOST_AUTO_TEST_CASE(all_tasks_are_the_unfinished_ones_of_the_loop) {
    run([]() -> Coroutine<> {
        const auto other = std::make_shared<asyncio::EventLoop>();
        const auto foreign = other->create_task(twice(1));
        const auto main = asyncio::current_task();
        const auto finished = asyncio::create_task(twice(1));
        co_await finished;
        const auto pending = asyncio::create_task(twice(1));
        const auto all = asyncio::all_tasks();
        BOOST_REQUIRE(all.size() == 2);
        BOOST_TEST((all[0] == main));
        BOOST_TEST((all[1] == asyncio::TaskRef(pending)));
        BOOST_TEST(asyncio::all_tasks(*other).size() == 1);
        const asyncio::LogCapture log; // of the foreign task, destroyed pending
        other->close();
    });
}

// TSK-24, G-11
BOOST_AUTO_TEST_CASE(a_task_pending_when_its_loop_closes_is_reported_once) {
    const auto loop = asyncio::new_event_loop();
    const Reports reports(*loop);
    loop->set_debug(true);
    loop->create_task(wait_on(loop->create_future()), {.name = "lost"});
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    loop->close();
    BOOST_REQUIRE(reports.size() == 1);
    BOOST_TEST(reports[0].message == "Task was destroyed but it is pending!");
    BOOST_TEST(join(reports[0].keys) == "message, source_traceback, task");
    BOOST_TEST(reports[0].task == "lost");
    BOOST_TEST(contains(reports[0].source_traceback, "tasks_test.cpp:"));
}

// G-10: destroying a suspended frame runs destructors and nothing else.
BOOST_AUTO_TEST_CASE(destroying_a_pending_task_runs_destructors_only) {
    Trace trace;
    const auto loop = asyncio::new_event_loop();
    const Reports reports(*loop);
    const auto future = loop->create_future();
    const auto body = [&trace, future]() -> Coroutine<> {
        const Death death(trace, "local");
        try {
            co_await future;
        } catch (const asyncio::BaseException& error) {
            trace.push_back(asyncio::repr(error));
        }
        trace.push_back("resumed");
    };
    const auto task = loop->create_task(body());
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    loop->close();
    BOOST_TEST(join(trace) == "destroyed local");
    BOOST_TEST(!task.done());
    BOOST_TEST(!future.done());
    BOOST_TEST(to_string(future).find("cb=") == std::string::npos);
}

// G-11 [+]
BOOST_AUTO_TEST_CASE(a_task_without_handles_goes_on) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto future = new_future();
        const auto body = [](Trace& t, Future<> f) -> Coroutine<> {
            co_await f;
            t.push_back("done");
        };
        asyncio::create_task(body(trace, future));
        co_await asyncio::sleep(0);
        future.set_result();
        co_await asyncio::sleep(0);
        BOOST_TEST(join(trace) == "done");
    });
}

// FUT-07
BOOST_AUTO_TEST_CASE(the_error_of_a_forgotten_task_is_reported) {
    run([]() -> Coroutine<> {
        const Reports reports;
        asyncio::create_task(fail("lost"), {.name = "forgotten"});
        co_await ticks(3);
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].message == "Task exception was never retrieved");
        BOOST_TEST(reports[0].error == "ValueError('lost')");
        BOOST_TEST(join(reports[0].keys) == "exception, future, message");
    });
}

// DESIGN 5: the frame is freed at once, the result stays.
BOOST_AUTO_TEST_CASE(a_finished_task_frees_its_frame) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [](Death) -> Coroutine<int> { co_return 1; };
        const auto task = asyncio::create_task(body(Death(trace, "argument")));
        co_await asyncio::sleep(0);
        BOOST_TEST(join(trace) == "destroyed argument");
        BOOST_TEST(task.result() == 1);
        BOOST_TEST(!task.get_coro());
    });
}

// G-09
BOOST_AUTO_TEST_CASE(a_task_keeps_its_callable_and_arguments) {
    run([]() -> Coroutine<> {
        const auto add = [n = std::make_shared<int>(40)](std::unique_ptr<int> m) -> Coroutine<int> {
            co_await asyncio::sleep(0);
            co_return *n + *m;
        };
        const auto task = asyncio::create_task(add, std::make_unique<int>(2));
        const int sum = co_await task;
        BOOST_TEST(sum == 42);
        struct Service : std::enable_shared_from_this<Service> {
            int value = 7;
            Coroutine<int> get(int factor) {
                co_await asyncio::sleep(0);
                co_return value* factor;
            }
        };
        const auto bound = asyncio::create_task(&Service::get, std::make_shared<Service>(), 3);
        const int product = co_await bound;
        BOOST_TEST(product == 21);
    });
}

// TSK-31
BOOST_AUTO_TEST_CASE(ensure_future_passes_futures_through_and_wraps_coroutines) {
    run([]() -> Coroutine<> {
        const auto future = new_future();
        BOOST_TEST((asyncio::ensure_future(future) == future));
        const auto task = asyncio::ensure_future(twice(4));
        const int result = co_await task;
        BOOST_TEST(result == 8);
    });
}

// Task.set_result
BOOST_AUTO_TEST_CASE(a_task_refuses_to_be_completed_through_its_future) {
    run([]() -> Coroutine<> {
        const auto task = asyncio::create_task(twice(1));
        const Future<int>& future = task;
        const std::string refused = "RuntimeError('Task does not support set_result or "
                                    "set_exception operation')";
        BOOST_TEST(error_of([&] { future.set_result(1); }) == refused);
        BOOST_TEST(error_of([&] { future.set_exception(asyncio::ValueError("x")); }) == refused);
        co_return;
    });
}

// TSK-47
BOOST_AUTO_TEST_CASE(callbacks_and_waiters_of_a_task_follow_in_order_of_registration) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto task = asyncio::create_task(ticks(2));
        const auto body = [&](std::string name) -> Coroutine<> {
            co_await task;
            trace.push_back(name);
        };
        task.add_done_callback([&] { trace.push_back("first callback"); });
        const auto waiter = asyncio::create_task(body, std::string("waiter"));
        co_await asyncio::sleep(0);
        task.add_done_callback([&] { trace.push_back("second callback"); });
        co_await task;
        BOOST_TEST(join(trace) == "first callback, waiter, second callback");
    });
}

// A default-constructed handle is None.
BOOST_AUTO_TEST_CASE(an_empty_task_is_none) {
    const Task<int> none;
    BOOST_TEST(!none);
    BOOST_TEST(error_of([&] { none.get_name(); }) == "RuntimeError('the Future is None')");
}

BOOST_AUTO_TEST_SUITE_END()
