// AsyncGenerator<T> that nobody consumes to its end: abandoned, or destroyed with its loop. // tsan
#include <asyncio/asyncio.hpp>

#include "support/generators.hpp"
#include "support/run.hpp"
#include "support/small_stack.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using asyncio::AsyncGenerator;
using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::check_trace;
using asyncio_test::Death;
using asyncio_test::deep;
using asyncio_test::drain;
using asyncio_test::on_small_stack;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::traced;
using asyncio_test::waiting;

namespace {

Coroutine<int> descend(int below, asyncio::Future<> future) {
    int depth = 0;
    if (below > 0)
        depth = co_await descend(below - 1, future);
    else
        co_await future;
    co_return depth + 1;
}

AsyncGenerator<int> over_deep_chain(int depth, asyncio::Future<> future) {
    const int reached = co_await descend(depth, future);
    co_yield reached;
}

AsyncGenerator<int> nested(int below, asyncio::Future<> future) {
    if (below == 0) co_await future;
    AsyncGenerator<int> inner;
    if (below > 0) inner = nested(below - 1, future);
    int depth = 0;
    if (inner) {
        auto item = co_await inner.next();
        depth = *item;
    }
    co_yield depth + 1;
}

// A generator that waits in the depth: its item comes, or the loop is closed before.
template <class F>
void run_deep(F make, int turns_to_close) {
    const asyncio::LogCapture destroyed_pending;
    for (const bool complete : {true, false}) {
        const auto loop = asyncio::new_event_loop();
        const auto future = loop->create_future();
        auto consumer = loop->create_task(make(future).next());
        loop->run_until_complete(ticks(1));
        if (complete) {
            future.set_result();
            const auto item = loop->run_until_complete(consumer);
            BOOST_TEST(*item == deep + 1);
            loop->run_until_complete(ticks(turns_to_close));
        }
        loop->close();
        BOOST_TEST(consumer.done() == complete);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(generator_lifetime)

BOOST_AUTO_TEST_CASE(an_abandoned_generator_is_closed_in_a_task_of_its_own) { // LIF-11, AGN-03
    Trace log;
    run([&]() -> Coroutine<> {
        static const asyncio::ContextVar<std::string> variable("variable", "unset");
        const auto body = [](Trace& into) -> AsyncGenerator<int> {
            try {
                co_yield 1;
            } catch (const asyncio::GeneratorExit&) {
                into.push_back(asyncio::current_task().get_name() + ' ' + variable.get());
                throw;
            }
        };
        const auto drop = [](AsyncGenerator<int> items) -> Coroutine<> {
            variable.set("the dropper's");
            co_await items.next();
            items = {};
        };
        auto dropper = asyncio::create_task(drop(body(log)), {.name = "dropper"});
        co_await ticks(2);
        BOOST_TEST((dropper.done() && log.empty()));
        co_await ticks(1);
        BOOST_TEST(log.size() == 1);
        BOOST_TEST(log[0].ends_with(" the dropper's"));
        BOOST_TEST(!log[0].starts_with("dropper"));
    });
}

BOOST_AUTO_TEST_CASE(an_early_cancel_of_the_closing_is_thrown_into_the_body) {
    Trace log;
    run([&]() -> Coroutine<> {
        const auto body = [](Trace& into) -> AsyncGenerator<int> {
            std::exception_ptr error;
            try {
                co_yield 1;
            } catch (...) {
                error = std::current_exception();
                into.push_back(asyncio::repr(error));
            }
            co_await ticks(3);
            into.push_back("cleaned up");
            if (error) std::rethrow_exception(error);
        };
        {
            auto items = body(log);
            co_await items.next();
        }
        co_await ticks(1);
        auto tasks = asyncio::all_tasks();
        std::erase(tasks, asyncio::current_task());
        BOOST_REQUIRE(tasks.size() == 1);
        auto closing = tasks.front();
        BOOST_TEST((closing.cancel("early") && closing.cancelling() == 1));
        auto outcome = co_await asyncio::catching<asyncio::CancelledError>(closing);
        BOOST_TEST((!outcome && closing.cancelled()));
        check_trace(log, {"CancelledError('early')", "cleaned up"});
    });
}

BOOST_AUTO_TEST_CASE(one_that_main_leaves_behind_is_cleaned_up) { // RUN-03
    Trace log;
    const auto main = [&]() -> Coroutine<> {
        auto items = traced(log, "a");
        co_await items.next();
    };
    asyncio::run(main);
    check_trace(log, {"a cleans up", "a cleaned up", "destroyed a"});
}

BOOST_AUTO_TEST_CASE(other_handles_and_awaited_steps_keep_a_generator) {
    Trace log;
    run([&]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        auto items = waiting(log, future);
        auto other = items;
        co_await items.next();
        items = {};
        co_await ticks(3);
        BOOST_TEST(log.empty());
        auto consumer = asyncio::create_task(other.next());
        other = {};
        co_await ticks(3);
        future.set_result();
        auto item = co_await consumer;
        BOOST_TEST(*item == 2);
        check_trace(log, {"resumed"});
        co_await ticks(2);
        check_trace(log, {"resumed", "destroyed generator"});
    });
}

BOOST_AUTO_TEST_CASE(a_generator_may_be_abandoned_on_another_thread) {
    Trace log;
    run([&]() -> Coroutine<> {
        auto items = traced(log, "a");
        co_await items.next();
        std::thread([moved = std::move(items)]() mutable { moved = {}; }).join();
        co_await ticks(4);
        check_trace(log, {"a cleans up", "a cleaned up", "destroyed a"});
    });
}

BOOST_AUTO_TEST_CASE(threads_drop_handles_while_the_loop_shuts_generators_down) { // for TSan
    Trace log;
    int closed = 0;
    const auto body = [](int& count) -> AsyncGenerator<int> {
        try {
            co_yield 1;
        } catch (const asyncio::GeneratorExit&) {
            ++count;
            throw;
        }
    };
    run([&]() -> Coroutine<> {
        std::vector<AsyncGenerator<int>> some, others;
        for (int i = 0; i < 200; ++i) {
            auto& group = i % 2 ? some : others;
            group.push_back(body(closed));
            co_await group.back().next();
        }
        std::thread first([moved = std::move(some)]() mutable { moved.clear(); });
        std::thread second([moved = std::move(others)]() mutable { moved.clear(); });
        co_await ticks(2);
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        first.join();
        second.join();
        co_await ticks(3);
        BOOST_TEST(closed == 200);
    });
}

BOOST_AUTO_TEST_CASE(the_error_of_an_abandoned_generator_is_its_closing_tasks) {
    Trace log;
    run([&]() -> Coroutine<> {
        const Reports reports;
        {
            auto items = traced(log, "a", std::make_exception_ptr(asyncio::ValueError("failed")));
            co_await items.next();
        }
        co_await ticks(5);
        check_trace(log, {"a cleans up", "a cleaned up", "destroyed a"});
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].message == "Task exception was never retrieved");
        BOOST_TEST(reports[0].error == "ValueError('failed')");
    });
}

BOOST_AUTO_TEST_CASE(a_closing_that_cannot_start_is_reported) {
    Trace log;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Reports reports;
        {
            auto items = traced(log, "a");
            co_await items.next();
        }
        loop.set_task_factory([](asyncio::AbstractEventLoop&, asyncio::AnyCoroutine,
                                 const asyncio::TaskOptions&) -> asyncio::TaskRef {
            throw asyncio::ValueError("no tasks");
        });
        const asyncio::warnings::Capture never_awaited;
        co_await ticks(1);
        loop.set_task_factory({});
        co_await ticks(3);
        check_trace(log, {"destroyed a"});
        BOOST_REQUIRE(reports.size() == 1);
        BOOST_TEST(reports[0].message.starts_with("Exception in callback <Handle aclose <async_"));
        BOOST_TEST(reports[0].error == "ValueError('no tasks')");
    });
}

BOOST_AUTO_TEST_CASE(one_that_ignored_its_exit_is_not_asked_again) {
    Trace log;
    run([&]() -> Coroutine<> {
        const auto stubborn = [](Trace& into) -> AsyncGenerator<int> {
            const Death destroyed(into, "generator");
            for (;;) {
                try {
                    co_yield 1;
                } catch (const asyncio::GeneratorExit&) {
                    into.push_back("asked");
                }
            }
        };
        auto items = stubborn(log);
        co_await items.next();
        auto outcome = co_await asyncio::catching<asyncio::RuntimeError>(items.aclose());
        BOOST_TEST(!outcome);
        items = {};
        check_trace(log, {"asked", "destroyed generator"});

        auto again = stubborn(log);
        co_await again.next();
        outcome = co_await asyncio::catching<asyncio::RuntimeError>(again.aclose());
        std::thread([moved = std::move(again)]() mutable { moved = {}; }).join();
        check_trace(log, {"asked", "destroyed generator", "asked"});
        co_await ticks(2);
        check_trace(log, {"asked", "destroyed generator", "asked", "destroyed generator"});
    });
}

BOOST_AUTO_TEST_CASE(one_that_never_started_vanishes_silently) {
    Trace log;
    run([&]() -> Coroutine<> {
        const asyncio::warnings::Capture warnings;
        auto kept = std::make_shared<Death>(log, "parameter");
        const auto body = [](std::shared_ptr<Death>) -> AsyncGenerator<int> { co_yield 1; };
        {
            const auto items = body(std::move(kept));
            static_cast<void>(items.next());
        }
        check_trace(log, {"destroyed parameter"});
        co_await ticks(3);
        BOOST_TEST(warnings.size() == 0);
    });
}

BOOST_AUTO_TEST_CASE(closing_the_loop_destroys_a_pending_step) { // G-10
    const asyncio::LogCapture destroyed_pending;
    Trace log;
    const auto loop = asyncio::new_event_loop();
    const auto future = loop->create_future();
    auto items = waiting(log, future);
    auto consumer = loop->create_task(drain(items));
    loop->run_until_complete(ticks(2));
    BOOST_TEST(!consumer.done());
    loop->close();
    check_trace(log, {"destroyed generator"});
    BOOST_TEST(destroyed_pending.contains("Task was destroyed but it is pending!"));
    BOOST_TEST(future.cancel()); // nobody waits for it any more
    run([&]() -> Coroutine<> {   // the handle refers to a generator that has ended
        auto item = co_await items.next();
        BOOST_TEST(!item);
        co_await items.aclose();
    });
}

BOOST_AUTO_TEST_CASE(closing_the_loop_destroys_what_was_abandoned) {
    Trace log;
    const auto loop = asyncio::new_event_loop();
    auto items = traced(log, "a");
    auto kept = traced(log, "kept");
    loop->run_until_complete(items.next());
    loop->run_until_complete(kept.next());
    items = {};
    BOOST_TEST(log.empty());
    loop->close();
    check_trace(log, {"destroyed a"});
    kept = {};
    check_trace(log, {"destroyed a", "destroyed kept"});
}

BOOST_AUTO_TEST_CASE(a_discarded_closing_destroys_the_generator_unrun) {
    Trace log;
    run([&]() -> Coroutine<> {
        auto items = traced(log, "a");
        co_await items.next();
        // What a loop does that closes with the closing in its queue.
        items.ref()->add_ref();
        items.ref()->discard();
        items = {};
        check_trace(log, {"destroyed a"});
    });
}

BOOST_AUTO_TEST_CASE(closing_the_loop_destroys_idle_generators_of_pending_tasks) {
    const asyncio::LogCapture destroyed_pending;
    Trace log;
    const auto consumer = [](Trace& into, asyncio::Future<> future) -> Coroutine<> {
        auto items = traced(into, "a");
        co_await items.next();
        co_await future;
    };
    const auto loop = asyncio::new_event_loop();
    const auto future = loop->create_future();
    loop->create_task(consumer(log, future));
    loop->run_until_complete(ticks(2));
    loop->close();
    check_trace(log, {"destroyed a"});
}

BOOST_AUTO_TEST_CASE(a_deep_chain_below_a_generator_ends_or_is_destroyed_without_recursion) {
    on_small_stack(
        [] { run_deep([](Future<> future) { return over_deep_chain(deep, future); }, 0); });
}

BOOST_AUTO_TEST_CASE(a_deep_pipeline_ends_or_is_destroyed_without_recursion) {
    // At the end each closes the one below.
    on_small_stack(
        [] { run_deep([](Future<> future) { return nested(deep, future); }, 3 * deep); });
}

BOOST_AUTO_TEST_SUITE_END()
