// TaskGroup.cancel() and what a group forgets when it is over.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using asyncio::async_with;
using asyncio::Coroutine;
using asyncio::Future;
using asyncio::TaskGroup;
using asyncio_test::Death;
using asyncio_test::forever;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::requests;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(taskgroup_cancel)

// TGP-17
BOOST_AUTO_TEST_CASE(cancel_ends_the_group_without_an_error) {
    run([]() -> Coroutine<> {
        asyncio::Task<> child;
        bool went_on = false;
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            child = tg.create_task(forever());
            co_await asyncio::sleep(0);
            tg.cancel();
            tg.cancel();
            co_await forever();
            went_on = true;
        });
        BOOST_TEST(child.cancelled());
        BOOST_TEST(!went_on);
        BOOST_TEST(requests() == 0);
        const std::string error = co_await repr_of(asyncio::sleep(0));
        BOOST_TEST(error == "no error");
    });
}

// TGP-17
BOOST_AUTO_TEST_CASE(a_child_may_cancel_the_group_while_the_block_is_left) {
    run([]() -> Coroutine<> {
        asyncio::Task<> sibling;
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            sibling = tg.create_task(forever());
            const auto child = [](TaskGroup group) -> Coroutine<> {
                co_await ticks(2);
                group.cancel();
            };
            tg.create_task(child, tg);
            co_return;
        });
        BOOST_TEST(sibling.cancelled());
        BOOST_TEST(requests() == 0);
    });
}

// TGP-17
BOOST_AUTO_TEST_CASE(cancel_before_entry_acts_on_entry) {
    run([]() -> Coroutine<> {
        Trace trace;
        const TaskGroup group;
        group.cancel();
        co_await async_with(group, [&](TaskGroup) -> Coroutine<> {
            trace.push_back("entered");
            co_await asyncio::sleep(0);
            trace.push_back("went on");
        });
        BOOST_TEST(join(trace) == "entered");
        BOOST_TEST(requests() == 0);
    });
}

// TGP-17
BOOST_AUTO_TEST_CASE(cancel_after_the_end_is_harmless) {
    run([]() -> Coroutine<> {
        const TaskGroup group;
        co_await async_with(group, []() -> Coroutine<> { co_return; });
        group.cancel();
        const std::string error = co_await repr_of(asyncio::sleep(0));
        BOOST_TEST(error == "no error");
        BOOST_TEST(requests() == 0);
    });
}

// TGP-17
BOOST_AUTO_TEST_CASE(a_child_that_fails_while_the_group_is_cancelled_is_raised) {
    run([]() -> Coroutine<> {
        const auto child = []() -> Coroutine<> {
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                throw asyncio::ValueError("cleanup");
            }
        };
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(child);
            co_await asyncio::sleep(0);
            tg.cancel();
        };
        const std::string error = co_await repr_of(async_with(TaskGroup(), body));
        BOOST_TEST(error == "ExceptionGroup('unhandled errors in a TaskGroup', "
                            "[ValueError('cleanup')])");
        BOOST_TEST(requests() == 0);
    });
}

// TGP-17: cpython#155433
BOOST_AUTO_TEST_CASE(a_cancel_from_outside_is_not_swallowed_by_the_groups_own) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            co_await async_with(TaskGroup(), [](TaskGroup tg) -> Coroutine<> {
                tg.cancel();
                co_await forever();
            });
        };
        const auto parent = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        parent.cancel();
        const std::string error = co_await repr_of(parent);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(parent.cancelled());
        BOOST_TEST(parent.cancelling() == 1);
    });
}

// TGP-15
BOOST_AUTO_TEST_CASE(a_group_that_is_over_keeps_nothing_alive) {
    run([]() -> Coroutine<> {
        Trace trace;
        const TaskGroup group;
        const auto child = [](TaskGroup, Death) -> Coroutine<> { co_return; };
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(child, tg, Death(trace, "argument"));
            co_return;
        };
        co_await async_with(group, body);
        BOOST_TEST(join(trace) == "destroyed argument");
        struct Payload : asyncio::ValueError {
            explicit Payload(Trace& t)
                : ValueError("payload"), death(std::make_shared<Death>(t, "error")) {}
            std::shared_ptr<Death> death;
        };
        const TaskGroup failing;
        const auto fail = [](Trace& t) -> Coroutine<> {
            throw Payload(t);
            co_return;
        };
        const auto failing_body = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(fail(trace));
            co_return;
        };
        std::ignore = co_await repr_of(async_with(failing, failing_body));
        BOOST_TEST(trace.back() == "destroyed error");
    });
}

// TGP-16
BOOST_AUTO_TEST_CASE(a_child_that_fails_after_its_parent_ended_is_reported) {
    const auto loop = asyncio::new_event_loop();
    const Reports reports(*loop);
    std::optional<TaskGroup> group;
    Future<> gate = loop->create_future();
    const auto child = [&]() -> Coroutine<> {
        co_await gate;
        throw asyncio::ValueError("orphan");
    };
    // The parent enters the group and never leaves it.
    const auto parent = [&]() -> Coroutine<> {
        group = TaskGroup().aenter();
        group->create_task(child);
        co_await asyncio::sleep(0);
    };
    loop->run_until_complete(parent());
    gate.set_result();
    loop->run_until_complete(ticks(3));
    BOOST_REQUIRE(reports.size() == 1);
    BOOST_TEST(reports[0].message.find("has errored out but its parent task") != std::string::npos);
    BOOST_TEST(reports[0].message.find("is already completed") != std::string::npos);
    BOOST_TEST(reports[0].error == "ValueError('orphan')");
    loop->close();
}

// TSK-24, LIF-07
BOOST_AUTO_TEST_CASE(a_group_whose_loop_closes_is_destroyed_with_its_tasks) {
    const auto loop = asyncio::new_event_loop();
    const Reports reports(*loop);
    Trace trace;
    const auto child = [](Death) -> Coroutine<> { co_await forever(); };
    const auto main = [&]() -> Coroutine<> {
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(child(Death(trace, "child")));
            co_return;
        });
        trace.push_back("left");
    };
    const auto task = loop->create_task(main());
    loop->run_until_complete(ticks(3));
    loop->close();
    BOOST_TEST(join(trace) == "destroyed child");
    BOOST_TEST(reports.size() == 2); // both were pending
}

// TGP-07. The body's error is not lost to a cancel that comes while the children end: the group
// raises it, and the cancel is delivered at the next await.
BOOST_AUTO_TEST_CASE(a_cancel_during_the_exit_does_not_hide_the_error_of_the_body) {
    run([]() -> Coroutine<> {
        std::vector<std::string> trace;
        const auto stubborn = []() -> Coroutine<> {
            try {
                co_await asyncio::sleep(3600);
            } catch (const asyncio::CancelledError&) {
            }
            co_await asyncio::sleep(0);
            co_await asyncio::sleep(0);
            co_await asyncio::sleep(0);
        };
        const auto body = [&](asyncio::TaskGroup tg) -> Coroutine<> {
            tg.create_task(stubborn);
            co_await asyncio::sleep(0);
            throw asyncio::ValueError("body");
        };
        const auto parent = [&]() -> Coroutine<> {
            trace.push_back(co_await repr_of(async_with(asyncio::TaskGroup(), body)));
            trace.push_back(co_await repr_of(asyncio::sleep(0)));
        };
        const auto task = asyncio::create_task(parent);
        co_await asyncio_test::ticks(3);
        task.cancel();
        co_await task;
        BOOST_TEST(trace.at(0) == "ExceptionGroup('unhandled errors in a TaskGroup', "
                                  "[ValueError('body')])");
        BOOST_TEST(trace.at(1) == "CancelledError()");
    });
}

BOOST_AUTO_TEST_SUITE_END()
