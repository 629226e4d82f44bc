// Chains deeper than the native stack: awaits, futures, and their destruction. // own loop only
//
// One chain is longer than any stack; the others run on a small one.
#include <asyncio/asyncio.hpp>

#include "support/small_stack.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::deep;
using asyncio_test::on_small_stack;
using asyncio_test::Reports;
using asyncio_test::ticks;

namespace {

constexpr int million = 1'000'000;

Coroutine<int> ready(int n) { co_return n; }

Coroutine<int> chain(int depth) {
    if (depth == 0) co_return 0;
    co_return 1 + co_await chain(depth - 1);
}

Coroutine<> fall(int depth, Future<> bottom) {
    if (depth == 0)
        co_await bottom;
    else
        co_await fall(depth - 1, bottom);
}

Coroutine<> throw_from(int depth) {
    if (depth == 0) throw asyncio::ValueError("bottom");
    co_await throw_from(depth - 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(deep_chains)

// G-05
BOOST_AUTO_TEST_CASE(a_million_chained_awaits) {
    const auto loop = asyncio::new_event_loop();
    BOOST_TEST(loop->run_until_complete(chain(million)) == million);
    loop->close();
}

// G-05
BOOST_AUTO_TEST_CASE(a_million_awaits_of_coroutines_that_return_at_once) {
    const auto main = []() -> Coroutine<long> {
        long sum = 0;
        for (int i = 0; i < million; ++i) sum += co_await ready(1);
        co_return sum;
    };
    on_small_stack([&] { BOOST_TEST(asyncio::run(main) == million); });
}

BOOST_AUTO_TEST_CASE(an_exception_passes_a_deep_chain) {
    const auto loop = asyncio::new_event_loop();
    BOOST_CHECK_THROW(loop->run_until_complete(throw_from(10'000)), asyncio::ValueError);
    loop->close();
}

// Each task awaits the one before.
BOOST_AUTO_TEST_CASE(a_chain_of_futures_is_completed_link_by_link) {
    const auto main = []() -> Coroutine<int> {
        const auto first = asyncio::get_running_loop().create_future<int>();
        const auto link = [](Future<int> before) -> Coroutine<int> {
            co_return 1 + co_await before;
        };
        Future<int> last = first;
        for (int i = 0; i < 100'000; ++i) last = asyncio::create_task(link, last);
        co_await asyncio::sleep(0);
        first.set_result(0);
        co_return co_await last;
    };
    on_small_stack([&] { BOOST_TEST(asyncio::run(main) == 100'000); });
}

BOOST_AUTO_TEST_CASE(cancelling_the_end_of_a_chain_reaches_its_beginning) {
    const auto main = []() -> Coroutine<> {
        const auto first = asyncio::get_running_loop().create_future<int>();
        const auto link = [](Future<int> before) -> Coroutine<int> { co_return co_await before; };
        Future<int> last = first;
        for (int i = 0; i < 1'000; ++i) last = asyncio::create_task(link, last);
        co_await ticks(1);
        last.cancel();
        BOOST_TEST(first.cancelled());
        const auto error = co_await asyncio_test::repr_of(last);
        BOOST_TEST(error == "CancelledError()");
    };
    asyncio::run(main);
}

// G-10
BOOST_AUTO_TEST_CASE(a_deep_suspended_chain_is_destroyed_when_the_loop_closes) {
    on_small_stack([] {
        const auto loop = asyncio::new_event_loop();
        const Reports reports(*loop);
        const auto bottom = loop->create_future();
        loop->create_task(fall(deep, bottom));
        loop->run_until_complete(ticks(2));
        loop->close();
        BOOST_TEST(reports.size() == 1);
        BOOST_TEST(to_string(bottom).find("cb=") == std::string::npos);
    });
}

// A chain of tasks, each held by the frame of the next.
BOOST_AUTO_TEST_CASE(a_deep_chain_of_pending_tasks_is_destroyed_when_the_loop_closes) {
    on_small_stack([] {
        const auto loop = asyncio::new_event_loop();
        const Reports reports(*loop);
        const auto link = [](Future<> before) -> Coroutine<> { co_await before; };
        Future<> last = loop->create_future();
        for (int i = 0; i < deep; ++i) last = loop->create_task(link(last));
        last = {};
        loop->run_until_complete(ticks(2));
        loop->close();
        BOOST_TEST(reports.size() == deep);
    });
}

BOOST_AUTO_TEST_CASE(a_cancelled_deep_chain_unwinds) {
    const auto loop = asyncio::new_event_loop();
    const auto task = loop->create_task(fall(10'000, loop->create_future()));
    loop->run_until_complete(ticks(2));
    task.cancel();
    BOOST_CHECK_THROW(loop->run_until_complete(task), asyncio::CancelledError);
    loop->close();
}

BOOST_AUTO_TEST_SUITE_END()
