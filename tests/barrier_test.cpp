// Barrier: rounds, reset, abort, cancellation.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

using asyncio::Barrier;
using asyncio::Coroutine;
using asyncio::create_task;
using asyncio::sleep;
using asyncio::Task;
using asyncio_test::join;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

Coroutine<> party(Barrier barrier, std::string name, Trace& log) {
    try {
        const auto index = co_await barrier.wait();
        log.push_back(name + ' ' + std::to_string(index));
    } catch (const asyncio::BrokenBarrierError& error) {
        log.push_back(name + " broken: " + error.str());
    } catch (const asyncio::CancelledError&) {
        log.push_back(name + " cancelled");
        throw;
    }
}

std::vector<Task<>> parties(Barrier barrier, const Trace& names, Trace& log) {
    std::vector<Task<>> tasks;
    for (const std::string& name : names) tasks.push_back(create_task(party(barrier, name, log)));
    return tasks;
}

Trace sorted(Trace log) {
    std::ranges::sort(log);
    return log;
}

} // namespace

BOOST_AUTO_TEST_SUITE(barrier)

BOOST_AUTO_TEST_CASE(fewer_than_one_party_is_refused) { // LCK-14
    BOOST_CHECK_THROW(Barrier(0), asyncio::ValueError);
    BOOST_CHECK_THROW(Barrier(-1), asyncio::ValueError);
    const Barrier barrier(3);
    BOOST_TEST(barrier.parties() == 3);
    BOOST_TEST(barrier.n_waiting() == 0);
    BOOST_TEST(!barrier.broken());
    BOOST_TEST(barrier.repr().ends_with("[filling, waiters:0/3]>"));
}

BOOST_AUTO_TEST_CASE(one_party_never_waits) { // LCK-14, LCK-04
    run([]() -> Coroutine<> {
        const Barrier barrier(1);
        const auto turned = std::make_shared<bool>(false);
        asyncio::get_running_loop().call_soon([turned] { *turned = true; });
        const auto first = co_await barrier.wait();
        const auto second = co_await barrier.wait();
        BOOST_TEST(first == 0);
        BOOST_TEST(second == 0);
        BOOST_TEST(!*turned);
    });
}

BOOST_AUTO_TEST_CASE(each_round_gives_every_index_once_in_order_of_arrival) { // LCK-14, LCK-17
    run([]() -> Coroutine<> {
        const Barrier barrier(3);
        for (int round = 0; round < 3; ++round) {
            Trace log;
            const auto tasks = parties(barrier, {"a", "b"}, log);
            co_await ticks(1);
            BOOST_TEST(barrier.n_waiting() == 2);
            BOOST_TEST(log.empty());
            co_await party(barrier, "c", log);
            BOOST_TEST(barrier.n_waiting() == 0); // draining
            co_await asyncio::gather(tasks);
            BOOST_TEST(join(sorted(log)) == "a 0, b 1, c 2");
            BOOST_TEST(barrier.n_waiting() == 0);
        }
    });
}

BOOST_AUTO_TEST_CASE(who_comes_while_a_round_drains_waits_for_the_next) { // LCK-14
    run([]() -> Coroutine<> {
        const Barrier barrier(2);
        Trace log;
        const auto tasks = parties(barrier, {"a", "b", "early", "bird"}, log);
        co_await ticks(1);
        BOOST_TEST(barrier.repr().ends_with("[draining, waiters:0/2]>"));
        co_await asyncio::gather(tasks);
        BOOST_TEST(join(sorted(log)) == "a 0, b 1, bird 1, early 0");
        BOOST_TEST(barrier.repr().ends_with("[filling, waiters:0/2]>"));
    });
}

BOOST_AUTO_TEST_CASE(a_party_cancelled_while_filling_just_leaves) { // LCK-16
    run([]() -> Coroutine<> {
        const Barrier barrier(2);
        Trace log;
        const auto tasks = parties(barrier, {"a"}, log);
        co_await ticks(1);
        BOOST_TEST(barrier.n_waiting() == 1);
        tasks[0].cancel();
        co_await ticks(2);
        BOOST_TEST(tasks[0].cancelled());
        BOOST_TEST(barrier.n_waiting() == 0);
        BOOST_TEST(!barrier.broken());
        const auto others = parties(barrier, {"b", "c"}, log);
        co_await asyncio::gather(others);
        BOOST_TEST(join(sorted(log)) == "a cancelled, b 0, c 1");
    });
}

BOOST_AUTO_TEST_CASE(a_party_cancelled_while_draining_lets_the_round_end) { // LCK-16
    run([]() -> Coroutine<> {
        const Barrier barrier(3);
        Trace log;
        const auto tasks = parties(barrier, {"a", "b", "c"}, log);
        co_await ticks(1);
        tasks[0].cancel();
        co_await ticks(6);
        BOOST_TEST(join(sorted(log)) == "a cancelled, b 1, c 2");
        const auto again = parties(barrier, {"d", "e", "f"}, log);
        co_await asyncio::gather(again);
        BOOST_TEST(log.size() == 6u);
    });
}

BOOST_AUTO_TEST_CASE(reset_breaks_the_present_round_only) { // LCK-15
    run([]() -> Coroutine<> {
        const Barrier barrier(2);
        co_await barrier.reset();
        BOOST_TEST(!barrier.broken());
        Trace log;
        const auto tasks = parties(barrier, {"a"}, log);
        co_await ticks(1);
        co_await barrier.reset();
        BOOST_TEST(barrier.n_waiting() == 0);
        BOOST_TEST(!barrier.broken());
        BOOST_TEST(barrier.repr().ends_with("[resetting, waiters:0/2]>"));
        const auto next = parties(barrier, {"b", "c"}, log);
        co_await asyncio::gather(next);
        BOOST_TEST(join(sorted(log)) == "a broken: Abort or reset of barrier, b 0, c 1");
    });
}

BOOST_AUTO_TEST_CASE(reset_while_draining_breaks_who_is_still_inside) { // LCK-15
    run([]() -> Coroutine<> {
        const Barrier barrier(3);
        Trace log;
        const auto tasks = parties(barrier, {"a", "b", "c"}, log);
        auto late = create_task(party(barrier, "late", log)); // blocked by the draining round
        co_await ticks(1);
        co_await barrier.reset();
        co_await ticks(6);
        BOOST_TEST(!late.done());
        BOOST_TEST(barrier.n_waiting() == 1);
        const auto broken =
            std::ranges::count_if(log, [](const auto& line) { return line.ends_with("barrier"); });
        BOOST_TEST(broken == 2);
        BOOST_TEST(std::ranges::count(log, "c 2") == 1);
        const auto rest = parties(barrier, {"x", "y"}, log);
        co_await asyncio::gather(rest);
        co_await late;
        BOOST_TEST(std::ranges::count(log, "late 0") == 1);
    });
}

BOOST_AUTO_TEST_CASE(abort_breaks_it_until_reset) { // LCK-15
    run([]() -> Coroutine<> {
        const Barrier barrier(3);
        Trace log;
        const auto tasks = parties(barrier, {"a", "b"}, log);
        co_await ticks(1);
        co_await barrier.abort();
        BOOST_TEST(barrier.broken());
        BOOST_TEST(barrier.n_waiting() == 0);
        co_await asyncio::gather(tasks);
        co_await party(barrier, "late", log);
        BOOST_TEST(join(sorted(log)) == "a broken: Abort or reset of barrier, "
                                        "b broken: Abort or reset of barrier, "
                                        "late broken: Barrier aborted");
        co_await barrier.reset();
        BOOST_TEST(!barrier.broken());
        const auto again = parties(barrier, {"x", "y", "z"}, log);
        co_await asyncio::gather(again);
        BOOST_TEST(log.back().size() == 3u);
    });
}

BOOST_AUTO_TEST_CASE(async_with_gives_the_index) { // LCK-17
    run([]() -> Coroutine<> {
        const Barrier barrier(2);
        auto visit = [&]() -> Coroutine<std::ptrdiff_t> {
            co_return co_await asyncio::async_with(
                barrier, [&](std::ptrdiff_t index) -> Coroutine<std::ptrdiff_t> {
                    BOOST_TEST(barrier.n_waiting() == 0);
                    co_await sleep(0);
                    co_return index;
                });
        };
        auto first = create_task(visit);
        auto second = create_task(visit);
        const auto indices = co_await asyncio::gather(first, second);
        BOOST_TEST(std::get<0>(indices) == 0);
        BOOST_TEST(std::get<1>(indices) == 1);
    });
}

BOOST_AUTO_TEST_CASE(it_belongs_to_the_loop_of_its_first_waiter) { // G-12
    const Barrier barrier(2);
    run([&]() -> Coroutine<> {
        Trace log;
        const auto tasks = parties(barrier, {"a", "b"}, log);
        co_await asyncio::gather(tasks);
    });
    run([&]() -> Coroutine<> {
        BOOST_CHECK_THROW(co_await barrier.wait(), asyncio::RuntimeError);
        BOOST_TEST(barrier.n_waiting() == 0);
    });
}

BOOST_AUTO_TEST_CASE(frames_destroyed_while_waiting_log_no_error) { // G-10
    const asyncio::LogCapture errors(asyncio::Level::Error);
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {});
    Trace log;
    loop->run_until_complete([](Trace& names) -> Coroutine<> {
        const Barrier barrier(3);
        const auto tasks = parties(barrier, {"a", "b"}, names);
        co_await ticks(1);
    }(log));
    loop->close();
    BOOST_TEST(log.empty());
    BOOST_TEST(errors.size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
