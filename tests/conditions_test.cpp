// Condition: notification, re-acquiring under cancellation, shared locks.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using asyncio::Condition;
using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::Lock;
using asyncio::sleep;
using asyncio::Task;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

Coroutine<> waiter(Condition condition, std::string name, Trace& log) {
    const auto guard = co_await condition.scoped();
    try {
        const bool value = co_await condition.wait();
        log.push_back(name + (value ? " notified" : " false"));
    } catch (const asyncio::CancelledError& error) {
        log.push_back(name + " cancelled " + error.str() + (condition.locked() ? "" : " unlocked"));
        throw;
    }
}

std::vector<Task<>> waiters(Condition condition, const Trace& names, Trace& log) {
    std::vector<Task<>> tasks;
    for (const std::string& name : names)
        tasks.push_back(create_task(waiter(condition, name, log)));
    return tasks;
}

Coroutine<> notify(Condition condition, int count) {
    const auto guard = co_await condition.scoped();
    condition.notify(count);
}

} // namespace

BOOST_AUTO_TEST_SUITE(conditions)

BOOST_AUTO_TEST_CASE(waiting_and_notifying_need_the_lock) { // LCK-06
    run([]() -> Coroutine<> {
        const Condition condition;
        const std::string no_wait = "RuntimeError('cannot wait on un-acquired lock')";
        const std::string no_notify = "RuntimeError('cannot notify on un-acquired lock')";
        const std::string waiting = co_await repr_of(condition.wait());
        BOOST_TEST(waiting == no_wait);
        const std::string waiting_for = co_await repr_of(condition.wait_for([] { return false; }));
        BOOST_TEST(waiting_for == no_wait);
        const bool at_once = co_await condition.wait_for([] { return true; });
        BOOST_TEST(at_once);
        BOOST_TEST(error_of([&] { condition.notify(); }) == no_notify);
        BOOST_TEST(error_of([&] { condition.notify_all(); }) == no_notify);
    });
}

BOOST_AUTO_TEST_CASE(who_holds_the_lock_is_not_checked) { // LCK-06
    run([]() -> Coroutine<> {
        const Condition condition;
        Trace log;
        auto task = create_task(waiter(condition, "a", log));
        co_await ticks(1);
        co_await condition.acquire();
        asyncio::get_running_loop().call_soon([=] { condition.notify(); });
        co_await ticks(1);
        condition.release();
        co_await task;
        BOOST_TEST(join(log) == "a notified");
    });
}

BOOST_AUTO_TEST_CASE(it_has_the_methods_of_its_lock) { // LCK-10
    run([]() -> Coroutine<> {
        const Lock lock;
        const Condition full(lock);
        const Condition empty(lock);
        Trace log;
        const auto for_full = waiters(full, {"full"}, log);
        const auto for_empty = waiters(empty, {"empty"}, log);
        co_await ticks(1);
        co_await asyncio::async_with(lock, [&]() -> Coroutine<> {
            BOOST_TEST(full.locked());
            empty.notify_all();
            co_return;
        });
        co_await for_empty[0];
        BOOST_TEST(!for_full[0].done());
        co_await empty.acquire();
        BOOST_TEST(lock.locked());
        full.notify();
        full.release();
        co_await for_full[0];
        BOOST_TEST(!empty.locked());
    });
}

BOOST_AUTO_TEST_CASE(notify_wakes_the_first_n_once_the_lock_is_free) { // LCK-09
    run([]() -> Coroutine<> {
        const Condition condition;
        Trace log;
        const auto tasks = waiters(condition, {"a", "b", "c", "d"}, log);
        co_await ticks(1);
        {
            const auto guard = co_await condition.scoped();
            condition.notify();
            condition.notify(0);
            condition.notify(1); // `a` is done waiting: this one is for `b`
            co_await ticks(3);
            BOOST_TEST(log.empty());
        }
        co_await ticks(3);
        BOOST_TEST(join(log) == "a notified, b notified");
        BOOST_TEST(condition.repr().ends_with("[unlocked, waiters:2]>"));
        {
            const auto guard = co_await condition.scoped();
            condition.notify(2048);
        }
        co_await asyncio::gather(tasks);
        BOOST_TEST(log.back() == "d notified");
        const auto guard = co_await condition.scoped();
        condition.notify_all();
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_wait_acquires_the_lock_before_it_leaves) { // LCK-07
    run([]() -> Coroutine<> {
        const Condition condition;
        Trace log;
        auto task = create_task(waiter(condition, "a", log));
        co_await ticks(1);
        co_await condition.acquire();
        task.cancel("why");
        co_await ticks(4);
        BOOST_TEST(log.empty());
        condition.release();
        co_await ticks(2);
        BOOST_TEST(join(log) == "a cancelled why");
        BOOST_TEST(task.cancelled());
        BOOST_TEST(!condition.locked());
    });
}

BOOST_AUTO_TEST_CASE(cancels_while_acquiring_are_remembered_and_the_last_one_thrown) { // LCK-07
    run([]() -> Coroutine<> {
        const Condition condition;
        Trace log;
        auto task = create_task(waiter(condition, "a", log));
        co_await ticks(1);
        co_await condition.acquire();
        for (const char* text : {"first", "second", "third"}) {
            task.cancel(text);
            co_await ticks(3);
            BOOST_TEST(log.empty());
        }
        BOOST_TEST(task.cancelling() == 3);
        condition.release();
        co_await ticks(2);
        BOOST_TEST(join(log) == "a cancelled third");
    });
}

BOOST_AUTO_TEST_CASE(a_notified_waiter_that_is_cancelled_before_it_runs_passes_on) { // LCK-08
    run([]() -> Coroutine<> {
        const Condition condition;
        Trace log;
        const auto tasks = waiters(condition, {"a", "b", "c"}, log);
        co_await ticks(1);
        co_await notify(condition, 1);
        tasks[0].cancel();
        co_await ticks(6);
        BOOST_TEST(join(log) == "a cancelled , b notified");
        co_await notify(condition, 1);
        co_await tasks[2];
    });
}

BOOST_AUTO_TEST_CASE(a_notified_waiter_that_is_cancelled_while_acquiring_passes_on) { // LCK-08
    run([]() -> Coroutine<> {
        const Condition condition;
        Trace log;
        const auto tasks = waiters(condition, {"a", "b"}, log);
        co_await ticks(1);
        {
            const auto guard = co_await condition.scoped();
            condition.notify();
            co_await ticks(2);
            tasks[0].cancel();
            co_await ticks(2);
        }
        co_await ticks(6);
        BOOST_TEST(join(log) == "a cancelled , b notified");
    });
}

BOOST_AUTO_TEST_CASE(cancelled_waiters_leave_nothing_behind) { // LCK-18
    run([]() -> Coroutine<> {
        const Condition condition;
        Trace log;
        const auto tasks = waiters(condition, Trace(20, "x"), log);
        co_await ticks(1);
        BOOST_TEST(condition.repr().ends_with("waiters:20]>"));
        for (const auto& task : tasks) task.cancel();
        co_await ticks(60);
        BOOST_TEST(log.size() == 20u);
        BOOST_TEST(condition.repr().ends_with("[unlocked]>"));
    });
}

BOOST_AUTO_TEST_CASE(wait_for_gives_the_last_value_of_the_predicate) { // LCK-08
    run([]() -> Coroutine<> {
        const Condition condition;
        int presents = 0;
        int checks = 0;
        auto consumer = [&]() -> Coroutine<int> {
            const auto guard = co_await condition.scoped();
            const auto found = co_await condition.wait_for([&]() -> std::optional<int> {
                ++checks;
                if (presents < 2) return std::nullopt;
                return presents;
            });
            BOOST_TEST(condition.locked());
            co_return found.value();
        };
        auto task = create_task(consumer);
        co_await ticks(1);
        for (int i = 0; i < 2; ++i) {
            ++presents;
            co_await notify(condition, 1);
            co_await ticks(2);
        }
        const int found = co_await task;
        BOOST_TEST(found == 2);
        BOOST_TEST(checks == 3);
    });
}

BOOST_AUTO_TEST_CASE(a_predicate_that_throws_ends_wait_for_with_the_lock_held) {
    run([]() -> Coroutine<> {
        const Condition condition;
        const auto guard = co_await condition.scoped();
        BOOST_CHECK_THROW(
            co_await condition.wait_for([]() -> bool { throw asyncio::ValueError("no"); }),
            asyncio::ValueError);
        BOOST_TEST(condition.locked());
    });
}

BOOST_AUTO_TEST_CASE(condition_and_lock_bind_to_loops_separately) { // G-12
    const Lock lock;
    const Condition condition(lock);
    run([&]() -> Coroutine<> {
        Trace log;
        auto task = create_task(waiter(condition, "a", log));
        co_await ticks(1);
        co_await notify(condition, 1);
        co_await task;
    });
    run([&]() -> Coroutine<> {
        const auto guard = co_await condition.scoped();
        const std::string error = co_await repr_of(condition.wait());
        BOOST_TEST(error.find("is bound to a different event loop") != std::string::npos);
        BOOST_TEST(lock.locked());
        const Condition other(lock);
        Trace log;
        auto task = create_task(waiter(other, "b", log));
        co_await ticks(1); // the lock itself was free in the first loop: it binds here
        task.cancel();
    });
}

BOOST_AUTO_TEST_CASE(frames_destroyed_while_waiting_log_no_error) { // G-10
    const asyncio::LogCapture errors(asyncio::Level::Error);
    const Condition condition;
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {});
    Trace log;
    loop->run_until_complete([](Condition shared, Trace& names) -> Coroutine<> {
        const auto tasks = waiters(shared, {"a", "b"}, names);
        co_await ticks(1);
    }(condition, log));
    loop->close();
    BOOST_TEST(log.empty());
    BOOST_TEST(errors.size() == 0u);
    BOOST_TEST(condition.repr().ends_with("[unlocked]>"));
}

BOOST_AUTO_TEST_SUITE_END()
