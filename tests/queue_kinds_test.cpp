// PriorityQueue and LifoQueue, the types of the items, and putting from other threads.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

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
using asyncio_test::run;
using asyncio_test::ticks;

namespace {

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

BOOST_AUTO_TEST_SUITE(queue_kinds)

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
        auto failing = create_task(heap.get());
        std::vector<asyncio::Task<int>> others;
        for (int i = 0; i < 3; ++i) others.push_back(create_task(heap.get()));
        co_await ticks(1);
        for (const int item : {3, 1, 2}) heap.put_nowait(item);
        *left = 1;
        BOOST_CHECK_THROW(co_await failing, asyncio::ValueError);
        const auto items = co_await asyncio::gather(others);
        BOOST_TEST(items == (std::vector{1, 2, 3}), boost::test_tools::per_element());
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
        co_await ticks(1);
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

BOOST_AUTO_TEST_CASE(debug_mode_finds_a_method_called_in_another_thread) { // QUE-10
    run([]() -> Coroutine<> {
        asyncio::get_running_loop().set_debug(true);
        const Queue<int> queue;
        auto task = create_task(queue.get());
        co_await ticks(1);
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
