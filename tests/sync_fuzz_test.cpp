// Locks, semaphores, conditions, barriers and queues whose users are cancelled at random for a
// while: afterwards no permit, item or wake-up is missing.
#include <asyncio/asyncio.hpp>

#include "support/fuzz.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

using asyncio::CancelledError;
using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::sleep;
using asyncio_test::all_end;
using asyncio_test::cancel_one;
using asyncio_test::expect;
using asyncio_test::fuzz;
using asyncio_test::Random;
using asyncio_test::Tasks;
using asyncio_test::ticks;

namespace {

constexpr int rounds = 20;

// One attempt of a worker: most cancellations end the attempt, some the worker.
Coroutine<> attempt(Coroutine<> body, Random& random, int fatal_one_in) {
    try {
        co_await std::move(body);
    } catch (const CancelledError&) {
        if (fatal_one_in && random.one_in(fatal_one_in)) throw;
    }
}

Coroutine<> cancel_some(const Tasks& tasks, Random& random) {
    for (int i = 0; i < 60; ++i) {
        co_await ticks(random.below(4));
        cancel_one(tasks, random);
        if (random.one_in(4)) cancel_one(tasks, random);
    }
}

// Counts who is inside a section.
class Inside {
public:
    Inside(int& count, int most) : count_(count) {
        if (++count_ > most) BOOST_ERROR("too many inside");
    }
    Inside(const Inside&) = delete;
    ~Inside() { --count_; }

private:
    int& count_;
};

// ---- locks and semaphores -----------------------------------------------------------------------

template <class L>
Coroutine<> visit(L lock, int most, int& inside, Random& random) {
    if (random.one_in(2)) {
        const auto guard = co_await lock.scoped();
        const Inside here(inside, most);
        co_await ticks(random.below(3));
    } else {
        co_await lock.acquire();
        {
            const Inside here(inside, most);
        }
        lock.release();
        if (random.one_in(2)) co_await sleep(0);
    }
}

template <class L>
Coroutine<> visitor(L lock, int most, int& inside, Random& random) {
    for (int i = 0; i < rounds; ++i)
        co_await attempt(visit(lock, most, inside, random), random, 10);
}

template <class L>
Coroutine<> exclusion(L lock, int most, Random& random) {
    int inside = 0;
    Tasks tasks;
    for (int i = 0; i < 8; ++i) tasks.push_back(create_task(visitor(lock, most, inside, random)));
    co_await cancel_some(tasks, random);
    co_await all_end(tasks);
    BOOST_TEST(lock.repr().find("waiters") == std::string::npos);
    int permits = 0;
    for (; !lock.locked(); ++permits) co_await lock.acquire();
    BOOST_TEST(permits == most);
}

// ---- conditions ---------------------------------------------------------------------------------

struct Stock {
    asyncio::Condition changed;
    int items = 0;
    int consumed = 0;
    int inside = 0;
    bool closed = false;
};

Coroutine<> produce(Stock& stock, Random& random) {
    const auto guard = co_await stock.changed.scoped();
    const Inside here(stock.inside, 1);
    ++stock.items;
    stock.changed.notify();
    if (random.one_in(2)) co_await sleep(0);
}

Coroutine<> producer(Stock& stock, Random& random) {
    for (int i = 0; i < rounds; ++i) co_await attempt(produce(stock, random), random, 10);
}

// Leaves wait() with the lock, whatever happens.
Coroutine<> wait_for_change(Stock& stock) {
    --stock.inside;
    try {
        co_await stock.changed.wait();
    } catch (...) {
        ++stock.inside;
        BOOST_TEST(stock.inside == 1);
        throw;
    }
    ++stock.inside;
    BOOST_TEST(stock.inside == 1);
}

Coroutine<> consume(Stock& stock, Random& random) {
    const auto guard = co_await stock.changed.scoped();
    const Inside here(stock.inside, 1);
    while (stock.items == 0 && !stock.closed) co_await wait_for_change(stock);
    if (stock.items == 0) co_return;
    --stock.items;
    ++stock.consumed;
    co_await ticks(random.below(2));
}

Coroutine<> consumer(Stock& stock, Random& random) {
    while (!stock.closed) co_await attempt(consume(stock, random), random, 0);
}

Coroutine<> conditions_scenario(Random& random) {
    Stock stock;
    Tasks producers, consumers;
    for (int i = 0; i < 4; ++i) {
        producers.push_back(create_task(producer(stock, random)));
        consumers.push_back(create_task(consumer(stock, random)));
    }
    Tasks all = producers;
    all.insert(all.end(), consumers.begin(), consumers.end());
    co_await cancel_some(all, random);
    co_await all_end(producers);
    co_await expect("everything is consumed", [&] { return stock.items == 0; });
    stock.closed = true;
    {
        const auto guard = co_await stock.changed.scoped();
        stock.changed.notify_all();
    }
    co_await all_end(consumers);
    BOOST_TEST(stock.changed.repr().ends_with("[unlocked]>"));
}

// ---- queues -------------------------------------------------------------------------------------

struct Traffic {
    asyncio::Queue<int> queue;
    int next = 0;
    std::vector<int> sent = {};
    std::vector<int> received = {};
    bool over = false;
};

Coroutine<> send(Traffic& traffic, Random& random) {
    const int item = traffic.next++;
    if (random.one_in(5) && !traffic.queue.full())
        traffic.queue.put_nowait(item);
    else
        co_await traffic.queue.put(item);
    traffic.sent.push_back(item);
    co_await ticks(random.below(2));
}

Coroutine<> sender(Traffic& traffic, Random& random) {
    for (int i = 0; i < rounds; ++i) co_await attempt(send(traffic, random), random, 10);
}

Coroutine<> receive(Traffic& traffic, Random& random) {
    if (random.one_in(5) && !traffic.queue.empty()) {
        traffic.received.push_back(traffic.queue.get_nowait()); // perhaps another's item
    } else {
        const int item = co_await traffic.queue.get();
        traffic.received.push_back(item);
    }
    traffic.queue.task_done();
    co_await ticks(random.below(2));
}

Coroutine<> receiver(Traffic& traffic, Random& random) {
    try {
        while (!traffic.over) co_await attempt(receive(traffic, random), random, 0);
    } catch (const asyncio::QueueShutDown&) {
        if (!traffic.over) BOOST_ERROR("shut down too early");
    }
}

Coroutine<> queue_scenario(asyncio::Queue<int> queue, Random& random) {
    Traffic traffic{queue};
    Tasks senders, receivers;
    for (int i = 0; i < 4; ++i) {
        senders.push_back(create_task(sender(traffic, random)));
        receivers.push_back(create_task(receiver(traffic, random)));
    }
    Tasks all = senders;
    all.insert(all.end(), receivers.begin(), receivers.end());
    co_await cancel_some(all, random);
    co_await all_end(senders);
    co_await expect("everything is received", [&] { return queue.empty(); });
    auto joined = create_task(queue.join());
    co_await expect("join ends", [&] { return joined.done(); });
    traffic.over = true;
    queue.shutdown();
    co_await all_end(receivers);
    BOOST_TEST(queue.repr().find("etters") == std::string::npos);
    BOOST_TEST(queue.repr().find("utters") == std::string::npos);
    std::ranges::sort(traffic.sent);
    std::ranges::sort(traffic.received);
    BOOST_TEST((traffic.sent == traffic.received));
}

// ---- barriers -----------------------------------------------------------------------------------

Coroutine<> meet(asyncio::Barrier barrier, Random& random) {
    try {
        const auto index = co_await barrier.wait();
        if (index < 0 || index >= barrier.parties()) BOOST_ERROR("no such index");
    } catch (const asyncio::BrokenBarrierError&) {
    }
    co_await ticks(random.below(2));
}

Coroutine<> visitor(asyncio::Barrier barrier, const bool& over, Random& random) {
    while (!over) co_await attempt(meet(barrier, random), random, 0);
}

Coroutine<> barrier_scenario(Random& random) {
    const asyncio::Barrier barrier(3);
    bool over = false;
    Tasks tasks;
    for (int i = 0; i < 7; ++i) tasks.push_back(create_task(visitor(barrier, over, random)));
    co_await cancel_some(tasks, random);
    co_await barrier.reset();
    co_await cancel_some(tasks, random);
    over = true;
    co_await barrier.abort();
    co_await all_end(tasks);
    co_await barrier.reset();
    BOOST_TEST(barrier.n_waiting() == 0);
    std::vector<asyncio::Task<std::ptrdiff_t>> round;
    for (int i = 0; i < 3; ++i) round.push_back(create_task(barrier.wait()));
    const auto indices = co_await asyncio::gather(round);
    BOOST_TEST(indices == (std::vector<std::ptrdiff_t>{0, 1, 2}), boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(sync_fuzz)

BOOST_AUTO_TEST_CASE(a_lock_is_held_by_one_and_never_lost) { // LCK-01, LCK-03, LCK-18
    fuzz([](Random& random) { return exclusion(asyncio::Lock(), 1, random); });
}

BOOST_AUTO_TEST_CASE(no_permit_is_lost_or_made_up) { // LCK-11, LCK-12, LCK-18
    fuzz([](Random& random) { return exclusion(asyncio::Semaphore(3), 3, random); });
    fuzz([](Random& random) { return exclusion(asyncio::BoundedSemaphore(1), 1, random); });
}

BOOST_AUTO_TEST_CASE(no_notification_is_lost_and_wait_leaves_with_the_lock) { // LCK-07, LCK-08
    fuzz(conditions_scenario);
}

BOOST_AUTO_TEST_CASE(no_item_is_lost_or_delivered_twice) { // QUE-02, QUE-03
    fuzz([](Random& random) { return queue_scenario(asyncio::Queue<int>(2), random); });
    fuzz([](Random& random) { return queue_scenario(asyncio::Queue<int>(), random); });
    fuzz([](Random& random) { return queue_scenario(asyncio::PriorityQueue<int>(1), random); });
}

BOOST_AUTO_TEST_CASE(a_barrier_works_after_any_cancellation) { // LCK-14, LCK-15, LCK-16
    fuzz(barrier_scenario);
}

BOOST_AUTO_TEST_SUITE_END()
