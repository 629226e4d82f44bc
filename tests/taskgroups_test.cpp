// TaskGroup: children end before the block; failures are raised together.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

using asyncio::async_with;
using asyncio::Coroutine;
using asyncio::Future;
using asyncio::TaskGroup;
using asyncio_test::error_of;
using asyncio_test::fail_after;
using asyncio_test::forever;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::requests;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

const std::string unhandled = "'unhandled errors in a TaskGroup'";

} // namespace

BOOST_AUTO_TEST_SUITE(taskgroups)

// TGP-01, TGP-12, TGP-18
BOOST_AUTO_TEST_CASE(leaving_waits_for_all_children_and_their_children) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto grandchild = [&]() -> Coroutine<> {
            co_await ticks(3);
            trace.push_back("grandchild");
        };
        const auto child = [&](TaskGroup tg) -> Coroutine<> {
            co_await ticks(2);
            tg.create_task(grandchild);
            trace.push_back("child");
        };
        const int value = co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<int> {
            tg.create_task(child, tg);
            trace.push_back("body");
            co_return 7;
        });
        BOOST_TEST(join(trace) == "body, child, grandchild");
        BOOST_TEST(value == 7);
    });
}

BOOST_AUTO_TEST_CASE(results_are_read_from_the_tasks) {
    run([]() -> Coroutine<> {
        asyncio::Task<int> task;
        const auto child = [](int n) -> Coroutine<int> {
            co_await asyncio::sleep(0);
            co_return 2 * n;
        };
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            task = tg.create_task({.name = "child"}, child, 4);
            co_return;
        });
        BOOST_TEST(task.result() == 8);
        BOOST_TEST(task.get_name() == "child");
    });
}

// TGP-02, TGP-09
BOOST_AUTO_TEST_CASE(a_failing_child_cancels_the_others_and_the_body) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto child = [&](std::string name) -> Coroutine<> {
            trace.push_back(name + " " + co_await repr_of(forever()));
        };
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(fail_after("bad", 1));
            tg.create_task(child, std::string("sibling"));
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                trace.push_back("body " + std::to_string(requests()));
                throw;
            }
        };
        const std::string error = co_await repr_of(async_with(TaskGroup(), body));
        BOOST_TEST(error == "ExceptionGroup(" + unhandled + ", [ValueError('bad')])");
        BOOST_TEST(join(trace) == "sibling CancelledError(), body 1");
        BOOST_TEST(requests() == 0);
    });
}

// TGP-03
BOOST_AUTO_TEST_CASE(a_cancelled_child_is_no_failure) {
    run([]() -> Coroutine<> {
        bool sibling_done = false;
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            const auto cancelled = tg.create_task(forever());
            const auto sibling = [&]() -> Coroutine<> {
                co_await ticks(4);
                sibling_done = true;
            };
            tg.create_task(sibling);
            co_await asyncio::sleep(0);
            cancelled.cancel();
        });
        BOOST_TEST(sibling_done);
        BOOST_TEST(requests() == 0);
    });
}

// TGP-04, TGP-06
BOOST_AUTO_TEST_CASE(all_failures_are_raised_the_bodys_last) {
    run([]() -> Coroutine<> {
        const auto stubborn = []() -> Coroutine<> {
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                throw asyncio::LookupError("cleanup");
            }
        };
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(stubborn);
            tg.create_task(fail_after("child", 0));
            co_await ticks(1);
            throw asyncio::ValueError("body");
        };
        const std::string error = co_await repr_of(async_with(TaskGroup(), body));
        BOOST_TEST(error == "ExceptionGroup(" + unhandled +
                                ", [ValueError('child'), LookupError('cleanup'), "
                                "ValueError('body')])");
        BOOST_TEST(requests() == 0);
    });
}

// TGP-06
BOOST_AUTO_TEST_CASE(a_failing_body_alone_is_raised_in_a_group_too) {
    run([]() -> Coroutine<> {
        asyncio::Task<> child;
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            child = tg.create_task(forever());
            co_await asyncio::sleep(0);
            throw asyncio::ValueError("body");
        };
        const std::string error = co_await repr_of(async_with(TaskGroup(), body));
        BOOST_TEST(error == "ExceptionGroup(" + unhandled + ", [ValueError('body')])");
        BOOST_TEST(child.cancelled());
    });
}

// TGP-04
BOOST_AUTO_TEST_CASE(an_error_that_is_no_exception_makes_a_base_exception_group) {
    run([]() -> Coroutine<> {
        const auto child = []() -> Coroutine<> {
            throw asyncio::GeneratorExit();
            co_return;
        };
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(child);
            co_return;
        };
        const std::string error = co_await repr_of(async_with(TaskGroup(), body));
        BOOST_TEST(error == "BaseExceptionGroup(" + unhandled + ", [GeneratorExit()])");
    });
}

// TGP-05
BOOST_AUTO_TEST_CASE(an_interrupt_of_the_body_waits_for_the_children_and_leaves_as_it_is) {
    const auto loop = asyncio::new_event_loop();
    Trace trace;
    const auto main = [&]() -> Coroutine<> {
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            const auto child = [&]() -> Coroutine<> {
                trace.push_back(co_await repr_of(forever()));
            };
            tg.create_task(child);
            co_await asyncio::sleep(0);
            throw asyncio::KeyboardInterrupt();
        });
    };
    BOOST_CHECK_THROW(loop->run_until_complete(main()), asyncio::KeyboardInterrupt);
    loop->close();
    BOOST_TEST(join(trace) == "CancelledError()");
}

// TGP-05
BOOST_AUTO_TEST_CASE(an_interrupt_of_a_child_leaves_the_loop_and_then_the_group) {
    const auto loop = asyncio::new_event_loop();
    const auto main = []() -> Coroutine<> {
        co_await async_with(TaskGroup(), [](TaskGroup tg) -> Coroutine<> {
            tg.create_task([]() -> Coroutine<> {
                throw asyncio::SystemExit(3);
                co_return;
            });
            co_await forever();
        });
    };
    const auto task = loop->create_task(main());
    BOOST_CHECK_THROW(loop->run_until_complete(task), asyncio::SystemExit);
    BOOST_TEST(!task.done());
    BOOST_CHECK_THROW(loop->run_until_complete(task), asyncio::SystemExit);
    BOOST_TEST(asyncio::repr(task.exception()) == "SystemExit(3)");
    loop->close();
}

// TGP-05
BOOST_AUTO_TEST_CASE(of_several_interrupts_the_first_leaves_the_group) {
    const auto loop = asyncio::new_event_loop();
    const auto child = []() -> Coroutine<> {
        const std::string error = co_await repr_of(forever());
        throw asyncio::SystemExit(error == "CancelledError()" ? 3 : 4);
    };
    const auto main = [&]() -> Coroutine<> {
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(child);
            co_await asyncio::sleep(0);
            throw asyncio::KeyboardInterrupt();
        });
    };
    const auto task = loop->create_task(main());
    // The child's leaves the loop at once, the group is left with the body's.
    BOOST_TEST(error_of([&] { loop->run_until_complete(task); }) == "SystemExit(3)");
    BOOST_TEST(!task.done());
    BOOST_TEST(error_of([&] { loop->run_until_complete(task); }) == "KeyboardInterrupt()");
    BOOST_TEST(asyncio::repr(task.exception()) == "KeyboardInterrupt()");
    loop->close();
}

// TGP-07
BOOST_AUTO_TEST_CASE(a_cancel_from_outside_cancels_the_children_and_propagates) {
    run([]() -> Coroutine<> {
        asyncio::Task<> child;
        const auto body = [&]() -> Coroutine<> {
            co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
                child = tg.create_task(forever());
                co_return;
            });
        };
        const auto parent = asyncio::create_task(body);
        co_await ticks(2);
        parent.cancel("outside");
        const std::string error = co_await repr_of(parent);
        BOOST_TEST(error == "CancelledError('outside')");
        BOOST_TEST(child.cancelled());
        BOOST_TEST(parent.cancelling() == 1);
    });
}

// TGP-07
BOOST_AUTO_TEST_CASE(failures_win_over_an_outside_cancel_which_stays_pending) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto child = []() -> Coroutine<> {
            try {
                co_await forever();
            } catch (const asyncio::CancelledError&) {
                throw asyncio::ValueError("cleanup");
            }
        };
        const auto body = [&]() -> Coroutine<> {
            trace.push_back(
                co_await repr_of(async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
                    tg.create_task(child);
                    co_return;
                })));
            trace.push_back(std::to_string(requests()));
            trace.push_back(co_await repr_of(asyncio::sleep(0)));
            trace.push_back(std::to_string(requests()));
        };
        const auto parent = asyncio::create_task(body);
        co_await ticks(2);
        parent.cancel();
        co_await parent;
        BOOST_TEST(join(trace) == "ExceptionGroup(" + unhandled +
                                      ", [ValueError('cleanup')]), 1, CancelledError(), 1");
    });
}

// TGP-08
BOOST_AUTO_TEST_CASE(repeated_cancels_do_not_leave_children_behind) {
    run([]() -> Coroutine<> {
        asyncio::Task<> child;
        const auto slow = []() -> Coroutine<> {
            std::ignore = co_await repr_of(forever());
            std::ignore = co_await repr_of(ticks(10));
        };
        const auto body = [&]() -> Coroutine<> {
            co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
                child = tg.create_task(slow);
                co_return;
            });
        };
        const auto parent = asyncio::create_task(body);
        co_await ticks(2);
        for (int i = 0; i < 3; ++i) {
            parent.cancel();
            co_await ticks(2);
            BOOST_TEST(!parent.done());
        }
        const std::string error = co_await repr_of(parent);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(child.done());
    });
}

// TGP-10
BOOST_AUTO_TEST_CASE(nested_groups_that_fail_together_both_end) {
    run([]() -> Coroutine<> {
        const auto inner = [](TaskGroup tg) -> Coroutine<> {
            tg.create_task(fail_after("inner", 2));
            co_await forever();
        };
        const auto outer = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task(fail_after("outer", 2));
            co_await async_with(TaskGroup(), inner);
        };
        const std::string error = co_await repr_of(async_with(TaskGroup(), outer));
        BOOST_TEST(error == "ExceptionGroup(" + unhandled +
                                ", [ValueError('outer'), ExceptionGroup(" + unhandled +
                                ", [ValueError('inner')])])");
        BOOST_TEST(requests() == 0);
    });
}

// TGP-11, DBG-04
BOOST_AUTO_TEST_CASE(create_task_errors_close_the_coroutine) {
    run([]() -> Coroutine<> {
        const asyncio::warnings::Capture warnings;
        const TaskGroup fresh;
        BOOST_TEST(error_of([&] { fresh.create_task(forever()); }) ==
                   "RuntimeError('TaskGroup <TaskGroup> has not been entered')");
        std::optional<TaskGroup> used;
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            used = tg;
            tg.create_task(fail_after("x", 0));
            const std::string cancelled = co_await repr_of(forever());
            BOOST_TEST(error_of([&] { tg.create_task(forever()); }).find("is shutting down") !=
                       std::string::npos);
        };
        std::ignore = co_await repr_of(async_with(TaskGroup(), body));
        BOOST_TEST(error_of([&] { used->create_task(forever()); }).find("is finished") !=
                   std::string::npos);
        BOOST_TEST(warnings.size() == 0);
    });
}

// TGP-13
BOOST_AUTO_TEST_CASE(it_is_entered_once_and_inside_a_task) {
    run([]() -> Coroutine<> {
        std::string error;
        asyncio::get_running_loop().call_soon(
            [&] { error = error_of([] { TaskGroup().aenter(); }); });
        co_await asyncio::sleep(0);
        BOOST_TEST(error.find("cannot determine the parent task") != std::string::npos);
        const TaskGroup group;
        co_await async_with(group, []() -> Coroutine<> { co_return; });
        BOOST_TEST(error_of([&] { group.aenter(); }).find("has already been entered") !=
                   std::string::npos);
    });
}

// TGP-14
BOOST_AUTO_TEST_CASE(an_eager_child_that_fails_does_not_interrupt_create_task) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto child = []() -> Coroutine<> {
            throw asyncio::ValueError("eager");
            co_return;
        };
        const auto body = [&](TaskGroup tg) -> Coroutine<> {
            tg.create_task({.eager_start = true}, child);
            trace.push_back(std::to_string(requests()));
            trace.push_back(co_await repr_of(forever()));
        };
        trace.push_back(co_await repr_of(async_with(TaskGroup(), body)));
        BOOST_TEST(join(trace) ==
                   "0, CancelledError(), ExceptionGroup(" + unhandled + ", [ValueError('eager')])");
    });
}

// TGP-14: cpython#128550
BOOST_AUTO_TEST_CASE(an_eager_child_born_into_an_aborting_group_is_cancelled) {
    run([]() -> Coroutine<> {
        asyncio::Task<> late;
        const auto child = [&](TaskGroup tg) -> Coroutine<> {
            tg.cancel();
            co_await forever();
        };
        co_await async_with(TaskGroup(), [&](TaskGroup tg) -> Coroutine<> {
            late = tg.create_task({.eager_start = true}, child, tg);
            co_return;
        });
        BOOST_TEST(late.cancelled());
        BOOST_TEST(requests() == 0);
    });
}

BOOST_AUTO_TEST_SUITE_END()
