// AsyncGenerator<T> that ends early: exceptions, athrow, aclose, aclosing, shutdown_asyncgens.
#include <asyncio/asyncio.hpp>

#include "support/generators.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using asyncio::AsyncGenerator;
using asyncio::Coroutine;
using asyncio_test::check_trace;
using asyncio_test::Death;
using asyncio_test::drain;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::traced;
using asyncio_test::waiting;

namespace {

// Yields 1, then 2 for every ValueError; a LookupError makes it return.
AsyncGenerator<int> catching_values() {
    int next = 1;
    for (;;) {
        try {
            co_yield next;
            next = 1;
        } catch (const asyncio::ValueError&) {
            next = 2;
        } catch (const asyncio::LookupError&) {
            co_return;
        }
    }
}

AsyncGenerator<int> stubborn() {
    try {
        co_yield 1;
    } catch (const asyncio::GeneratorExit&) {
    }
    co_yield 2;
    co_yield 3;
}

AsyncGenerator<int> throwing(std::exception_ptr error) {
    co_yield 1;
    std::rethrow_exception(error);
}

} // namespace

BOOST_AUTO_TEST_SUITE(generator_closing)

BOOST_AUTO_TEST_CASE(an_exception_leaves_at_next_and_ends_the_generator) {
    run([]() -> Coroutine<> {
        auto items = throwing(std::make_exception_ptr(std::out_of_range("foreign")));
        co_await items.next();
        auto error = co_await repr_of(items.next());
        BOOST_TEST(error == "out_of_range('foreign')");
        auto after = co_await items.next();
        BOOST_TEST(!after);
        auto exiting = throwing(std::make_exception_ptr(asyncio::GeneratorExit("own")));
        co_await exiting.next();
        auto exit = co_await repr_of(exiting.next());
        BOOST_TEST(exit == "GeneratorExit('own')");
    });
}

BOOST_AUTO_TEST_CASE(stop_async_iteration_in_the_body_becomes_a_runtime_error) {
    run([]() -> Coroutine<> {
        auto items = throwing(std::make_exception_ptr(asyncio::StopAsyncIteration("x")));
        co_await items.next();
        auto outcome = co_await asyncio::catching<asyncio::RuntimeError>(items.next());
        BOOST_TEST(asyncio::str(outcome.exception()) ==
                   "async generator raised StopAsyncIteration");
        BOOST_TEST(asyncio::repr(asyncio::cause_of(outcome.exception())) ==
                   "StopAsyncIteration('x')");
    });
}

BOOST_AUTO_TEST_CASE(aclose_awaits_the_clean_up) { // AGN-03, AGN-05
    Trace log;
    run([&]() -> Coroutine<> {
        auto items = traced(log, "a");
        co_await items.next();
        co_await items.aclose();
        const Trace closed{"a cleans up", "a cleaned up", "destroyed a"};
        check_trace(log, closed);
        auto item = co_await items.next();
        BOOST_TEST(!item);
        co_await items.aclose();
        check_trace(log, closed);
    });
}

BOOST_AUTO_TEST_CASE(aclose_of_an_unstarted_generator_destroys_it_unrun) {
    run([]() -> Coroutine<> {
        auto parameter = std::make_shared<int>(1);
        bool ran = false;
        const auto body = [](std::shared_ptr<int> kept, bool& flag) -> AsyncGenerator<int> {
            flag = true;
            co_yield *kept;
        };
        auto items = body(parameter, ran);
        co_await items.aclose();
        BOOST_TEST(parameter.use_count() == 1);
        auto item = co_await items.next();
        BOOST_TEST((!item && !ran));
    });
}

BOOST_AUTO_TEST_CASE(aclose_throws_what_the_clean_up_throws) {
    run([]() -> Coroutine<> {
        const auto failing = []() -> AsyncGenerator<int> {
            try {
                co_yield 1;
            } catch (const asyncio::GeneratorExit&) {
                throw asyncio::ValueError("instead");
            }
        };
        auto items = failing();
        co_await items.next();
        auto error = co_await repr_of(items.aclose());
        BOOST_TEST(error == "ValueError('instead')");
        auto item = co_await items.next();
        BOOST_TEST(!item);
    });
}

BOOST_AUTO_TEST_CASE(a_generator_that_ignores_its_exit) {
    run([]() -> Coroutine<> {
        auto items = stubborn();
        co_await items.next();
        auto error = co_await repr_of(items.aclose());
        BOOST_TEST(error == "RuntimeError('async generator ignored GeneratorExit')");
        auto again = co_await repr_of(items.aclose());
        BOOST_TEST(again == "StopAsyncIteration()");
        auto thrown = co_await items.athrow(asyncio::ValueError("not delivered"));
        BOOST_TEST(!thrown);
        auto item = co_await items.next();
        BOOST_TEST(*item == 3);
        item = co_await items.next();
        BOOST_TEST(!item);
        co_await items.aclose();
    });
}

BOOST_AUTO_TEST_CASE(athrow_throws_at_the_yield) {
    run([]() -> Coroutine<> {
        auto items = catching_values();
        auto item = co_await items.next();
        item = co_await items.athrow(asyncio::ValueError("caught"));
        BOOST_TEST(*item == 2);
        item = co_await items.next();
        BOOST_TEST(*item == 1);
        item = co_await items.athrow(std::make_exception_ptr(asyncio::LookupError("returns")));
        BOOST_TEST(!item);
        item = co_await items.athrow(asyncio::ValueError("finished already"));
        BOOST_TEST(!item);
        BOOST_CHECK_THROW(static_cast<void>(items.athrow(nullptr)), asyncio::TypeError);
    });
}

BOOST_AUTO_TEST_CASE(athrow_ends_a_generator_that_does_not_catch) {
    run([]() -> Coroutine<> {
        auto items = catching_values();
        co_await items.next();
        auto error = co_await repr_of(items.athrow(asyncio::TypeError("uncaught")));
        BOOST_TEST(error == "TypeError('uncaught')");
        auto item = co_await items.next();
        BOOST_TEST(!item);

        auto unstarted = catching_values();
        error = co_await repr_of(unstarted.athrow(asyncio::ValueError("not in the body")));
        BOOST_TEST(error == "ValueError('not in the body')");
        item = co_await unstarted.next();
        BOOST_TEST(!item);
    });
}

BOOST_AUTO_TEST_CASE(cancelling_aclose_interrupts_the_clean_up) {
    run([]() -> Coroutine<> {
        bool finished = false;
        const auto slow = [](bool& flag) -> AsyncGenerator<int> {
            try {
                co_yield 1;
            } catch (const asyncio::GeneratorExit&) {
            }
            co_await asyncio::sleep(3600);
            flag = true;
        };
        auto items = slow(finished);
        co_await items.next();
        auto closing = asyncio::create_task(items.aclose());
        co_await asyncio::sleep(0);
        closing.cancel();
        auto error = co_await repr_of(closing);
        BOOST_TEST(error == "CancelledError()");
        auto item = co_await items.next();
        BOOST_TEST((!item && !finished));
    });
}

BOOST_AUTO_TEST_CASE(aclosing_closes_on_every_way_out) { // AGN-01
    Trace log;
    run([&]() -> Coroutine<> {
        const auto first = [](AsyncGenerator<int> items) -> Coroutine<int> {
            auto item = co_await items.next();
            co_return *item;
        };
        auto value = co_await asyncio::async_with(asyncio::aclosing(traced(log, "a")), first);
        BOOST_TEST(value == 1);
        check_trace(log, {"a cleans up", "a cleaned up", "destroyed a"});
        log.clear();

        const auto failing = [](AsyncGenerator<int> items) -> Coroutine<int> {
            co_await items.next();
            throw asyncio::ValueError("body");
        };
        auto error =
            co_await repr_of(asyncio::async_with(asyncio::aclosing(traced(log, "b")), failing));
        BOOST_TEST(error == "ValueError('body')");
        check_trace(log, {"b cleans up", "b cleaned up", "destroyed b"});
    });
}

BOOST_AUTO_TEST_CASE(shutdown_closes_living_generators_concurrently) { // LIF-11
    Trace log;
    std::vector<AsyncGenerator<int>> alive;
    run([&]() -> Coroutine<> {
        for (std::string name : {"a", "b"}) {
            alive.push_back(traced(log, name));
            co_await alive.back().next();
        }
        alive.push_back(traced(log, "unstarted"));
        auto exhausted = traced(log, "c");
        co_await drain(exhausted);
        log.clear();
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        check_trace(log, {"a cleans up", "b cleans up", "a cleaned up", "destroyed a",
                          "b cleaned up", "destroyed b"});
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        BOOST_TEST(log.size() == 6);
    });
}

BOOST_AUTO_TEST_CASE(shutdown_leaves_abandoned_generators_to_their_own_tasks) {
    Trace log;
    run([&]() -> Coroutine<> {
        {
            auto items = traced(log, "a");
            co_await items.next();
        }
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        BOOST_TEST(log.empty());
        co_await ticks(4);
        check_trace(log, {"a cleans up", "a cleaned up", "destroyed a"});
    });
}

BOOST_AUTO_TEST_CASE(shutdown_reports_ordinary_errors) { // LIF-11
    Trace log;
    std::vector<AsyncGenerator<int>> alive;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Reports reports;
        alive.push_back(traced(log, "a", std::make_exception_ptr(asyncio::ValueError("a"))));
        alive.push_back(traced(log, "b", std::make_exception_ptr(asyncio::CancelledError())));
        alive.push_back(waiting(log, loop.create_future()));
        alive.push_back(traced(log, "d"));
        for (const auto& items : alive) co_await items.next();
        auto consumer = asyncio::create_task(alive[2].next());
        co_await ticks(1);
        co_await loop.shutdown_asyncgens();
        BOOST_REQUIRE(reports.size() == 2);
        const std::string text = "an error occurred during closing of asynchronous generator ";
        BOOST_TEST(reports[0].message == text + asyncio::to_string(alive[0]));
        BOOST_TEST(reports[0].error == "ValueError('a')");
        check_trace(reports[0].keys, {"asyncgen", "exception", "message"});
        BOOST_TEST(reports[1].message == text + asyncio::to_string(alive[2]));
        BOOST_TEST(reports[1].error ==
                   "RuntimeError('aclose(): asynchronous generator is already running')");
        BOOST_TEST(log.back() == "destroyed d");
        consumer.cancel();
        co_await ticks(2);
    });
}

BOOST_AUTO_TEST_CASE(a_generator_started_after_shutdown_warns) { // LIF-11
    Trace log;
    run([&]() -> Coroutine<> {
        const asyncio::warnings::Capture warnings;
        auto before = traced(log, "before");
        co_await before.next();
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        BOOST_TEST(warnings.size() == 0);
        auto after = traced(log, "after");
        co_await drain(after);
        BOOST_REQUIRE(warnings.size() == 1);
        const auto warning = warnings.records().front();
        BOOST_TEST((warning.category == asyncio::warnings::Category::ResourceWarning));
        BOOST_TEST(warning.text == "asynchronous generator " + asyncio::to_string(after) +
                                       " was scheduled after loop.shutdown_asyncgens() call");
    });
}

BOOST_AUTO_TEST_CASE(shutdown_breaks_a_cycle) {
    Trace log;
    run([&]() -> Coroutine<> {
        using Shared = std::shared_ptr<AsyncGenerator<int>>;
        const auto body = [](Trace& into, Shared) -> AsyncGenerator<int> {
            const Death destroyed(into, "generator");
            co_yield 1;
        };
        auto cycle = std::make_shared<AsyncGenerator<int>>();
        *cycle = body(log, cycle);
        auto first = co_await cycle->next();
        cycle.reset();
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        BOOST_TEST(*first == 1);
    });
    check_trace(log, {"destroyed generator"});
}

BOOST_AUTO_TEST_SUITE_END()
