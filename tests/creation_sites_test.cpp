// Debug mode names the line of the user that created a thing (DBG-03), not one of the library.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <source_location>
#include <string>

using asyncio::Coroutine;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::ticks;

namespace {

Coroutine<> work(int) { co_return; }
Coroutine<> nothing() { co_return; }
Coroutine<> fail(int) {
    throw asyncio::ValueError("lost");
    co_return;
}

asyncio::AbstractEventLoop& debugged_loop() {
    auto& loop = asyncio::get_running_loop();
    loop.set_debug(true);
    return loop;
}

std::string site(unsigned line) {
    return std::string(std::source_location::current().file_name()) + ':' + std::to_string(line);
}

// Whether the object was created in the line of the test that calls this.
template <class T>
void check_created_here(const T& object, unsigned line = std::source_location::current().line()) {
    std::string text;
    if constexpr (requires { object.repr(); })
        text = object.repr();
    else
        text = to_string(object);
    BOOST_TEST(text.find(" created at " + site(line)) != std::string::npos,
               text << " should be created at line " << line);
}

} // namespace

BOOST_AUTO_TEST_SUITE(creation_sites)

BOOST_AUTO_TEST_CASE(of_futures) {
    run([]() -> Coroutine<> {
        auto& loop = debugged_loop();
        check_created_here(loop.create_future());
        check_created_here(loop.create_future<int>());
        co_return;
    });
}

BOOST_AUTO_TEST_CASE(of_tasks_for_a_coroutine) {
    run([]() -> Coroutine<> {
        auto& loop = debugged_loop();
        check_created_here(asyncio::create_task(work(1)));
        check_created_here(asyncio::create_task(work(1), {.name = "t"}));
        check_created_here(loop.create_task(work(1)));
        check_created_here(loop.create_task(work(1), {.name = "t"}));
        co_await ticks(1);
    });
}

BOOST_AUTO_TEST_CASE(of_tasks_for_a_function_without_arguments) {
    run([]() -> Coroutine<> {
        debugged_loop();
        check_created_here(asyncio::create_task(nothing));
        check_created_here(asyncio::create_task([]() -> Coroutine<> { co_return; }));
        co_await ticks(1);
    });
}

BOOST_AUTO_TEST_CASE(of_children_of_a_group) {
    run([]() -> Coroutine<> {
        debugged_loop();
        co_await asyncio::async_with(asyncio::TaskGroup(), [](auto tg) -> Coroutine<> {
            check_created_here(tg.create_task(work(1)));
            check_created_here(tg.create_task(work(1), {.name = "t"}));
            co_return;
        });
    });
}

// FUT-07
BOOST_AUTO_TEST_CASE(of_a_task_whose_error_nobody_looks_at) {
    run([]() -> Coroutine<> {
        debugged_loop();
        const Reports reports;
        const unsigned line = __LINE__ + 1;
        asyncio::create_task(fail(1));
        co_await ticks(2);
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].source_traceback == site(line));
    });
}

// FUT-07
BOOST_AUTO_TEST_CASE(of_a_future_whose_error_nobody_looks_at) {
    run([]() -> Coroutine<> {
        auto& loop = debugged_loop();
        const Reports reports;
        const unsigned line = __LINE__ + 1;
        loop.create_future().set_exception(asyncio::ValueError("lost"));
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].source_traceback == site(line));
        co_return;
    });
}

BOOST_AUTO_TEST_CASE(are_not_shown_without_debug_mode) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_debug(false);
        const auto task = asyncio::create_task(work(1));
        BOOST_TEST(to_string(task).find(" created at ") == std::string::npos);
        BOOST_TEST(to_string(loop.create_future()).find(" created at ") == std::string::npos);
        co_await task;
    });
}

// The caller's line is lost behind a parameter pack: it is known where options come first.
BOOST_AUTO_TEST_CASE(of_tasks_for_a_function_and_its_arguments) {
    run([]() -> Coroutine<> {
        debugged_loop();
        check_created_here(asyncio::create_task({.name = "t"}, work, 1));
        check_created_here(asyncio::create_task({.name = "t"}, nothing));
        co_await ticks(1);
    });
}

BOOST_AUTO_TEST_CASE(of_children_of_a_group_for_a_function) {
    run([]() -> Coroutine<> {
        debugged_loop();
        co_await asyncio::async_with(asyncio::TaskGroup(), [](auto tg) -> Coroutine<> {
            check_created_here(tg.create_task(nothing));
            check_created_here(tg.create_task({.name = "t"}, work, 1));
            co_return;
        });
    });
}

BOOST_AUTO_TEST_CASE(of_tasks_that_ensure_future_makes) {
    run([]() -> Coroutine<> {
        debugged_loop();
        check_created_here(asyncio::ensure_future(work(1)));
        co_await ticks(1);
    });
}

BOOST_AUTO_TEST_CASE(of_handles) {
    run([]() -> Coroutine<> {
        auto& loop = debugged_loop();
        check_created_here(loop.call_soon([] {}));
        check_created_here(loop.call_soon({}, [](int) {}, 1));
        check_created_here(loop.call_soon_threadsafe([] {}));
        check_created_here(loop.call_later(0, [] {}));
        check_created_here(loop.call_later({}, 0, [](int) {}, 1));
        check_created_here(loop.call_at(0, [] {}));
        check_created_here(loop.call_at({}, 0, [](int) {}, 1));
        co_await ticks(2);
    });
}

BOOST_AUTO_TEST_CASE(of_a_callback_that_fails) {
    run([]() -> Coroutine<> {
        auto& loop = debugged_loop();
        const Reports reports;
        const unsigned line = __LINE__ + 1;
        loop.call_soon([] { throw asyncio::ValueError("broken"); });
        co_await ticks(1);
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].source_traceback == site(line));
    });
}

BOOST_AUTO_TEST_CASE(the_coroutine_of_a_function_is_the_functions) {
    run([]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        const auto wait_on = [](asyncio::Future<> f) -> Coroutine<> { co_await f; };
        const auto task = asyncio::create_task(wait_on, future);
        co_await ticks(1);
        BOOST_TEST(task.get_coro().name() == "<lambda>");
        future.set_result();
        co_await task;
    });
}

// Nothing is said rather than a line of the library.
BOOST_AUTO_TEST_CASE(are_unknown_behind_a_parameter_pack) {
    run([]() -> Coroutine<> {
        auto& loop = debugged_loop();
        const auto task = asyncio::create_task(work, 1);
        BOOST_TEST(to_string(task).find(" created at ") == std::string::npos);
        const auto handle = loop.call_soon([](int) {}, 1);
        BOOST_TEST(handle.repr().find(" created at ") == std::string::npos);
        co_await ticks(1);
    });
}

BOOST_AUTO_TEST_SUITE_END()
