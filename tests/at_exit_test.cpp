// Programs that end untidily leak nothing: the leak sanitizer is the judge of these cases. Each
// case counts the destructors of what the untidy end must still destroy. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::error_of;
using asyncio_test::new_future;

namespace {

// Counts living objects.
struct Alive {
    static inline int count = 0;
    Alive() { ++count; }
    Alive(const Alive&) { ++count; }
    Alive(Alive&&) noexcept { ++count; }
    Alive& operator=(const Alive&) = default;
    ~Alive() { --count; }
};

Coroutine<> forever() {
    const Alive alive;
    co_await new_future();
}
Coroutine<Alive> value() {
    co_await asyncio::sleep(0);
    co_return Alive();
}
Coroutine<> fail() {
    const Alive alive;
    co_await asyncio::sleep(0);
    throw asyncio::ValueError("fail");
}

// Starts things in a loop, runs it for a few iterations and closes it over what is pending.
void abandon(const std::function<void()>& start) {
    const asyncio::LogCapture log;
    {
        const auto loop = asyncio::new_event_loop();
        loop->call_soon(start);
        loop->run_until_complete(asyncio_test::ticks(3));
        loop->close();
    }
    BOOST_TEST(Alive::count == 0);
}

// The same, awaited by a task.
template <class F>
void abandon_await(F make) {
    abandon([make] {
        const auto body = [make]() -> Coroutine<> {
            const Alive alive;
            co_await make();
        };
        asyncio::create_task(body);
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(at_exit)

BOOST_AUTO_TEST_CASE(pending_tasks) {
    abandon([] { asyncio::create_task(forever()); });
    abandon_await([] { return asyncio::create_task(forever()); });
    abandon_await([] { return asyncio::sleep(3600); });
}

BOOST_AUTO_TEST_CASE(tasks_that_never_started) {
    const asyncio::LogCapture log;
    const auto loop = asyncio::new_event_loop();
    const auto body = [](Alive) -> Coroutine<> { co_return; };
    loop->create_task(body(Alive()));
    loop->close();
    BOOST_TEST(Alive::count == 0);
}

BOOST_AUTO_TEST_CASE(callbacks_and_timers) {
    abandon([] {
        auto& loop = asyncio::get_running_loop();
        loop.call_later(3600, [alive = Alive()] {});
        new_future().add_done_callback([alive = Alive()] {});
        static Future<> kept;
        kept = new_future();
        kept.add_done_callback([alive = Alive()] {});
        loop.call_later(0, [] { kept = {}; });
    });
}

BOOST_AUTO_TEST_CASE(errors_nobody_looked_at) {
    abandon([] {
        asyncio::create_task(fail());
        new_future().set_exception(asyncio::ValueError("x"));
    });
}

BOOST_AUTO_TEST_CASE(aggregates_that_wait) {
    abandon_await([] { return asyncio::gather(forever(), value(), fail()); });
    abandon_await([] { return asyncio::gather(asyncio::return_exceptions, forever(), value()); });
    abandon([] { asyncio::gather(forever(), forever()); });
    abandon_await([] { return asyncio::shield(forever()); });
    abandon([] { asyncio::shield(forever()).cancel(); });
    abandon_await([] {
        std::vector<asyncio::Task<>> tasks;
        tasks.push_back(asyncio::create_task(forever()));
        return asyncio::wait(tasks, {.timeout = 3600});
    });
    abandon_await([] {
        std::vector<Coroutine<>> children;
        children.push_back(forever());
        return asyncio::as_completed(std::move(children), {.timeout = 3600}).next();
    });
}

BOOST_AUTO_TEST_CASE(deadlines_that_wait) {
    abandon_await([] { return asyncio::wait_for(forever(), 3600); });
    abandon_await([] { return asyncio::wait_for(asyncio::create_task(forever()), 3600); });
    abandon_await([] {
        // A task that refuses to end keeps an expired wait_for waiting.
        const auto stubborn = []() -> Coroutine<> {
            std::ignore = co_await asyncio_test::repr_of(forever());
            co_await forever();
        };
        return asyncio::wait_for(asyncio::create_task(stubborn), 0);
    });
    abandon_await([] {
        return asyncio::async_with(asyncio::timeout(3600),
                                   []() -> Coroutine<> { co_await forever(); });
    });
}

BOOST_AUTO_TEST_CASE(groups_that_wait) {
    abandon_await([] {
        return asyncio::async_with(asyncio::TaskGroup(), [](asyncio::TaskGroup tg) -> Coroutine<> {
            tg.create_task(forever());
            co_await forever();
        });
    });
    abandon_await([] {
        return asyncio::async_with(asyncio::TaskGroup(), [](asyncio::TaskGroup tg) -> Coroutine<> {
            tg.create_task(forever());
            co_return;
        });
    });
}

BOOST_AUTO_TEST_CASE(a_cycle_of_tasks_that_await_each_other) {
    abandon([] {
        struct Pair {
            asyncio::Task<> a, b;
        };
        const auto pair = std::make_shared<Pair>();
        const auto body = [](std::shared_ptr<Pair> p, bool first) -> Coroutine<> {
            const Alive alive;
            co_await (first ? p->b : p->a);
        };
        pair->a = asyncio::create_task(body, pair, true);
        pair->b = asyncio::create_task(body, pair, false);
    });
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_destroyed_without_being_closed) {
    const asyncio::LogCapture log;
    const asyncio::warnings::Capture warnings;
    {
        const auto loop = asyncio::new_event_loop();
        loop->create_task(forever());
        loop->run_until_complete(asyncio_test::ticks(2));
    }
    BOOST_TEST(Alive::count == 0);
}

BOOST_AUTO_TEST_CASE(handles_that_outlive_their_loop) {
    const asyncio::LogCapture log;
    asyncio::Task<> task;
    asyncio::TimerHandle timer;
    Future<Alive> future;
    {
        const auto loop = asyncio::new_event_loop();
        task = loop->create_task(forever());
        timer = loop->call_later(3600, [alive = Alive()] {});
        future = loop->create_future<Alive>();
        loop->run_until_complete(asyncio_test::ticks(2));
        future.set_result(Alive());
        loop->close();
    }
    BOOST_TEST(Alive::count == 1); // the result
    BOOST_TEST(!task.done());
    timer.cancel();
    BOOST_TEST(task.cancel());
    future = {};
    BOOST_TEST(Alive::count == 0);
}

BOOST_AUTO_TEST_CASE(an_exception_out_of_run) {
    const asyncio::LogCapture log;
    const auto main = []() -> Coroutine<> {
        const Alive alive;
        asyncio::create_task(forever());
        asyncio::create_task(fail());
        co_await asyncio::sleep(0);
        throw asyncio::ValueError("main");
    };
    BOOST_TEST(error_of([&] { asyncio::run(main); }) == "ValueError('main')");
    const auto interrupted = []() -> Coroutine<> {
        const Alive alive;
        asyncio::create_task(forever());
        co_await asyncio::sleep(0);
        throw asyncio::KeyboardInterrupt();
    };
    BOOST_CHECK_THROW(asyncio::run(interrupted), asyncio::KeyboardInterrupt);
    BOOST_TEST(Alive::count == 0);
}

BOOST_AUTO_TEST_CASE(coroutines_that_are_thrown_away) {
    const asyncio::warnings::Capture warnings;
    const auto body = [](Alive) -> Coroutine<> { co_return; };
    {
        const auto never_awaited = body(Alive());
    }
    body(Alive()).close();
    BOOST_TEST(Alive::count == 0);
    BOOST_TEST(warnings.size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
