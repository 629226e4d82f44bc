// Queue, PriorityQueue, LifoQueue: order, limits, join, shutdown, cancellation.
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::LifoQueue;
using asyncio::PriorityQueue;
using asyncio::Queue;
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

Coroutine<> getter(Queue<int> queue, std::string name, Log& log) {
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

Coroutine<> putter(Queue<int> queue, int item, Log& log) {
    try {
        co_await queue.put(item);
        log.push_back("put " + std::to_string(item));
    } catch (const asyncio::QueueShutDown&) {
        log.push_back("refused " + std::to_string(item));
    }
}

std::vector<Task<>> getters(Queue<int> queue, const Log& names, Log& log) {
    std::vector<Task<>> tasks;
    for (const std::string& name : names) tasks.push_back(create_task(getter(queue, name, log)));
    return tasks;
}

std::vector<Task<>> putters(Queue<int> queue, const std::vector<int>& items, Log& log) {
    std::vector<Task<>> tasks;
    for (const int item : items) tasks.push_back(create_task(putter(queue, item, log)));
    return tasks;
}

Coroutine<> joiner(Queue<int> queue, Log& log) {
    co_await queue.join();
    log.push_back("joined");
}

std::vector<int> drain(const Queue<int>& queue) {
    std::vector<int> items;
    while (!queue.empty()) items.push_back(queue.get_nowait());
    return items;
}

// Throws from the comparison it is told to.
struct Comparing {
    std::shared_ptr<int> left; // comparisons until the exception
    bool operator()(int a, int b) const {
        if (--*left == 0) throw asyncio::ValueError("cannot compare");
        return a < b;
    }
};

struct ByKey {
    template <class T>
    bool operator()(const T& a, const T& b) const {
        return a.first < b.first;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(queues)

BOOST_AUTO_TEST_CASE(getters_are_served_in_order_and_one_put_wakes_one) { // QUE-01
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Log log;
        const auto tasks = getters(queue, {"a", "b", "c"}, log);
        co_await turns(1);
        queue.put_nowait(1);
        queue.put_nowait(2);
        BOOST_TEST(queue.qsize() == 2u); // nobody ran yet
        co_await turns(1);
        BOOST_TEST(log == (Log{"a got 1", "b got 2"}), boost::test_tools::per_element());
        co_await turns(3);
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
        Log log;
        const auto tasks = putters(queue, {1, 2, 3}, log);
        co_await turns(2);
        BOOST_TEST(log.empty());
        for (int expected = 0; expected < 4; ++expected) {
            BOOST_TEST(queue.get_nowait() == expected);
            co_await turns(2);
            BOOST_TEST(log.size() == static_cast<std::size_t>(std::min(expected + 1, 3)));
            BOOST_TEST(queue.qsize() <= 1u);
        }
        BOOST_TEST(log == (Log{"put 1", "put 2", "put 3"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_getter_whose_item_was_taken_waits_again_at_the_back) { // QUE-02
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Log log;
        const auto first = getters(queue, {"a"}, log);
        co_await turns(1);
        const auto second = getters(queue, {"b"}, log);
        queue.put_nowait(1);
        BOOST_TEST(queue.get_nowait() == 1); // before `a` runs
        co_await turns(1);                   // `b` comes, then `a` looks and waits behind it
        BOOST_TEST(queue.repr().find("_getters[2]") != std::string::npos);
        const auto third = getters(queue, {"c"}, log);
        co_await turns(1);
        // Now b, a, c. `b` is woken and loses its item as well: a, c, b.
        queue.put_nowait(2);
        BOOST_TEST(queue.get_nowait() == 2);
        co_await turns(2);
        for (const int item : {3, 4, 5}) queue.put_nowait(item);
        co_await turns(1);
        BOOST_TEST(log == (Log{"a got 3", "c got 4", "b got 5"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_getter_may_find_an_item_that_came_later) { // QUE-02
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Log log;
        const auto tasks = getters(queue, {"a"}, log);
        co_await turns(1);
        queue.put_nowait(1);
        BOOST_TEST(queue.get_nowait() == 1);
        queue.put_nowait(2); // wakes nobody: `a` is woken already
        co_await turns(1);
        BOOST_TEST(log == Log{"a got 2"}, boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_putter_whose_room_was_taken_waits_again) { // QUE-02
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        queue.put_nowait(0);
        Log log;
        const auto tasks = putters(queue, {1, 2}, log);
        co_await turns(1);
        BOOST_TEST(queue.get_nowait() == 0);
        queue.put_nowait(10); // before the first putter runs
        co_await turns(3);
        BOOST_TEST(log.empty());
        BOOST_TEST(queue.get_nowait() == 10);
        co_await turns(2);
        BOOST_TEST(log == Log{"put 2"}, boost::test_tools::per_element());
        BOOST_TEST(queue.get_nowait() == 2);
        co_await turns(2);
        BOOST_TEST(queue.get_nowait() == 1);
    });
}

BOOST_AUTO_TEST_CASE(cancelling_a_woken_getter_that_has_nothing_to_get_ends_it) { // QUE-02, QUE-03
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Log log;
        const auto tasks = getters(queue, {"a", "b"}, log);
        co_await turns(1);
        queue.put_nowait(1);
        BOOST_TEST(queue.get_nowait() == 1);
        tasks[0].cancel();
        co_await turns(2);
        BOOST_TEST(log == Log{"a cancelled"}, boost::test_tools::per_element());
        // A getter that waits again is an ordinary waiting getter.
        queue.put_nowait(2);
        BOOST_TEST(queue.get_nowait() == 2);
        co_await turns(2);
        tasks[1].cancel();
        co_await turns(2);
        BOOST_TEST(log.back() == "b cancelled");
        BOOST_TEST(queue.repr().find("_getters") == std::string::npos);
    });
}

BOOST_AUTO_TEST_CASE(a_woken_getter_that_is_cancelled_passes_the_item_on) { // QUE-03
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        Log log;
        const auto tasks = getters(queue, {"a", "b", "c"}, log);
        co_await turns(1);
        tasks[1].cancel();
        queue.put_nowait(1);
        tasks[0].cancel();
        co_await turns(4);
        BOOST_TEST(log == (Log{"b cancelled", "a cancelled", "c got 1"}),
                   boost::test_tools::per_element());
        BOOST_TEST(queue.empty());
    });
}

BOOST_AUTO_TEST_CASE(a_woken_putter_that_is_cancelled_passes_the_room_on) { // QUE-03
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        queue.put_nowait(0);
        Log log;
        const auto tasks = putters(queue, {1, 2}, log);
        co_await turns(1);
        BOOST_TEST(queue.get_nowait() == 0);
        tasks[0].cancel();
        co_await turns(4);
        BOOST_TEST(tasks[0].cancelled());
        BOOST_TEST(log == Log{"put 2"}, boost::test_tools::per_element());
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
            co_await turns(1);
            task.cancel();
            co_await turns(1);
        }
        BOOST_TEST(queue.repr().ends_with("[maxsize=1 _queue[1] tasks=1]>"));
        BOOST_TEST(queue.get_nowait() == 1);
        BOOST_TEST(queue.empty());
    });
}

BOOST_AUTO_TEST_CASE(with_room_and_items_nothing_suspends) { // QUE-04
    run([]() -> Coroutine<> {
        const Queue<int> queue(2);
        bool turned = false;
        asyncio::get_running_loop().call_soon([&] { turned = true; });
        co_await queue.put(1);
        co_await queue.put(2);
        const int a = co_await queue.get();
        const int b = co_await queue.get();
        BOOST_TEST(a == 1);
        BOOST_TEST(b == 2);
        BOOST_TEST(!turned);
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
        const auto too_many = [](const auto& error) {
            return error.str() == "task_done() called too many times";
        };
        BOOST_CHECK_EXCEPTION(queue.task_done(), asyncio::ValueError, too_many);
        bool turned = false;
        asyncio::get_running_loop().call_soon([&] { turned = true; });
        co_await queue.join();
        BOOST_TEST(!turned);
        Log log;
        for (int i = 0; i < 2; ++i) queue.put_nowait(i);
        auto task = create_task(joiner(queue, log));
        BOOST_TEST(drain(queue).size() == 2u);
        co_await turns(2);
        queue.task_done();
        co_await turns(2);
        BOOST_TEST(log.empty());
        queue.task_done();
        queue.put_nowait(3); // comes too late for who joined before
        co_await task;
        BOOST_TEST(log.size() == 1u);
        queue.task_done();
        BOOST_CHECK_EXCEPTION(queue.task_done(), asyncio::ValueError, too_many);
    });
}

BOOST_AUTO_TEST_CASE(shutdown_refuses_puts_and_lets_gets_drain_the_rest) { // QUE-07
    run([]() -> Coroutine<> {
        const Queue<int> queue(1);
        queue.put_nowait(1);
        Log log;
        const auto tasks = putters(queue, {2, 3}, log);
        co_await turns(1);
        queue.shutdown();
        BOOST_CHECK_THROW(queue.put_nowait(4), asyncio::QueueShutDown); // not QueueFull
        BOOST_CHECK_THROW(co_await queue.put(4), asyncio::QueueShutDown);
        co_await asyncio::gather(tasks);
        BOOST_TEST(log == (Log{"refused 2", "refused 3"}), boost::test_tools::per_element());
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
        Log log;
        const auto tasks = getters(queue, {"a", "b", "c"}, log);
        co_await turns(1);
        queue.put_nowait(1);
        queue.shutdown();
        BOOST_TEST(log.empty());
        co_await asyncio::gather(tasks);
        BOOST_TEST(log == (Log{"a got 1", "b shut down", "c shut down"}),
                   boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(immediate_shutdown_drops_the_items_and_counts_them_as_done) { // QUE-08
    run([]() -> Coroutine<> {
        const Queue<int> queue;
        for (int i = 0; i < 3; ++i) queue.put_nowait(i);
        BOOST_TEST(queue.get_nowait() == 0);
        Log log;
        auto task = create_task(joiner(queue, log));
        co_await turns(1);
        queue.shutdown(true);
        BOOST_TEST(queue.empty());
        co_await turns(2);
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
        co_await turns(1);
        untouched.shutdown(true);
        co_await joined;
        BOOST_TEST(log.size() == 2u);
    });
}

BOOST_AUTO_TEST_CASE(immediate_shutdown_destroys_the_items) { // QUE-08
    const auto item = std::make_shared<int>(1);
    const Queue<std::shared_ptr<int>> fifo;
    const LifoQueue<std::shared_ptr<int>> lifo;
    const PriorityQueue<std::shared_ptr<int>> heap;
    for (int i = 0; i < 3; ++i) {
        fifo.put_nowait(item);
        lifo.put_nowait(item);
        heap.put_nowait(item);
    }
    BOOST_TEST(item.use_count() == 10);
    fifo.shutdown(true);
    lifo.shutdown(true);
    heap.shutdown(true);
    BOOST_TEST(item.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(priority_and_lifo_order) { // QUE-09
    const PriorityQueue<int> heap;
    const LifoQueue<int> stack;
    const PriorityQueue<int, std::greater<int>> largest;
    for (const int item : {5, 1, 4, 1, 3}) {
        heap.put_nowait(item);
        stack.put_nowait(item);
        largest.put_nowait(item);
    }
    BOOST_TEST(drain(heap) == (std::vector{1, 1, 3, 4, 5}), boost::test_tools::per_element());
    BOOST_TEST(drain(stack) == (std::vector{3, 1, 4, 1, 5}), boost::test_tools::per_element());
    BOOST_TEST(drain(largest) == (std::vector{5, 4, 3, 1, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(equal_priorities_leave_in_the_order_of_heapq) { // QUE-09
    // heapq gives this order for class K with `__lt__ = lambda a, b: a.key < b.key`.
    using Item = std::pair<int, int>;
    const PriorityQueue<Item, ByKey> heap;
    for (int i = 0; i < 12; ++i) heap.put_nowait(Item(i % 3, i));
    std::vector<int> order;
    while (!heap.empty()) order.push_back(heap.get_nowait().second);
    BOOST_TEST(order == (std::vector{0, 6, 3, 9, 4, 10, 1, 7, 2, 5, 8, 11}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_comparison_that_throws_changes_nothing) { // QUE-09
    for (int nth = 1; nth < 30; ++nth) {
        const auto left = std::make_shared<int>(0);
        const PriorityQueue<int, Comparing> heap(0, Comparing{left});
        const std::vector<int> items{9, 3, 7, 1, 8, 2, 6, 4, 5, 0};
        std::vector<int> accepted;
        *left = nth;
        for (const int item : items) {
            try {
                heap.put_nowait(item);
                accepted.push_back(item);
            } catch (const asyncio::ValueError&) {
            }
            BOOST_TEST(heap.qsize() == accepted.size());
        }
        std::vector<int> got;
        *left = nth;
        while (!heap.empty()) {
            const std::size_t before = heap.qsize();
            try {
                got.push_back(heap.get_nowait());
            } catch (const asyncio::ValueError&) {
                BOOST_TEST(heap.qsize() == before);
            }
        }
        std::ranges::sort(accepted);
        BOOST_TEST(got == accepted, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_woken_getter_that_fails_to_compare_passes_the_item_on) { // QUE-03, QUE-09
    run([]() -> Coroutine<> {
        const auto left = std::make_shared<int>(0);
        const PriorityQueue<int, Comparing> heap(0, Comparing{left});
        Log log;
        auto failing = create_task(heap.get());
        const auto tasks = getters(heap, {"b", "c", "d"}, log);
        co_await turns(1);
        for (const int item : {3, 1, 2}) heap.put_nowait(item);
        *left = 1;
        BOOST_CHECK_THROW(co_await failing, asyncio::ValueError);
        co_await asyncio::gather(tasks);
        BOOST_TEST(log == (Log{"b got 1", "c got 2", "d got 3"}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(a_kind_of_queue_passes_for_a_queue) {
    run([]() -> Coroutine<> {
        const PriorityQueue<int> heap;
        const Queue<int> same = heap;
        BOOST_TEST((same == heap));
        const std::unordered_set<Queue<int>> set{heap, same, Queue<int>()};
        BOOST_TEST(set.size() == 2u);
        co_await same.put(2);
        co_await heap.put(1);
        const int item = co_await same.get();
        BOOST_TEST(item == 1);
    });
}

BOOST_AUTO_TEST_CASE(items_may_be_move_only_and_of_any_type) {
    run([]() -> Coroutine<> {
        const Queue<std::unique_ptr<int>> pointers(1);
        auto blocked = create_task(pointers.get());
        co_await turns(1);
        co_await pointers.put(std::make_unique<int>(1));
        const auto first = co_await std::move(blocked);
        BOOST_TEST(*first == 1);
        const Queue<std::string> texts;
        co_await texts.put("literal");
        const std::string named(100, 'x');
        co_await texts.put(named);
        const std::string a = co_await texts.get();
        const std::string b = co_await texts.get();
        BOOST_TEST(a == "literal");
        BOOST_TEST((b == named));
        const PriorityQueue<std::pair<int, std::string>> jobs;
        co_await jobs.put({2, "later"});
        co_await jobs.put({1, "now"});
        const auto job = co_await jobs.get();
        BOOST_TEST(job.second == "now");
        const Queue<std::function<int()>> functions;
        co_await functions.put([] { return 7; });
        const auto function = co_await functions.get();
        BOOST_TEST(function() == 7);
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
        co_await turns(1);
        queue.put_nowait(1);
        co_await task;
    });
    run([&]() -> Coroutine<> {
        BOOST_CHECK_EXCEPTION(co_await queue.get(), asyncio::RuntimeError, [](const auto& error) {
            return error.str().find("is bound to a different event loop") != std::string::npos;
        });
        co_await queue.put(1);
        const int item = co_await queue.get();
        BOOST_TEST(item == 1);
    });
}

BOOST_AUTO_TEST_CASE(frames_destroyed_with_their_loop_take_themselves_out) { // G-10
    const Queue<int> queue(1);
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {});
    Log log;
    loop->run_until_complete([](Queue<int> shared, Log& names) -> Coroutine<> {
        const auto waiting = getters(shared, {"a", "b"}, names);
        co_await turns(1);
    }(queue, log));
    queue.put_nowait(1); // wakes a task that never runs
    loop->close();
    BOOST_TEST(log.empty());
    BOOST_TEST(queue.repr().ends_with("[maxsize=1 _queue[1] tasks=1]>"));
    BOOST_TEST(queue.get_nowait() == 1);
}

BOOST_AUTO_TEST_CASE(put_threadsafe_wakes_the_loop_and_waits_for_room) { // QUE-10
    run([]() -> Coroutine<> {
        const Queue<int> queue(2);
        auto& loop = asyncio::get_running_loop();
        std::thread thread([&] {
            for (int i = 0; i < 5; ++i) queue.put_threadsafe(loop, i);
        });
        std::vector<int> items;
        for (int i = 0; i < 5; ++i) items.push_back(co_await queue.get());
        thread.join();
        std::ranges::sort(items);
        BOOST_TEST(items == (std::vector{0, 1, 2, 3, 4}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(debug_mode_finds_a_method_called_in_another_thread) { // QUE-10
    run([]() -> Coroutine<> {
        asyncio::get_running_loop().set_debug(true);
        const Queue<int> queue;
        auto task = create_task(queue.get());
        co_await turns(1);
        bool refused = false;
        std::thread thread([&] {
            try {
                queue.put_nowait(1);
            } catch (const asyncio::RuntimeError&) {
                refused = true;
            }
        });
        thread.join();
        BOOST_TEST(refused);
        BOOST_TEST(queue.empty());
        task.cancel();
    });
}

BOOST_AUTO_TEST_SUITE_END()
