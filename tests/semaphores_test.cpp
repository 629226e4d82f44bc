// Semaphore and BoundedSemaphore: order, permits under cancellation, loops.
#include <asyncio/asyncio.hpp>

#include "support/holders.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::Semaphore;
using asyncio::Task;
using asyncio_test::error_of;
using asyncio_test::holders;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::taker;
using asyncio_test::ticks;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(semaphores)

BOOST_AUTO_TEST_CASE(a_negative_value_is_refused) { // LCK-13
    const char* const refused = "ValueError('Semaphore initial value must be >= 0')";
    BOOST_TEST(error_of([] { Semaphore(-1); }) == refused);
    BOOST_TEST(error_of([] { asyncio::BoundedSemaphore(-1); }) == refused);
    BOOST_TEST(Semaphore(0).locked());
    BOOST_TEST(!Semaphore().locked());
}

BOOST_AUTO_TEST_CASE(only_a_bounded_semaphore_limits_release) { // LCK-13
    run([]() -> Coroutine<> {
        const asyncio::BoundedSemaphore bounded(2);
        co_await bounded.acquire();
        const Semaphore same = bounded; // still bounded, like an object of a Python subclass
        same.release();
        BOOST_TEST(error_of([&] { same.release(); }) ==
                   "ValueError('BoundedSemaphore released too many times')");
        co_await bounded.acquire();
        BOOST_TEST(!bounded.locked());
        co_await bounded.acquire();
        BOOST_TEST(bounded.locked());

        const Semaphore plain(0);
        plain.release();
        plain.release();
        co_await plain.acquire();
        co_await plain.acquire();
        BOOST_TEST(plain.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_permit_is_reserved_for_the_woken_waiter) { // LCK-11, LCK-12
    run([]() -> Coroutine<> {
        const Semaphore semaphore(0);
        Trace log;
        auto first = create_task(taker(semaphore, "first", log));
        co_await ticks(1);
        semaphore.release();
        semaphore.release();
        BOOST_TEST(semaphore.locked()); // a permit is left, but the waiter has not run yet
        BOOST_TEST(semaphore.repr().ends_with("[locked, waiters:1]>"));
        co_await taker(semaphore, "newcomer", log);
        BOOST_TEST(join(log) == "first, newcomer");
        BOOST_TEST(semaphore.locked());
        co_await first;
    });
}

BOOST_AUTO_TEST_CASE(several_releases_wake_several_waiters_in_order) { // LCK-12
    run([]() -> Coroutine<> {
        const Semaphore semaphore(0);
        Trace log;
        std::vector<Task<>> tasks;
        for (const char* name : {"a", "b", "c", "d"})
            tasks.push_back(create_task(taker(semaphore, name, log)));
        co_await ticks(1);
        for (int i = 0; i < 3; ++i) semaphore.release();
        co_await ticks(1);
        BOOST_TEST(join(log) == "a, b, c");
        BOOST_TEST(!tasks[3].done());
        semaphore.release();
        co_await tasks[3];
        BOOST_TEST(semaphore.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_waiter_that_is_cancelled_gives_its_permit_to_the_next) { // LCK-12
    run([]() -> Coroutine<> {
        const Semaphore semaphore(0);
        Trace log;
        const auto tasks = holders(semaphore, {"a", "b", "c"}, log);
        co_await ticks(1);
        semaphore.release();
        semaphore.release();
        tasks[0].cancel();
        tasks[1].cancel();
        co_await ticks(4);
        BOOST_TEST(join(log) == "a cancelled, b cancelled, c");
        int permits = 0;
        while (!semaphore.locked()) {
            co_await semaphore.acquire();
            ++permits;
        }
        BOOST_TEST(permits == 2);
    });
}

BOOST_AUTO_TEST_CASE(who_queued_behind_a_woken_waiter_gets_the_permits_that_are_left) { // LCK-12
    run([]() -> Coroutine<> {
        const Semaphore semaphore(0);
        Trace log;
        auto first = create_task(taker(semaphore, "first", log));
        co_await ticks(1);
        semaphore.release();
        semaphore.release();
        semaphore.release();
        // Both queue while two permits are free, because `first` was woken and has not run.
        auto second = create_task(taker(semaphore, "second", log), {.eager_start = true});
        auto third = create_task(taker(semaphore, "third", log), {.eager_start = true});
        BOOST_TEST(semaphore.repr().ends_with("waiters:3]>"));
        co_await asyncio::gather(first, second, third);
        BOOST_TEST(join(log) == "first, second, third");
    });
}

BOOST_AUTO_TEST_CASE(cancelled_waiters_neither_hold_permits_nor_places) { // LCK-11, LCK-18
    run([]() -> Coroutine<> {
        const Semaphore semaphore(1);
        Trace log;
        co_await semaphore.acquire();
        const auto tasks = holders(semaphore, {"a", "b"}, log);
        co_await ticks(1);
        tasks[0].cancel();
        tasks[1].cancel();
        semaphore.release();
        BOOST_TEST(!semaphore.locked());
        co_await semaphore.acquire();
        co_await ticks(2);
        BOOST_TEST(semaphore.repr().ends_with("[locked]>"));
        semaphore.release();
        BOOST_TEST(semaphore.repr().ends_with("[unlocked, value:1]>"));
    });
}

BOOST_AUTO_TEST_CASE(a_permit_of_a_destroyed_frame_is_given_back) { // G-10
    const Semaphore semaphore(0);
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {});
    Trace log;
    loop->run_until_complete([](Semaphore permits, Trace& names) -> Coroutine<> {
        create_task(taker(permits, "woken", names));
        create_task(taker(permits, "queued", names));
        co_await ticks(1);
    }(semaphore, log));
    semaphore.release();
    BOOST_TEST(semaphore.repr().ends_with("[locked, waiters:2]>"));
    loop->close();
    BOOST_TEST(semaphore.repr().ends_with("[unlocked, value:1]>"));
    BOOST_TEST(log.empty());
}

BOOST_AUTO_TEST_CASE(a_semaphore_belongs_to_the_loop_of_its_first_waiter) { // G-12
    const Semaphore semaphore(0);
    run([&]() -> Coroutine<> {
        auto task = create_task(semaphore.acquire());
        co_await ticks(1);
        semaphore.release();
        co_await task;
    });
    run([&]() -> Coroutine<> {
        const std::string error = co_await repr_of(semaphore.acquire());
        BOOST_TEST(error.find("is bound to a different event loop") != std::string::npos);
        semaphore.release();
        co_await semaphore.acquire();
    });
}

BOOST_AUTO_TEST_SUITE_END()
