// AsyncGenerator<T> without a consumer to the end: abandoned, shut down by the loop (LIF-11), or
// destroyed with a loop that closes (G-10).
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using asyncio::AsyncGenerator;
using asyncio::Coroutine;

namespace {

using Log = std::vector<std::string>;

// Says when it is destroyed.
class Trace {
public:
    Trace(Log& log, std::string text) : log_(&log), text_(std::move(text)) {}
    Trace(const Trace&) = delete;
    ~Trace() { log_->push_back(text_); }

private:
    Log* log_;
    std::string text_;
};

template <class F>
void run(F body) {
    const auto loop = asyncio::new_event_loop();
    loop->run_until_complete(body());
    loop->close();
}

Coroutine<> turns(int count) {
    for (int i = 0; i < count; ++i) co_await asyncio::sleep(0);
}

// Its clean-up takes a turn of the loop, and throws `error` if there is one.
AsyncGenerator<int> traced(Log& log, std::string name, std::exception_ptr error = nullptr) {
    const Trace destroyed(log, name + " destroyed");
    std::exception_ptr exit;
    try {
        co_yield 1;
        co_yield 2;
    } catch (const asyncio::GeneratorExit&) {
        exit = std::current_exception();
    }
    log.push_back(name + " cleans up");
    co_await asyncio::sleep(0);
    log.push_back(name + " cleaned up");
    if (error) std::rethrow_exception(error);
    if (exit) std::rethrow_exception(exit);
}

AsyncGenerator<int> waiting(Log& log, asyncio::Future<> future) {
    const Trace destroyed(log, "generator destroyed");
    co_yield 1;
    co_await future;
    log.push_back("resumed");
    co_yield 2;
}

template <class T>
Coroutine<> drain(AsyncGenerator<T> items) {
    for (;;) {
        auto item = co_await items.next();
        if (!item) break;
    }
}

Coroutine<int> deep(int below, asyncio::Future<> future) {
    int depth = 0;
    if (below > 0)
        depth = co_await deep(below - 1, future);
    else
        co_await future;
    co_return depth + 1;
}

AsyncGenerator<int> over_deep_chain(int depth, asyncio::Future<> future) {
    const int reached = co_await deep(depth, future);
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

void check_log(const Log& log, const Log& expected) {
    BOOST_TEST(log == expected, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(generator_lifetime)

BOOST_AUTO_TEST_CASE(an_abandoned_generator_is_closed_in_a_task_of_its_own) { // LIF-11, AGN-03
    Log log;
    run([&]() -> Coroutine<> {
        static const asyncio::ContextVar<std::string> variable("variable", "unset");
        const auto body = [](Log& into) -> AsyncGenerator<int> {
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
        co_await turns(2);
        BOOST_TEST((dropper.done() && log.empty()));
        co_await turns(1);
        BOOST_TEST(log.size() == 1);
        BOOST_TEST(log[0].ends_with(" the dropper's"));
        BOOST_TEST(!log[0].starts_with("dropper"));
    });
}

BOOST_AUTO_TEST_CASE(other_handles_and_awaited_steps_keep_a_generator) {
    Log log;
    run([&]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        auto items = waiting(log, future);
        auto other = items;
        co_await items.next();
        items = {};
        co_await turns(3);
        BOOST_TEST(log.empty());
        auto consumer = asyncio::create_task(other.next());
        other = {};
        co_await turns(3);
        future.set_result();
        auto item = co_await consumer;
        BOOST_TEST(*item == 2);
        check_log(log, {"resumed"});
        co_await turns(2);
        check_log(log, {"resumed", "generator destroyed"});
    });
}

BOOST_AUTO_TEST_CASE(a_generator_may_be_abandoned_on_another_thread) {
    Log log;
    run([&]() -> Coroutine<> {
        const auto owner = std::this_thread::get_id();
        std::thread::id closer;
        const auto body = [](std::thread::id& thread) -> AsyncGenerator<int> {
            try {
                co_yield 1;
            } catch (const asyncio::GeneratorExit&) {
                thread = std::this_thread::get_id();
            }
        };
        auto items = body(closer);
        co_await items.next();
        std::thread([moved = std::move(items)]() mutable { moved = {}; }).join();
        co_await turns(3);
        BOOST_TEST((closer == owner));
    });
}

BOOST_AUTO_TEST_CASE(threads_drop_handles_while_the_loop_shuts_generators_down) { // for TSan
    Log log;
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
        co_await turns(2);
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        first.join();
        second.join();
        co_await turns(3);
        BOOST_TEST(closed == 200);
    });
}

BOOST_AUTO_TEST_CASE(the_error_of_an_abandoned_generator_is_its_closing_tasks) {
    Log log;
    run([&]() -> Coroutine<> {
        asyncio::get_running_loop().set_exception_handler(
            [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
                log.push_back(context.message + ": " + asyncio::repr(context.exception));
            });
        {
            auto items = traced(log, "a", std::make_exception_ptr(asyncio::ValueError("failed")));
            co_await items.next();
        }
        co_await turns(5);
        check_log(log, {"a cleans up", "a cleaned up", "a destroyed",
                        "Task exception was never retrieved: ValueError('failed')"});
    });
}

BOOST_AUTO_TEST_CASE(a_closing_that_cannot_start_is_reported) {
    Log log;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_exception_handler(
            [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
                log.push_back(asyncio::repr(context.exception));
            });
        {
            auto items = traced(log, "a");
            co_await items.next();
        }
        loop.set_task_factory([](asyncio::AbstractEventLoop&, asyncio::AnyCoroutine,
                                 const asyncio::TaskOptions&) -> asyncio::TaskRef {
            throw asyncio::ValueError("no tasks");
        });
        const asyncio::warnings::Capture never_awaited;
        co_await turns(1);
        loop.set_task_factory({});
        co_await turns(3);
        check_log(log, {"ValueError('no tasks')", "a destroyed"});
    });
}

BOOST_AUTO_TEST_CASE(one_that_ignored_its_exit_is_not_asked_again) {
    Log log;
    run([&]() -> Coroutine<> {
        const auto stubborn = [](Log& into) -> AsyncGenerator<int> {
            const Trace destroyed(into, "destroyed");
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
        check_log(log, {"asked", "destroyed"});

        auto again = stubborn(log);
        co_await again.next();
        outcome = co_await asyncio::catching<asyncio::RuntimeError>(again.aclose());
        std::thread([moved = std::move(again)]() mutable { moved = {}; }).join();
        check_log(log, {"asked", "destroyed", "asked"});
        co_await turns(2);
        check_log(log, {"asked", "destroyed", "asked", "destroyed"});
    });
}

BOOST_AUTO_TEST_CASE(one_that_never_started_vanishes_silently) {
    Log log;
    run([&]() -> Coroutine<> {
        const asyncio::warnings::Capture warnings;
        auto kept = std::make_shared<Trace>(log, "parameter destroyed");
        const auto body = [](std::shared_ptr<Trace>) -> AsyncGenerator<int> { co_yield 1; };
        {
            const auto items = body(std::move(kept));
            static_cast<void>(items.next());
        }
        check_log(log, {"parameter destroyed"});
        co_await turns(3);
        BOOST_TEST(warnings.size() == 0);
    });
}

BOOST_AUTO_TEST_CASE(shutdown_closes_living_generators_concurrently) { // LIF-11
    Log log;
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
        check_log(log, {"a cleans up", "b cleans up", "a cleaned up", "a destroyed",
                        "b cleaned up", "b destroyed"});
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        BOOST_TEST(log.size() == 6);
    });
}

BOOST_AUTO_TEST_CASE(shutdown_reports_ordinary_errors) { // LIF-11
    Log log;
    std::vector<AsyncGenerator<int>> alive;
    run([&]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        std::vector<asyncio::ExceptionContext> reports;
        loop.set_exception_handler(
            [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
                reports.push_back(context);
            });
        alive.push_back(traced(log, "a", std::make_exception_ptr(asyncio::ValueError("a"))));
        alive.push_back(traced(log, "b", std::make_exception_ptr(asyncio::CancelledError())));
        alive.push_back(waiting(log, loop.create_future()));
        alive.push_back(traced(log, "d"));
        for (const auto& items : alive) co_await items.next();
        auto consumer = asyncio::create_task(alive[2].next());
        co_await turns(1);
        co_await loop.shutdown_asyncgens();
        BOOST_REQUIRE(reports.size() == 2);
        const std::string repr = asyncio::to_string(alive[0]);
        BOOST_TEST(reports[0].asyncgen == repr);
        BOOST_TEST(reports[0].message ==
                   "an error occurred during closing of asynchronous generator " + repr);
        BOOST_TEST(asyncio::repr(reports[0].exception) == "ValueError('a')");
        BOOST_TEST(reports[1].asyncgen == asyncio::to_string(alive[2]));
        BOOST_TEST(asyncio::str(reports[1].exception) ==
                   "aclose(): asynchronous generator is already running");
        BOOST_TEST(log.back() == "d destroyed");
        consumer.cancel();
        co_await turns(2);
    });
}

BOOST_AUTO_TEST_CASE(a_generator_started_after_shutdown_warns) { // LIF-11
    Log log;
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
    Log log;
    run([&]() -> Coroutine<> {
        using Shared = std::shared_ptr<AsyncGenerator<int>>;
        const auto body = [](Log& into, Shared) -> AsyncGenerator<int> {
            const Trace destroyed(into, "destroyed");
            co_yield 1;
        };
        auto cycle = std::make_shared<AsyncGenerator<int>>();
        *cycle = body(log, cycle);
        auto first = co_await cycle->next();
        cycle.reset();
        co_await asyncio::get_running_loop().shutdown_asyncgens();
        BOOST_TEST(*first == 1);
    });
    check_log(log, {"destroyed"});
}

BOOST_AUTO_TEST_CASE(closing_the_loop_destroys_a_pending_step) { // G-10
    const asyncio::LogCapture destroyed_pending;
    Log log;
    const auto loop = asyncio::new_event_loop();
    const auto future = loop->create_future();
    auto items = waiting(log, future);
    auto consumer = loop->create_task(drain(items));
    loop->run_until_complete(turns(2));
    BOOST_TEST(!consumer.done());
    loop->close();
    check_log(log, {"generator destroyed"});
    BOOST_TEST(destroyed_pending.contains("Task was destroyed but it is pending!"));
    BOOST_TEST(future.cancel()); // nobody waits for it any more
    run([&]() -> Coroutine<> { // the handle refers to a generator that has ended
        auto item = co_await items.next();
        BOOST_TEST(!item);
        co_await items.aclose();
    });
}

BOOST_AUTO_TEST_CASE(closing_the_loop_destroys_what_was_abandoned) {
    Log log;
    const auto loop = asyncio::new_event_loop();
    auto items = traced(log, "a");
    auto kept = traced(log, "kept");
    loop->run_until_complete(items.next());
    loop->run_until_complete(kept.next());
    items = {};
    BOOST_TEST(log.empty());
    loop->close();
    check_log(log, {"a destroyed"});
    kept = {};
    check_log(log, {"a destroyed", "kept destroyed"});
}

BOOST_AUTO_TEST_CASE(closing_the_loop_destroys_idle_generators_of_pending_tasks) {
    const asyncio::LogCapture destroyed_pending;
    Log log;
    const auto consumer = [](Log& into, asyncio::Future<> future) -> Coroutine<> {
        auto items = traced(into, "a");
        co_await items.next();
        co_await future;
    };
    const auto loop = asyncio::new_event_loop();
    const auto future = loop->create_future();
    loop->create_task(consumer(log, future));
    loop->run_until_complete(turns(2));
    loop->close();
    check_log(log, {"a destroyed"});
}

BOOST_AUTO_TEST_CASE(a_deep_chain_below_a_generator_ends_or_is_destroyed_without_recursion) {
    constexpr int depth = 100'000;
    const asyncio::LogCapture destroyed_pending;
    for (const bool complete : {true, false}) {
        const auto loop = asyncio::new_event_loop();
        const auto future = loop->create_future();
        auto consumer = loop->create_task(over_deep_chain(depth, future).next());
        loop->run_until_complete(turns(1));
        if (complete) {
            future.set_result();
            const auto item = loop->run_until_complete(consumer);
            BOOST_TEST(*item == depth + 1);
        }
        loop->close();
        BOOST_TEST(consumer.done() == complete);
    }
}

BOOST_AUTO_TEST_CASE(a_deep_pipeline_ends_or_is_destroyed_without_recursion) {
    constexpr int depth = 20'000;
    const asyncio::LogCapture destroyed_pending;
    for (const bool complete : {true, false}) {
        const auto loop = asyncio::new_event_loop();
        const auto future = loop->create_future();
        auto consumer = loop->create_task(nested(depth, future).next());
        loop->run_until_complete(turns(1));
        if (complete) {
            future.set_result();
            const auto item = loop->run_until_complete(consumer);
            BOOST_TEST(*item == depth + 1);
            loop->run_until_complete(turns(3 * depth)); // each closes the one below
        }
        loop->close();
    }
}

BOOST_AUTO_TEST_SUITE_END()
