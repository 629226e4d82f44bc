// Lock, Event, Semaphore, BoundedSemaphore: order, cancellation, loops. Condition has a file of its
// own, conditions_test.cpp; random cancellation of all of them is in sync_fuzz_test.cpp.
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
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
using asyncio::Task;

namespace {

using Log = std::vector<std::string>;

template <class F>
void run(F body) {
    const auto loop = asyncio::new_event_loop();
    loop->run_until_complete(body());
    loop->close();
}

Coroutine<> turns(int count) {
    for (int i = 0; i < count; ++i) co_await sleep(0);
}

bool says(const asyncio::BaseException& error, const char* text) {
    return error.str().find(text) != std::string::npos;
}

template <class L>
Coroutine<> holder(L lock, std::string name, Log& log) {
    try {
        const auto guard = co_await lock.scoped();
        log.push_back(name);
    } catch (const asyncio::CancelledError&) {
        log.push_back(name + " cancelled");
        throw;
    }
}

template <class L>
std::vector<Task<>> holders(L lock, const Log& names, Log& log) {
    std::vector<Task<>> tasks;
    for (const std::string& name : names) tasks.push_back(create_task(holder(lock, name, log)));
    return tasks;
}

// Acquires and keeps it.
template <class L>
Coroutine<> taker(L lock, std::string name, Log& log) {
    co_await lock.acquire();
    log.push_back(name);
}

Coroutine<> waiter(Event event, std::string name, Log& log) {
    const bool value = co_await event.wait();
    log.push_back(name + (value ? " true" : " false"));
}

Coroutine<> sleeper() { co_await sleep(3600); }

} // namespace

BOOST_AUTO_TEST_SUITE(locks)

BOOST_AUTO_TEST_CASE(release_of_a_free_lock_throws) { // LCK-02
    const Lock lock;
    BOOST_TEST(!lock.locked());
    BOOST_CHECK_EXCEPTION(lock.release(), asyncio::RuntimeError, [](const auto& error) {
        return error.str() == "Lock is not acquired.";
    });
}

BOOST_AUTO_TEST_CASE(a_free_lock_is_taken_without_a_turn_of_the_loop) { // LCK-04
    run([]() -> Coroutine<> {
        const Lock lock;
        bool turned = false;
        asyncio::get_running_loop().call_soon([&] { turned = true; });
        const bool acquired = co_await lock.acquire();
        BOOST_TEST(acquired);
        BOOST_TEST(lock.locked());
        BOOST_TEST(!turned);
    });
}

BOOST_AUTO_TEST_CASE(waiters_are_served_in_order_and_the_owner_queues_again) { // LCK-01
    run([]() -> Coroutine<> {
        const Lock lock;
        Log log;
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
        BOOST_TEST(log == (Log{"a", "b", "c", "a", "b", "a"}), boost::test_tools::per_element());
        BOOST_TEST(!lock.locked());
    });
}

BOOST_AUTO_TEST_CASE(release_frees_the_lock_but_a_newcomer_does_not_overtake) { // LCK-01, LCK-02
    run([]() -> Coroutine<> {
        const Lock lock;
        Log log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"first", "second"}, log);
        co_await turns(1);
        lock.release();
        BOOST_TEST(!lock.locked());
        co_await holder(lock, "newcomer", log);
        BOOST_TEST(log == (Log{"first", "second", "newcomer"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(release_wakes_one_waiter_in_the_next_iteration) { // LCK-02, section 0.1
    run([]() -> Coroutine<> {
        const Lock lock;
        Log log;
        co_await lock.acquire();
        auto a = create_task(taker(lock, "a", log));
        auto b = create_task(taker(lock, "b", log));
        co_await turns(1);
        lock.release();
        BOOST_TEST(log.empty());
        co_await turns(1);
        BOOST_TEST(log == Log{"a"}, boost::test_tools::per_element());
        co_await turns(3);
        BOOST_TEST(log.size() == 1u);
        lock.release();
        co_await asyncio::gather(a, b);
    });
}

BOOST_AUTO_TEST_CASE(a_newcomer_takes_the_lock_when_all_waiters_are_cancelled) { // LCK-01
    run([]() -> Coroutine<> {
        const Lock lock;
        Log log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b"}, log);
        co_await turns(1);
        for (const auto& task : tasks) task.cancel();
        lock.release();
        bool turned = false;
        asyncio::get_running_loop().call_soon([&] { turned = true; });
        co_await lock.acquire();
        BOOST_TEST(!turned);
        co_await turns(2);
        BOOST_TEST(lock.locked());
        BOOST_TEST(log == (Log{"a cancelled", "b cancelled"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_waiter_that_is_cancelled_passes_the_lock_on) { // LCK-03
    run([]() -> Coroutine<> {
        const Lock lock;
        Log log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b", "c"}, log);
        co_await turns(1);
        lock.release();
        BOOST_TEST(tasks[0].cancel());
        co_await turns(4);
        BOOST_TEST(log == (Log{"a cancelled", "b", "c"}), boost::test_tools::per_element());
        BOOST_TEST(tasks[0].cancelled());
        BOOST_TEST(!lock.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_first_waiter_delays_the_next_one_by_a_turn) { // LCK-03
    // As in Python: release() meets the cancelled waiter, which passes the lock on when it runs.
    run([]() -> Coroutine<> {
        const Lock lock;
        Log log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b"}, log);
        co_await turns(1);
        tasks[0].cancel();
        lock.release();
        co_await turns(1);
        BOOST_TEST(log == Log{"a cancelled"}, boost::test_tools::per_element());
        co_await turns(1);
        BOOST_TEST(log == (Log{"a cancelled", "b"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_queued_waiter_that_is_cancelled_wakes_nobody) { // LCK-03, LCK-18
    run([]() -> Coroutine<> {
        const Lock lock;
        Log log;
        co_await lock.acquire();
        const auto tasks = holders(lock, {"a", "b", "c"}, log);
        co_await turns(1);
        BOOST_TEST(lock.repr().ends_with("[locked, waiters:3]>"));
        tasks[1].cancel();
        co_await turns(3);
        BOOST_TEST(log == Log{"b cancelled"}, boost::test_tools::per_element());
        BOOST_TEST(lock.repr().ends_with("[locked, waiters:2]>"));
        lock.release();
        co_await turns(4);
        BOOST_TEST(log == (Log{"b cancelled", "a", "c"}), boost::test_tools::per_element());
        BOOST_TEST(lock.repr().ends_with("[unlocked]>"));
    });
}

BOOST_AUTO_TEST_CASE(blocking_binds_to_the_loop_and_taking_a_free_lock_does_not) { // G-12, LCK-04
    const Lock lock;
    const auto uncontended = [&]() -> Coroutine<> {
        const auto guard = co_await lock.scoped();
    };
    const auto contended = [&]() -> Coroutine<> {
        co_await lock.acquire();
        Log log;
        auto task = create_task(holder(lock, "waiter", log));
        co_await turns(1);
        lock.release();
        co_await task;
    };
    run(uncontended);
    run(contended);
    run(uncontended);
    run([&]() -> Coroutine<> {
        co_await lock.acquire();
        std::optional<asyncio::RuntimeError> error;
        try {
            co_await lock.acquire();
        } catch (const asyncio::RuntimeError& caught) {
            error = caught;
        }
        BOOST_REQUIRE(error.has_value());
        BOOST_TEST(says(*error, "is bound to a different event loop"));
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
        try {
            const auto guard = co_await lock.scoped();
            throw asyncio::ValueError("out");
        } catch (const asyncio::ValueError&) {
        }
        BOOST_TEST(!lock.locked());
        auto early = co_await lock.scoped();
        auto moved = std::move(early);
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
            co_await turns(2);
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
        BOOST_CHECK_THROW(co_await asyncio::async_with(semaphore,
                                                       [&]() -> Coroutine<> {
                                                           BOOST_TEST(semaphore.locked());
                                                           throw asyncio::ValueError("out");
                                                           co_return;
                                                       }),
                          asyncio::ValueError);
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
        BOOST_CHECK_THROW(co_await asyncio::wait_for(lock.acquire(), 0.001),
                          asyncio::TimeoutError);
        lock.release();
        const bool again = co_await asyncio::wait_for(Lock(lock).acquire(), 1);
        BOOST_TEST(again);
    });
}

// ---- Event ---------------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(set_wakes_everybody_in_order_even_if_cleared_at_once) { // LCK-05
    run([]() -> Coroutine<> {
        const Event event;
        Log log;
        auto a = create_task(waiter(event, "a", log));
        auto b = create_task(waiter(event, "b", log));
        co_await turns(1);
        event.set();
        event.clear();
        auto late = create_task(waiter(event, "late", log));
        co_await turns(3);
        BOOST_TEST(log == (Log{"a true", "b true"}), boost::test_tools::per_element());
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
        bool turned = false;
        asyncio::get_running_loop().call_soon([&] { turned = true; });
        const bool value = co_await event.wait();
        BOOST_TEST(value);
        BOOST_TEST(!turned);
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_event_waiter_leaves_and_the_others_stay) { // LCK-05, LCK-18
    run([]() -> Coroutine<> {
        const Event event;
        Log log;
        auto queued = create_task(waiter(event, "queued", log));
        auto woken = create_task(waiter(event, "woken", log));
        auto other = create_task(waiter(event, "other", log));
        co_await turns(1);
        queued.cancel();
        co_await turns(2);
        BOOST_TEST(queued.cancelled());
        BOOST_TEST(event.repr().ends_with("[unset, waiters:2]>"));
        event.set();
        woken.cancel();
        co_await turns(2);
        BOOST_TEST(woken.cancelled());
        BOOST_TEST(log == Log{"other true"}, boost::test_tools::per_element());
        BOOST_TEST(event.repr().ends_with("[set]>"));
    });
}

BOOST_AUTO_TEST_CASE(an_event_belongs_to_the_loop_of_its_first_waiter) { // G-12
    const Event event;
    run([&]() -> Coroutine<> {
        auto task = create_task(event.wait());
        co_await turns(1);
        event.set();
        co_await task;
    });
    run([&]() -> Coroutine<> {
        co_await event.wait();
        event.clear();
        BOOST_CHECK_EXCEPTION(co_await event.wait(), asyncio::RuntimeError, [](const auto& error) {
            return says(error, "is bound to a different event loop");
        });
    });
}

// ---- Semaphore -----------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(a_negative_value_is_refused) { // LCK-13
    const auto refused = [](const auto& error) {
        return error.str() == "Semaphore initial value must be >= 0";
    };
    BOOST_CHECK_EXCEPTION(Semaphore(-1), asyncio::ValueError, refused);
    BOOST_CHECK_EXCEPTION(asyncio::BoundedSemaphore(-1), asyncio::ValueError, refused);
    BOOST_TEST(Semaphore(0).locked());
    BOOST_TEST(!Semaphore().locked());
}

BOOST_AUTO_TEST_CASE(only_a_bounded_semaphore_limits_release) { // LCK-13
    run([]() -> Coroutine<> {
        const asyncio::BoundedSemaphore bounded(2);
        co_await bounded.acquire();
        const Semaphore same = bounded; // still bounded, like an object of a Python subclass
        same.release();
        BOOST_CHECK_EXCEPTION(same.release(), asyncio::ValueError, [](const auto& error) {
            return error.str() == "BoundedSemaphore released too many times";
        });
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
        Log log;
        auto first = create_task(taker(semaphore, "first", log));
        co_await turns(1);
        semaphore.release();
        semaphore.release();
        BOOST_TEST(semaphore.locked()); // a permit is left, but the waiter has not run yet
        BOOST_TEST(semaphore.repr().ends_with("[locked, waiters:1]>"));
        co_await taker(semaphore, "newcomer", log);
        BOOST_TEST(log == (Log{"first", "newcomer"}), boost::test_tools::per_element());
        BOOST_TEST(semaphore.locked());
        co_await first;
    });
}

BOOST_AUTO_TEST_CASE(several_releases_wake_several_waiters_in_order) { // LCK-12
    run([]() -> Coroutine<> {
        const Semaphore semaphore(0);
        Log log;
        std::vector<Task<>> tasks;
        for (const char* name : {"a", "b", "c", "d"})
            tasks.push_back(create_task(taker(semaphore, name, log)));
        co_await turns(1);
        for (int i = 0; i < 3; ++i) semaphore.release();
        co_await turns(1);
        BOOST_TEST(log == (Log{"a", "b", "c"}), boost::test_tools::per_element());
        BOOST_TEST(!tasks[3].done());
        semaphore.release();
        co_await tasks[3];
        BOOST_TEST(semaphore.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_waiter_that_is_cancelled_gives_its_permit_to_the_next) { // LCK-12
    run([]() -> Coroutine<> {
        const Semaphore semaphore(0);
        Log log;
        const auto tasks = holders(semaphore, {"a", "b", "c"}, log);
        co_await turns(1);
        semaphore.release();
        semaphore.release();
        tasks[0].cancel();
        tasks[1].cancel();
        co_await turns(4);
        BOOST_TEST(log == (Log{"a cancelled", "b cancelled", "c"}),
                   boost::test_tools::per_element());
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
        Log log;
        auto first = create_task(taker(semaphore, "first", log));
        co_await turns(1);
        semaphore.release();
        semaphore.release();
        semaphore.release();
        // Both queue while two permits are free, because `first` was woken and has not run.
        auto second = create_task(taker(semaphore, "second", log), {.eager_start = true});
        auto third = create_task(taker(semaphore, "third", log), {.eager_start = true});
        BOOST_TEST(semaphore.repr().ends_with("waiters:3]>"));
        co_await asyncio::gather(first, second, third);
        BOOST_TEST(log == (Log{"first", "second", "third"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(cancelled_waiters_neither_hold_permits_nor_places) { // LCK-11, LCK-18
    run([]() -> Coroutine<> {
        const Semaphore semaphore(1);
        Log log;
        co_await semaphore.acquire();
        const auto tasks = holders(semaphore, {"a", "b"}, log);
        co_await turns(1);
        tasks[0].cancel();
        tasks[1].cancel();
        semaphore.release();
        BOOST_TEST(!semaphore.locked());
        co_await semaphore.acquire();
        co_await turns(2);
        BOOST_TEST(semaphore.repr().ends_with("[locked]>"));
        semaphore.release();
        BOOST_TEST(semaphore.repr().ends_with("[unlocked, value:1]>"));
    });
}

BOOST_AUTO_TEST_CASE(a_permit_of_a_destroyed_frame_is_given_back) { // G-10
    const Semaphore semaphore(0);
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {});
    Log log;
    loop->run_until_complete([](Semaphore permits, Log& names) -> Coroutine<> {
        create_task(taker(permits, "woken", names));
        create_task(taker(permits, "queued", names));
        co_await turns(1);
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
        co_await turns(1);
        semaphore.release();
        co_await task;
    });
    run([&]() -> Coroutine<> {
        BOOST_CHECK_EXCEPTION(co_await semaphore.acquire(), asyncio::RuntimeError,
                              [](const auto& error) {
                                  return says(error, "is bound to a different event loop");
                              });
        semaphore.release();
        co_await semaphore.acquire();
    });
}

BOOST_AUTO_TEST_CASE(a_waiting_task_can_be_dropped) {
    run([]() -> Coroutine<> {
        create_task(sleeper()).cancel();
        const Lock lock;
        co_await lock.acquire();
        create_task(Lock(lock).acquire()).cancel();
        co_await turns(2);
        BOOST_TEST(lock.locked());
    });
}

BOOST_AUTO_TEST_SUITE_END()
