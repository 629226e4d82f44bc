// Lock and Event: order, cancellation, loops. The semaphores are in semaphores_test.cpp, Condition
// is in conditions_test.cpp; sync_fuzz_test.cpp cancels users of all of them at random.
#include <asyncio/asyncio.hpp>

#include "support/holders.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::Event;
using asyncio::Lock;
using asyncio::Semaphore;
using asyncio::sleep;
using asyncio_test::error_of;
using asyncio_test::holder;
using asyncio_test::holders;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::taker;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

// What the error says that a task of another loop gets.
constexpr const char* other_loop = "is bound to a different event loop";

Coroutine<> waiter(Event event, std::string name, Trace& log) {
    const bool value = co_await event.wait();
    log.push_back(name + (value ? " true" : " false"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(locks)

BOOST_AUTO_TEST_CASE(release_of_a_free_lock_throws) { // LCK-02
    const Lock lock;
    BOOST_TEST(!lock.locked());
    BOOST_TEST(error_of([&] { lock.release(); }) == "RuntimeError('Lock is not acquired.')");
}

BOOST_AUTO_TEST_CASE(a_free_lock_is_taken_without_a_turn_of_the_loop) { // LCK-04
    run([]() -> Coroutine<> {
        const Lock lock;
        const auto turned = std::make_shared<bool>(false);
        asyncio::get_running_loop().call_soon([turned] { *turned = true; });
        const bool acquired = co_await lock.acquire();
        BOOST_TEST(acquired);
        BOOST_TEST(lock.locked());
        BOOST_TEST(!*turned);
    });
}

BOOST_AUTO_TEST_CASE(waiters_are_served_in_order_and_the_owner_queues_again) { // LCK-01
    run([]() -> Coroutine<> {
        const Lock lock;
        Trace log;
        auto worker = [&](std::string name, int rounds) -> Coroutine<> {
            for (int i = 0; i < rounds; ++i) {
                co_await lock.acquire();
                log.push_back(name);
                co_await sleep(0);
                lock.release();
            }
        };
        auto a = create_task(worker, "a", 3);
        auto b = create_task(worker, "b", 2);
        auto c = create_task(worker, "c", 1);
        co_await asyncio::gather(a, b, c);
        BOOST_TEST(join(log) == "a, b, c, a, b, a");
        BOOST_TEST(!lock.locked());
    });
}

BOOST_AUTO_TEST_CASE(release_frees_the_lock_but_a_newcomer_does_not_overtake) { // LCK-01, LCK-02
    run([]() -> Coroutine<> {
        const Lock lock;
        Trace log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"first", "second"}, log);
        co_await ticks(1);
        lock.release();
        BOOST_TEST(!lock.locked());
        co_await holder(lock, "newcomer", log);
        BOOST_TEST(join(log) == "first, second, newcomer");
    });
}

BOOST_AUTO_TEST_CASE(release_wakes_one_waiter_in_the_next_iteration) { // LCK-02, section 0.1
    run([]() -> Coroutine<> {
        const Lock lock;
        Trace log;
        co_await lock.acquire();
        auto a = create_task(taker(lock, "a", log));
        auto b = create_task(taker(lock, "b", log));
        co_await ticks(1);
        lock.release();
        BOOST_TEST(log.empty());
        co_await ticks(1);
        BOOST_TEST(join(log) == "a");
        co_await ticks(3);
        BOOST_TEST(log.size() == 1u);
        lock.release();
        co_await asyncio::gather(a, b);
    });
}

BOOST_AUTO_TEST_CASE(a_newcomer_takes_the_lock_when_all_waiters_are_cancelled) { // LCK-01
    run([]() -> Coroutine<> {
        const Lock lock;
        Trace log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b"}, log);
        co_await ticks(1);
        tasks[0].cancel();
        tasks[1].cancel();
        lock.release();
        const auto turned = std::make_shared<bool>(false);
        asyncio::get_running_loop().call_soon([turned] { *turned = true; });
        co_await lock.acquire();
        BOOST_TEST(!*turned);
        co_await ticks(2);
        BOOST_TEST(lock.locked());
        BOOST_TEST(join(log) == "a cancelled, b cancelled");
    });
}

BOOST_AUTO_TEST_CASE(a_woken_waiter_that_is_cancelled_passes_the_lock_on) { // LCK-03
    run([]() -> Coroutine<> {
        const Lock lock;
        Trace log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b", "c"}, log);
        co_await ticks(1);
        lock.release();
        BOOST_TEST(tasks[0].cancel());
        co_await ticks(4);
        BOOST_TEST(join(log) == "a cancelled, b, c");
        BOOST_TEST(tasks[0].cancelled());
        BOOST_TEST(!lock.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_first_waiter_delays_the_next_one_by_a_turn) { // LCK-03
    // As in Python: release() meets the cancelled waiter, which passes the lock on when it runs.
    run([]() -> Coroutine<> {
        const Lock lock;
        Trace log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b"}, log);
        co_await ticks(1);
        tasks[0].cancel();
        lock.release();
        co_await ticks(1);
        BOOST_TEST(join(log) == "a cancelled");
        co_await ticks(1);
        BOOST_TEST(join(log) == "a cancelled, b");
    });
}

BOOST_AUTO_TEST_CASE(a_queued_waiter_that_is_cancelled_wakes_nobody) { // LCK-03, LCK-18
    run([]() -> Coroutine<> {
        const Lock lock;
        Trace log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b", "c"}, log);
        co_await ticks(1);
        BOOST_TEST(lock.repr().ends_with("[locked, waiters:3]>"));
        tasks[1].cancel();
        co_await ticks(3);
        BOOST_TEST(join(log) == "b cancelled");
        BOOST_TEST(lock.repr().ends_with("[locked, waiters:2]>"));
        lock.release();
        co_await ticks(4);
        BOOST_TEST(join(log) == "b cancelled, a, c");
        BOOST_TEST(lock.repr().ends_with("[unlocked]>"));
    });
}

BOOST_AUTO_TEST_CASE(blocking_binds_to_the_loop_and_taking_a_free_lock_does_not) { // G-12, LCK-04
    const Lock lock;
    const auto uncontended = [&]() -> Coroutine<> { const auto guard = co_await lock.scoped(); };
    const auto contended = [&]() -> Coroutine<> {
        co_await lock.acquire();
        Trace log;
        auto task = create_task(holder(lock, "waiter", log));
        co_await ticks(1);
        lock.release();
        co_await task;
    };
    run(uncontended);
    run(contended);
    run(uncontended);
    run([&]() -> Coroutine<> {
        co_await lock.acquire();
        const std::string error = co_await repr_of(lock.acquire());
        BOOST_TEST(error.starts_with("RuntimeError('<asyncio.Lock object at "));
        BOOST_TEST(error.find(other_loop) != std::string::npos);
        lock.release();
    });
}

BOOST_AUTO_TEST_CASE(a_guard_releases_on_every_path) {
    run([]() -> Coroutine<> {
        const Lock lock;
        {
            const auto guard = co_await lock.scoped();
            BOOST_TEST(lock.locked());
        }
        BOOST_TEST(!lock.locked());
        const auto failing = [&]() -> Coroutine<> {
            const auto guard = co_await lock.scoped();
            throw asyncio::ValueError("out");
        };
        const std::string error = co_await repr_of(failing());
        BOOST_TEST(error == "ValueError('out')");
        BOOST_TEST(!lock.locked());
        auto guard = co_await lock.scoped();
        auto moved = std::move(guard);
        moved.release();
        BOOST_TEST(!lock.locked());
        co_await lock.acquire();
        moved.release(); // it has nothing left to release
        BOOST_TEST(lock.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_guard_survives_a_release_by_hand) {
    run([]() -> Coroutine<> {
        const Lock lock;
        const asyncio::LogCapture errors(asyncio::Level::Error);
        {
            const auto guard = co_await lock.scoped();
            lock.release();
        }
        BOOST_TEST(!lock.locked());
        BOOST_TEST(errors.contains("Error while leaving the scope of a guard"));
    });
}

BOOST_AUTO_TEST_CASE(frames_destroyed_with_their_loop_leave_the_lock_free) { // G-10
    const Lock lock;
    const Event event;
    {
        const auto loop = asyncio::new_event_loop();
        loop->set_exception_handler([](auto&, const auto&) {});
        loop->run_until_complete([](Lock held, Event never) -> Coroutine<> {
            auto owner = [=]() -> Coroutine<> {
                const auto guard = co_await held.scoped();
                co_await never.wait();
            };
            create_task(owner);
            create_task(owner);
            create_task(owner);
            co_await ticks(2);
        }(lock, event));
        BOOST_TEST(lock.locked());
        loop->close();
    }
    BOOST_TEST(!lock.locked());
    BOOST_TEST(lock.repr().ends_with("[unlocked]>"));
    event.set();
}

BOOST_AUTO_TEST_CASE(async_with_acquires_and_releases) {
    run([]() -> Coroutine<> {
        const Lock lock;
        const Semaphore semaphore(1);
        const int value = co_await asyncio::async_with(lock, [&]() -> Coroutine<int> {
            BOOST_TEST(lock.locked());
            co_return 7;
        });
        BOOST_TEST(value == 7);
        BOOST_TEST(!lock.locked());
        auto failing = [&]() -> Coroutine<> {
            BOOST_TEST(semaphore.locked());
            throw asyncio::ValueError("out");
            co_return;
        };
        const std::string error = co_await repr_of(asyncio::async_with(semaphore, failing));
        BOOST_TEST(error == "ValueError('out')");
        BOOST_TEST(!semaphore.locked());
    });
}

BOOST_AUTO_TEST_CASE(copies_are_the_same_lock) {
    const Lock a, b;
    Lock c = a;
    const Lock d = std::move(c);
    BOOST_TEST((a == d));
    BOOST_TEST((c == d)); // a moved-from handle still refers to it
    BOOST_TEST((a != b));
    BOOST_TEST(((a < b) != (b < a)));
    const std::unordered_set<Lock> locks{a, b, c, d};
    BOOST_TEST(locks.size() == 2u);
}

BOOST_AUTO_TEST_CASE(acquire_is_an_awaitable_like_any_other) {
    run([]() -> Coroutine<> {
        const Lock lock;
        auto task = create_task(lock.acquire());
        const bool acquired = co_await task;
        BOOST_TEST(acquired);
        BOOST_CHECK_THROW(co_await asyncio::wait_for(lock.acquire(), 0.001), asyncio::TimeoutError);
        lock.release();
        const bool again = co_await asyncio::wait_for(Lock(lock).acquire(), 1);
        BOOST_TEST(again);
    });
}

BOOST_AUTO_TEST_CASE(set_wakes_everybody_in_order_even_if_cleared_at_once) { // LCK-05
    run([]() -> Coroutine<> {
        const Event event;
        Trace log;
        auto a = create_task(waiter(event, "a", log));
        auto b = create_task(waiter(event, "b", log));
        co_await ticks(1);
        event.set();
        event.clear();
        auto late = create_task(waiter(event, "late", log));
        co_await ticks(3);
        BOOST_TEST(join(log) == "a true, b true");
        BOOST_TEST(!late.done());
        event.set();
        event.set();
        co_await asyncio::gather(a, b, late);
        BOOST_TEST(log.back() == "late true");
    });
}

BOOST_AUTO_TEST_CASE(waiting_for_a_set_event_does_not_suspend) { // LCK-05
    run([]() -> Coroutine<> {
        const Event event;
        BOOST_TEST(!event.is_set());
        event.set();
        BOOST_TEST(event.is_set());
        const auto turned = std::make_shared<bool>(false);
        asyncio::get_running_loop().call_soon([turned] { *turned = true; });
        const bool value = co_await event.wait();
        BOOST_TEST(value);
        BOOST_TEST(!*turned);
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_event_waiter_leaves_and_the_others_stay) { // LCK-05, LCK-18
    run([]() -> Coroutine<> {
        const Event event;
        Trace log;
        auto queued = create_task(waiter(event, "queued", log));
        auto woken = create_task(waiter(event, "woken", log));
        auto other = create_task(waiter(event, "other", log));
        co_await ticks(1);
        queued.cancel();
        co_await ticks(2);
        BOOST_TEST(queued.cancelled());
        BOOST_TEST(event.repr().ends_with("[unset, waiters:2]>"));
        event.set();
        woken.cancel();
        co_await ticks(2);
        BOOST_TEST(woken.cancelled());
        BOOST_TEST(join(log) == "other true");
        BOOST_TEST(event.repr().ends_with("[set]>"));
    });
}

BOOST_AUTO_TEST_CASE(an_event_belongs_to_the_loop_of_its_first_waiter) { // G-12
    const Event event;
    run([&]() -> Coroutine<> {
        auto task = create_task(event.wait());
        co_await ticks(1);
        event.set();
        co_await task;
    });
    run([&]() -> Coroutine<> {
        co_await event.wait();
        event.clear();
        const std::string error = co_await repr_of(event.wait());
        BOOST_TEST(error.find(other_loop) != std::string::npos);
    });
}

BOOST_AUTO_TEST_SUITE_END()
