// Debug mode: slow callbacks. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/open_loop.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using asyncio::Coroutine;
using asyncio_test::ticks;
using asyncio_test::VirtualLoop;

namespace {

// A loop in debug mode whose slow work only seems to take long.
struct Fixture : asyncio_test::OpenLoop<VirtualLoop> {
    Fixture() { loop.set_debug(true); }

    const asyncio::LogCapture log;
};

} // namespace

BOOST_AUTO_TEST_SUITE(debug_mode)

// DBG-02
BOOST_FIXTURE_TEST_CASE(a_callback_that_takes_long_is_logged, Fixture) {
    loop.call_soon([this] { loop.advance(0.25); });
    loop.call_soon([this] { loop.advance(0.05); });
    iterate();
    BOOST_REQUIRE(log.size() == 1);
    const auto record = log.records()[0];
    BOOST_TEST((record.level == asyncio::Level::Warning));
    BOOST_TEST(record.message.starts_with("Executing <Handle "));
    BOOST_TEST(record.message.ends_with(" took 0.250 seconds"));
}

// DBG-02
BOOST_FIXTURE_TEST_CASE(the_threshold_is_inclusive_and_adjustable, Fixture) {
    loop.slow_callback_duration = 0.5;
    loop.call_soon([this] { loop.advance(0.25); });
    iterate();
    BOOST_TEST(log.size() == 0);
    loop.call_soon([this] { loop.advance(0.5); });
    iterate();
    BOOST_TEST(log.size() == 1);
}

// DBG-02
BOOST_FIXTURE_TEST_CASE(nothing_is_logged_without_debug_mode, Fixture) {
    loop.set_debug(false);
    loop.call_soon([this] { loop.advance(10); });
    iterate();
    BOOST_TEST(log.size() == 0);
}

// DBG-02 [+]: between which awaits the time was spent.
BOOST_FIXTURE_TEST_CASE(a_slow_step_of_a_task_is_logged_with_its_awaits, Fixture) {
    unsigned lines[2];
    const auto inner = [&]() -> Coroutine<> {
        lines[0] = __LINE__ + 1;
        co_await asyncio::sleep(0);
        loop.advance(0.25);
        lines[1] = __LINE__ + 1;
        co_await asyncio::sleep(0);
    };
    const auto outer = [&]() -> Coroutine<> {
        co_await inner();
        loop.advance(1);
    };
    loop.create_task(outer(), {.name = "slow"});
    iterate(3);
    BOOST_REQUIRE(log.size() == 2);
    const auto records = log.records();
    BOOST_TEST(records[0].message.starts_with("Executing <Task pending name='slow' coro=<"));
    BOOST_TEST(records[0].message.find(" took 0.250 seconds (from ") != std::string::npos);
    for (const unsigned line : lines)
        BOOST_TEST(records[0].message.find("debug_mode_test.cpp:" + std::to_string(line)) !=
                   std::string::npos);
    BOOST_TEST(records[1].message.starts_with("Executing <Task finished name='slow'"));
    BOOST_TEST(records[1].message.ends_with(" to the end)"));
}

// DBG-02: nodes that are gone after they ran
BOOST_FIXTURE_TEST_CASE(a_slow_done_callback_is_logged, Fixture) {
    const auto future = loop.create_future();
    future.add_done_callback([this] { loop.advance(0.25); });
    future.set_result();
    iterate();
    BOOST_REQUIRE(log.size() == 1);
    BOOST_TEST(log.records()[0].message.starts_with("Executing <Handle "));
}

// DBG-11
BOOST_AUTO_TEST_CASE(debug_mode_does_not_change_the_order) {
    asyncio_test::Trace traces[2];
    for (const bool debug : {false, true}) {
        auto& trace = traces[debug];
        const auto main = [&]() -> Coroutine<> {
            const auto note = [&](std::string text, int n) -> Coroutine<> {
                co_await ticks(n);
                trace.push_back(text);
            };
            asyncio::get_running_loop().call_soon([&] { trace.push_back("callback"); });
            co_await asyncio::gather(note("a", 2), note("b", 1), note("c", 0));
            trace.push_back("end");
        };
        asyncio::run(main, {.debug = debug});
    }
    BOOST_TEST(asyncio_test::join(traces[0]) == asyncio_test::join(traces[1]));
    BOOST_TEST(asyncio_test::join(traces[0]) == "callback, c, b, a, end");
}

// DBG-07
BOOST_AUTO_TEST_CASE(it_is_switched_on_while_the_loop_runs) {
    const auto main = []() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_debug(true);
        BOOST_TEST(loop.get_debug());
        co_await asyncio::sleep(0);
        loop.set_debug(false);
        BOOST_TEST(!loop.get_debug());
    };
    asyncio::run(main);
}

BOOST_AUTO_TEST_SUITE_END()
