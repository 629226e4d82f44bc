// The same four cancellations for every awaitable of the core: before the start, while it waits, in
// the iteration in which it completes, and twice.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::iterations_of;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::wait_on;

namespace {

// A coroutine that awaits one awaitable, which ends when the gate opens.
struct Case {
    std::string name;
    std::function<Coroutine<>(Future<> gate)> wait;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"future", [](Future<> gate) -> Coroutine<> { co_await gate; }},
        {"FutureRef", [](Future<> gate) -> Coroutine<> { co_await asyncio::FutureRef(gate); }},
        {"coroutine", [](Future<> gate) -> Coroutine<> { co_await wait_on(gate); }},
        {"task",
         [](Future<> gate) -> Coroutine<> { co_await asyncio::create_task(wait_on(gate)); }},
        {"gather",
         [](Future<> gate) -> Coroutine<> { co_await asyncio::gather(gate, wait_on(gate)); }},
        {"gather, return_exceptions",
         [](Future<> gate) -> Coroutine<> {
             co_await asyncio::gather(asyncio::return_exceptions, gate, wait_on(gate));
         }},
        {"shield", [](Future<> gate) -> Coroutine<> { co_await asyncio::shield(gate); }},
        {"wait",
         [](Future<> gate) -> Coroutine<> {
             const std::vector futures{gate};
             co_await asyncio::wait(futures, {.timeout = 3600});
         }},
        {"wait_for", [](Future<> gate) -> Coroutine<> { co_await asyncio::wait_for(gate, 3600); }},
        {"wait_for a coroutine",
         [](Future<> gate) -> Coroutine<> { co_await asyncio::wait_for(wait_on(gate), 3600); }},
        {"wait_for without deadline",
         [](Future<> gate) -> Coroutine<> { co_await asyncio::wait_for(gate, std::nullopt); }},
        {"as_completed",
         [](Future<> gate) -> Coroutine<> {
             const std::vector futures{gate};
             const auto completed = asyncio::as_completed(futures, {.timeout = 3600});
             co_await completed.next();
         }},
        {"timeout",
         [](Future<> gate) -> Coroutine<> {
             co_await asyncio::async_with(asyncio::timeout(3600),
                                          [&]() -> Coroutine<> { co_await gate; });
         }},
        {"TaskGroup, in the body",
         [](Future<> gate) -> Coroutine<> {
             co_await asyncio::async_with(
                 asyncio::TaskGroup(), [&](asyncio::TaskGroup) -> Coroutine<> { co_await gate; });
         }},
        {"TaskGroup, at its end",
         [](Future<> gate) -> Coroutine<> {
             co_await asyncio::async_with(asyncio::TaskGroup(),
                                          [&](asyncio::TaskGroup tg) -> Coroutine<> {
                                              tg.create_task(wait_on(gate));
                                              co_return;
                                          });
         }},
        {"catching",
         [](Future<> gate) -> Coroutine<> {
             std::ignore = co_await asyncio::catching<asyncio::ValueError>(wait_on(gate));
         }},
        {"try_finally",
         [](Future<> gate) -> Coroutine<> {
             co_await asyncio::try_finally([&]() -> Coroutine<> { co_await gate; },
                                           []() -> Coroutine<> { co_await asyncio::sleep(0); });
         }},
    };
    return all;
}

// Runs `test` with a fresh gate and a task for each awaitable.
template <class F>
void for_each_case(F test) {
    for (const Case& item : cases()) {
        BOOST_TEST_CONTEXT(item.name) {
            run([&]() -> Coroutine<> {
                const Reports reports;
                const Future<> gate = new_future();
                const auto task = asyncio::create_task(item.wait(gate));
                co_await test(gate, task);
                BOOST_TEST(task.done());
                if (!gate.done()) gate.set_result();
                co_await ticks(5);
                BOOST_TEST(asyncio::all_tasks().size() == 1);
                BOOST_TEST(asyncio::get_running_loop().core().timers_.size() == 0);
                BOOST_TEST(reports.size() == 0);
            });
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancel_everywhere)

BOOST_AUTO_TEST_CASE(without_a_cancel_each_ends_with_the_gate) {
    for_each_case([](Future<> gate, asyncio::Task<> task) -> Coroutine<> {
        co_await ticks(4);
        BOOST_TEST(!task.done());
        gate.set_result();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "no error");
    });
}

// TSK-13
BOOST_AUTO_TEST_CASE(cancelled_before_the_start) {
    for_each_case([](Future<> gate, asyncio::Task<> task) -> Coroutine<> {
        task.cancel("early");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('early')");
        BOOST_TEST(!gate.done());
    });
}

// TSK-12
BOOST_AUTO_TEST_CASE(cancelled_while_it_waits) {
    for_each_case([](Future<>, asyncio::Task<> task) -> Coroutine<> {
        co_await ticks(4);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(task.cancelled());
        BOOST_TEST(task.cancelling() == 1);
    });
}

// TSK-12, TSK-43: whatever the race decides, nothing hangs and nothing is left behind; who has been
// cancelled before the result reached it ends cancelled.
BOOST_AUTO_TEST_CASE(cancelled_in_the_iteration_of_its_completion) {
    for (int delay = 0; delay < 4; ++delay) {
        for_each_case([delay](Future<> gate, asyncio::Task<> task) -> Coroutine<> {
            co_await ticks(4);
            gate.set_result();
            co_await ticks(delay);
            const bool accepted = task.cancel();
            const std::string error = co_await repr_of(task);
            if (!accepted) BOOST_TEST(error == "no error");
            if (delay == 0) BOOST_TEST(accepted);
            if (error != "no error") BOOST_TEST(error == "CancelledError()");
            BOOST_TEST(task.cancelled() == (error != "no error"));
        });
    }
}

BOOST_AUTO_TEST_CASE(cancelled_twice_at_once) {
    for_each_case([](Future<>, asyncio::Task<> task) -> Coroutine<> {
        co_await ticks(4);
        task.cancel();
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(task.cancelling() == 2);
    });
}

BOOST_AUTO_TEST_CASE(cancelled_again_while_it_unwinds) {
    for_each_case([](Future<>, asyncio::Task<> task) -> Coroutine<> {
        co_await ticks(4);
        task.cancel();
        co_await ticks(1);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(task.cancelled());
    });
}

BOOST_AUTO_TEST_SUITE_END()
