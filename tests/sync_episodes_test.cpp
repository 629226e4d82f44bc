// A few random actions on a lock, a condition or a queue, cancellations among them, then a rest:
// nobody waits for what is there.
#include <asyncio/asyncio.hpp>

#include "support/fuzz.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>

using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::sleep;
using asyncio_test::all_end;
using asyncio_test::cancel_one;
using asyncio_test::fuzz;
using asyncio_test::pending;
using asyncio_test::Random;
using asyncio_test::Tasks;
using asyncio_test::ticks;

namespace {

constexpr int actions = 14;

Coroutine<> finish(const Tasks& tasks) {
    for (const auto& task : tasks) task.cancel();
    co_await all_end(tasks);
}

template <class L>
Coroutine<> exclusion_episode(L lock, int permits, Random& random) {
    int used = 0;
    Tasks tasks;
    auto take = [&]() -> Coroutine<> {
        co_await lock.acquire();
        ++used;
    };
    for (int i = 0; i < actions; ++i) {
        const int action = random.below(4);
        if (action == 0) tasks.push_back(create_task(take));
        if (action == 1) cancel_one(tasks, random);
        if (action == 2) co_await sleep(0);
        if (action == 3 && used > 0) {
            --used;
            lock.release();
        }
    }
    co_await ticks(20);
    BOOST_TEST((pending(tasks) == 0 || used == permits));
    co_await finish(tasks);
    for (; !lock.locked(); ++used) co_await lock.acquire();
    BOOST_TEST(used == permits);
}

Coroutine<> condition_episode(Random& random) {
    const asyncio::Condition condition;
    int woken = 0;
    Tasks tasks;
    auto wait = [&]() -> Coroutine<> {
        const auto guard = co_await condition.scoped();
        co_await condition.wait();
        ++woken;
    };
    for (int i = 1 + random.below(5); i > 0; --i) tasks.push_back(create_task(wait));
    co_await ticks(10);
    const int notified = random.below(static_cast<int>(tasks.size()) + 1);
    {
        const auto guard = co_await condition.scoped();
        condition.notify(notified);
        co_await ticks(random.below(3));
        if (random.one_in(2)) cancel_one(tasks, random);
        co_await ticks(random.below(3));
    }
    for (int i = random.below(4); i > 0; --i) {
        cancel_one(tasks, random);
        co_await ticks(random.below(2));
    }
    co_await ticks(30);
    BOOST_TEST((pending(tasks) == 0 || woken >= notified));
    co_await finish(tasks);
    BOOST_TEST(condition.repr().ends_with("[unlocked]>"));
}

Coroutine<> queue_episode(Random& random) {
    const asyncio::Queue<int> queue(random.below(3));
    int in = 0, out = 0;
    Tasks getters, putters;
    auto get = [&]() -> Coroutine<> {
        co_await queue.get();
        ++out;
    };
    auto put = [&]() -> Coroutine<> {
        co_await queue.put(in);
        ++in;
    };
    for (int i = 0; i < actions; ++i) {
        const int action = random.below(7);
        if (action == 0) getters.push_back(create_task(get));
        if (action == 1) putters.push_back(create_task(put));
        if (action == 2) cancel_one(getters, random);
        if (action == 3) cancel_one(putters, random);
        if (action == 4) co_await sleep(0);
        if (action == 5 && !queue.full()) queue.put_nowait(in++);
        if (action == 6 && !queue.empty()) queue.get_nowait(), ++out;
    }
    co_await ticks(20);
    BOOST_TEST((pending(getters) == 0 || queue.empty()));
    BOOST_TEST((pending(putters) == 0 || queue.full()));
    BOOST_TEST(queue.qsize() == static_cast<std::size_t>(in - out));
    co_await finish(getters);
    co_await finish(putters);
}

template <class F>
auto often(F episode) {
    return [=](Random& random) -> Coroutine<> {
        for (int i = 0; i < 20; ++i) co_await episode(random);
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(sync_episodes)

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_free_lock) { // LCK-01, LCK-03
    fuzz(often([](Random& random) { return exclusion_episode(asyncio::Lock(), 1, random); }));
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_free_permit) { // LCK-11, LCK-12
    fuzz(often([](Random& random) { return exclusion_episode(asyncio::Semaphore(2), 2, random); }));
}

BOOST_AUTO_TEST_CASE(every_notification_wakes_somebody) { // LCK-08
    fuzz(often(condition_episode));
}

BOOST_AUTO_TEST_CASE(nobody_waits_for_an_item_or_for_room_that_is_there) { // QUE-03
    fuzz(often(queue_episode));
}

BOOST_AUTO_TEST_SUITE_END()
