// Queue: order, limits, join, shutdown, cancellation. The other kinds are in queue_kinds_test.cpp.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::Queue;
using asyncio::sleep;
using asyncio::Task;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

Coroutine<> getter(Queue<int> queue, std::string name, Trace& log) {
    try {
        const int item = co_await queue.get();
        log.push_back(name + " got " + std::to_string(item));
    } catch (const asyncio::QueueShutDown&) {
        log.push_back(name + " shut down");
    } catch (const asyncio::CancelledError&) {
        log.push_back(name + " cancelled");
        throw;
    }
}

Coroutine<> putter(Queue<int> queue, int item, Trace& log) {
    try {
        co_await queue.put(item);
        log.push_back("put " + std::to_string(item));
    } catch (const asyncio::QueueShutDown&) {
        log.push_back("refused " + std::to_string(item));
    }
}

std::vector<Task<>> getters(Queue<int> queue, const Trace& names, Trace& log) {
    std::vector<Task<>> tasks;
    for (const std::string& name : names) tasks.push_back(create_task(getter(queue, name, log)));
    return tasks;
}

std::vector<Task<>> putters(Queue<int> queue, const std::vector<int>& items, Trace& log) {
    std::vector<Task<>> tasks;
    for (const int item : items) tasks.push_back(create_task(putter(queue, item, log)));
    return tasks;
}

Coroutine<> joiner(Queue<int> queue, Trace& log) {
    co_await queue.join();
    log.push_back("joined");
}

std::vector<int> drain(const Queue<int>& queue) {
    std::vector<int> items;
    while (!queue.empty()) items.push_back(queue.get_nowait());
    return items;
}

} // namespace

BOOST_AUTO_TEST_SUITE(queues)

BOOST_AUTO_TEST_CASE(getters_are_served_in_order_and_one_put_wakes_one) { // QUE-01
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Trace log;
        const auto tasks = getters(queue, {"a", "b", "c"}, log);
        co_await ticks(1);
        queue.put_nowait(1);
        queue.put_nowait(2);
        BOOST_TEST(queue.qsize() == 2u); // nobody ran yet
        co_await ticks(1);
        BOOST_TEST(join(log) == "a got 1, b got 2");
        co_await ticks(3);
        BOOST_TEST(!tasks[2].done());
        co_await queue.put(3);
        co_await tasks[2];
        BOOST_TEST(log.back() == "c got 3");
    });
}

BOOST_AUTO_TEST_CASE(putters_are_served_in_order_and_one_get_wakes_one) { // QUE-01
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        BOOST_TEST(queue.maxsize() == 1);
        queue.put_nowait(0);
        BOOST_TEST(queue.full());
        Trace log;
        const auto tasks = putters(queue, {1, 2, 3}, log);
        co_await ticks(2);
        BOOST_TEST(log.empty());
        for (int expected = 0; expected < 4; ++expected) {
            BOOST_TEST(queue.get_nowait() == expected);
            co_await ticks(2);
            BOOST_TEST(log.size() == static_cast<std::size_t>(std::min(expected + 1, 3)));
            BOOST_TEST(queue.qsize() <= 1u);
        }
        BOOST_TEST(join(log) == "put 1, put 2, put 3");
    });
}

BOOST_AUTO_TEST_CASE(a_woken_getter_whose_item_was_taken_waits_again_at_the_back) { // QUE-02
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Trace log;
        const auto first = getters(queue, {"a"}, log);
        co_await ticks(1);
        const auto second = getters(queue, {"b"}, log);
        queue.put_nowait(1);
        BOOST_TEST(queue.get_nowait() == 1); // before `a` runs
        co_await ticks(1);                   // `b` comes, then `a` looks and waits behind it
        BOOST_TEST(queue.repr().find("_getters[2]") != std::string::npos);
        const auto third = getters(queue, {"c"}, log);
        co_await ticks(1);
        // Now b, a, c. `b` is woken and loses its item as well: a, c, b.
        queue.put_nowait(2);
        BOOST_TEST(queue.get_nowait() == 2);
        co_await ticks(2);
        for (const int item : {3, 4, 5}) queue.put_nowait(item);
        co_await ticks(1);
        BOOST_TEST(join(log) == "a got 3, c got 4, b got 5");
    });
}

BOOST_AUTO_TEST_CASE(a_woken_getter_may_find_an_item_that_came_later) { // QUE-02
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Trace log;
        const auto tasks = getters(queue, {"a"}, log);
        co_await ticks(1);
        queue.put_nowait(1);
        BOOST_TEST(queue.get_nowait() == 1);
        queue.put_nowait(2); // wakes nobody: `a` is woken already
        co_await ticks(1);
        BOOST_TEST(join(log) == "a got 2");
    });
}

BOOST_AUTO_TEST_CASE(a_woken_putter_whose_room_was_taken_waits_again) { // QUE-02
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        queue.put_nowait(0);
        Trace log;
        const auto tasks = putters(queue, {1, 2}, log);
        co_await ticks(1);
        BOOST_TEST(queue.get_nowait() == 0);
        queue.put_nowait(10); // before the first putter runs
        co_await ticks(3);
        BOOST_TEST(log.empty());
        BOOST_TEST(queue.get_nowait() == 10);
        co_await ticks(2);
        BOOST_TEST(join(log) == "put 2");
        BOOST_TEST(queue.get_nowait() == 2);
        co_await ticks(2);
        BOOST_TEST(queue.get_nowait() == 1);
    });
}

BOOST_AUTO_TEST_CASE(cancelling_a_woken_getter_that_has_nothing_to_get_ends_it) { // QUE-02, QUE-03
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Trace log;
        const auto tasks = getters(queue, {"a", "b"}, log);
        co_await ticks(1);
        queue.put_nowait(1);
        BOOST_TEST(queue.get_nowait() == 1);
        tasks[0].cancel();
        co_await ticks(2);
        BOOST_TEST(join(log) == "a cancelled");
        // A getter that waits again is an ordinary waiting getter.
        queue.put_nowait(2);
        BOOST_TEST(queue.get_nowait() == 2);
        co_await ticks(2);
        tasks[1].cancel();
        co_await ticks(2);
        BOOST_TEST(log.back() == "b cancelled");
        BOOST_TEST(queue.repr().find("_getters") == std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_woken_getter_that_is_cancelled_passes_the_item_on) { // QUE-03
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Trace log;
        const auto tasks = getters(queue, {"a", "b", "c"}, log);
        co_await ticks(1);
        tasks[1].cancel();
        queue.put_nowait(1);
        tasks[0].cancel();
        co_await ticks(4);
        BOOST_TEST(join(log) == "b cancelled, a cancelled, c got 1");
        BOOST_TEST(queue.empty());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_putter_that_is_cancelled_passes_the_room_on) { // QUE-03
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        queue.put_nowait(0);
        Trace log;
        const auto tasks = putters(queue, {1, 2}, log);
        co_await ticks(1);
        BOOST_TEST(queue.get_nowait() == 0);
        tasks[0].cancel();
        co_await ticks(4);
        BOOST_TEST(tasks[0].cancelled());
        BOOST_TEST(join(log) == "put 2");
        BOOST_TEST(drain(queue) == std::vector<int>{2}, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(cancelled_getters_and_putters_leave_nothing_behind) { // QUE-03, LCK-18
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        for (int i = 0; i < 100; ++i)
            BOOST_CHECK_THROW(co_await asyncio::wait_for(queue.get(), 0), asyncio::TimeoutError);
        queue.put_nowait(1);
        for (int i = 0; i < 100; ++i) {
            auto task = create_task(queue.put(2));
            co_await ticks(1);
            task.cancel();
            co_await ticks(1);
        }
        BOOST_TEST(queue.repr().ends_with("[maxsize=1 _queue[1] tasks=1]>"));
        BOOST_TEST(queue.get_nowait() == 1);
        BOOST_TEST(queue.empty());
    });
}

BOOST_AUTO_TEST_CASE(with_room_and_items_nothing_suspends) { // QUE-04
    run([]() -> Coroutine<> {
        const Queue<int> queue(2);
        const auto turned = std::make_shared<bool>(false);
        asyncio::get_running_loop().call_soon([turned] { *turned = true; });
        co_await queue.put(1);
        co_await queue.put(2);
        const int a = co_await queue.get();
        const int b = co_await queue.get();
        BOOST_TEST(a == 1);
        BOOST_TEST(b == 2);
        BOOST_TEST(!*turned);
    });
}

BOOST_AUTO_TEST_CASE(the_nowait_forms_throw_instead_of_waiting) { // QUE-05
    const Queue<int> queue(1);
    BOOST_CHECK_THROW(queue.get_nowait(), asyncio::QueueEmpty);
    queue.put_nowait(1);
    BOOST_CHECK_THROW(queue.put_nowait(2), asyncio::QueueFull);
    BOOST_TEST(queue.get_nowait() == 1);
    const Queue<int> unbounded(-1);
    for (int i = 0; i < 5000; ++i) unbounded.put_nowait(i);
    BOOST_TEST(!unbounded.full());
    for (int i = 0; i < 5000; ++i) BOOST_REQUIRE(unbounded.get_nowait() == i);
}

BOOST_AUTO_TEST_CASE(join_waits_until_every_item_is_done) { // QUE-06
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        const std::string too_many = "ValueError('task_done() called too many times')";
        BOOST_TEST(error_of([&] { queue.task_done(); }) == too_many);
        const auto turned = std::make_shared<bool>(false);
        asyncio::get_running_loop().call_soon([turned] { *turned = true; });
        co_await queue.join();
        BOOST_TEST(!*turned);
        Trace log;
        for (int i = 0; i < 2; ++i) queue.put_nowait(i);
        auto task = create_task(joiner(queue, log));
        BOOST_TEST(drain(queue).size() == 2u);
        co_await ticks(2);
        queue.task_done();
        co_await ticks(2);
        BOOST_TEST(log.empty());
        queue.task_done();
        queue.put_nowait(3); // comes too late for who joined before
        co_await task;
        BOOST_TEST(log.size() == 1u);
        queue.task_done();
        BOOST_TEST(error_of([&] { queue.task_done(); }) == too_many);
    });
}

BOOST_AUTO_TEST_CASE(shutdown_refuses_puts_and_lets_gets_drain_the_rest) { // QUE-07
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        queue.put_nowait(1);
        Trace log;
        const auto tasks = putters(queue, {2, 3}, log);
        co_await ticks(1);
        queue.shutdown();
        BOOST_CHECK_THROW(queue.put_nowait(4), asyncio::QueueShutDown); // not QueueFull
        BOOST_CHECK_THROW(co_await queue.put(4), asyncio::QueueShutDown);
        co_await asyncio::gather(tasks);
        BOOST_TEST(join(log) == "refused 2, refused 3");
        const int rest = co_await queue.get();
        BOOST_TEST(rest == 1);
        BOOST_CHECK_THROW(co_await queue.get(), asyncio::QueueShutDown);
        BOOST_CHECK_THROW(queue.get_nowait(), asyncio::QueueShutDown);
        BOOST_CHECK_THROW(queue.put_nowait(5), asyncio::QueueShutDown);
    });
}

BOOST_AUTO_TEST_CASE(shutdown_wakes_who_waits_for_an_item) { // QUE-07
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Trace log;
        const auto tasks = getters(queue, {"a", "b", "c"}, log);
        co_await ticks(1);
        queue.put_nowait(1);
        queue.shutdown();
        BOOST_TEST(log.empty());
        co_await asyncio::gather(tasks);
        BOOST_TEST(join(log) == "a got 1, b shut down, c shut down");
    });
}

BOOST_AUTO_TEST_CASE(immediate_shutdown_drops_the_items_and_counts_them_as_done) { // QUE-08
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        for (int i = 0; i < 3; ++i) queue.put_nowait(i);
        BOOST_TEST(queue.get_nowait() == 0);
        Trace log;
        auto task = create_task(joiner(queue, log));
        co_await ticks(1);
        queue.shutdown(true);
        BOOST_TEST(queue.empty());
        co_await ticks(2);
        BOOST_TEST(log.empty()); // the item that was taken is not done
        queue.shutdown();
        queue.shutdown(true);
        queue.task_done();
        co_await task;
        BOOST_CHECK_THROW(co_await queue.get(), asyncio::QueueShutDown);
        BOOST_CHECK_THROW(queue.task_done(), asyncio::ValueError);

        const Queue<int> untouched;
        untouched.put_nowait(1);
        auto joined = create_task(joiner(untouched, log));
        co_await ticks(1);
        untouched.shutdown(true);
        co_await joined;
        BOOST_TEST(log.size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(it_belongs_to_the_loop_of_the_first_that_waits) { // G-12
    const Queue<int> queue;
    run([&]() -> Coroutine<> {
        co_await queue.put(1);
        co_await queue.get();
    });
    run([&]() -> Coroutine<> {
        auto task = create_task(queue.get());
        co_await ticks(1);
        queue.put_nowait(1);
        co_await task;
    });
    run([&]() -> Coroutine<> {
        const std::string error = co_await repr_of(queue.get());
        BOOST_TEST(error.find("is bound to a different event loop") != std::string::npos);
        co_await queue.put(1);
        const int item = co_await queue.get();
        BOOST_TEST(item == 1);
    });
}

BOOST_AUTO_TEST_CASE(frames_destroyed_with_their_loop_take_themselves_out) { // G-10
    const Queue<int> queue(1);
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {});
    Trace log;
    loop->run_until_complete([](Queue<int> shared, Trace& names) -> Coroutine<> {
        const auto waiting = getters(shared, {"a", "b"}, names);
        co_await ticks(1);
    }(queue, log));
    queue.put_nowait(1); // wakes a task that never runs
    loop->close();
    BOOST_TEST(log.empty());
    BOOST_TEST(queue.repr().ends_with("[maxsize=1 _queue[1] tasks=1]>"));
    BOOST_TEST(queue.get_nowait() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
