// The life of a loop: running, stopping, closing. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/open_loop.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::Death;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::Reports;
using asyncio_test::Trace;

namespace {

using Fixture = asyncio_test::OpenLoop<>;

Coroutine<int> answer() { co_return 42; }

} // namespace

BOOST_AUTO_TEST_SUITE(event_loop)

// LIF-01
BOOST_FIXTURE_TEST_CASE(stop_lets_the_batch_end_and_keeps_what_it_scheduled, Fixture) {
    loop.call_soon([this] {
        loop.stop();
        loop.call_soon(note("scheduled by the batch"));
    });
    loop.call_soon(note("rest of the batch"));
    loop.run_forever();
    BOOST_TEST(join(trace) == "rest of the batch");
    loop.stop();
    loop.run_forever();
    BOOST_TEST(join(trace) == "rest of the batch, scheduled by the batch");
}

// LIF-02
BOOST_FIXTURE_TEST_CASE(a_loop_stopped_before_it_runs_makes_one_iteration, Fixture) {
    loop.call_soon([this] {
        trace.push_back("first");
        loop.call_soon(note("second"));
    });
    loop.stop();
    loop.run_forever();
    BOOST_TEST(join(trace) == "first");
}

// LIF-03
BOOST_FIXTURE_TEST_CASE(a_running_loop_cannot_be_run, Fixture) {
    const auto other = asyncio::new_event_loop();
    loop.call_soon([&] {
        trace.push_back(error_of([&] { loop.run_forever(); }));
        trace.push_back(error_of([&] { other->run_forever(); }));
        loop.stop();
    });
    loop.run_forever();
    BOOST_TEST(trace.at(0) == "RuntimeError('This event loop is already running')");
    BOOST_TEST(trace.at(1) ==
               "RuntimeError('Cannot run the event loop while another loop is running')");
    other->close();
}

// LIF-04
BOOST_FIXTURE_TEST_CASE(run_until_complete_gives_the_result_or_the_error, Fixture) {
    BOOST_TEST(loop.run_until_complete(answer()) == 42);
    const auto fail = []() -> Coroutine<> {
        co_await asyncio::sleep(0);
        throw asyncio::ValueError("bad");
    };
    BOOST_TEST(error_of([&] { loop.run_until_complete(fail()); }) == "ValueError('bad')");
    const auto future = loop.create_future<int>();
    loop.call_soon([&] { future.set_result(7); });
    BOOST_TEST(loop.run_until_complete(future) == 7);
}

// LIF-04
BOOST_FIXTURE_TEST_CASE(a_loop_that_stops_before_the_future_is_done_is_an_error, Fixture) {
    const auto future = loop.create_future<>();
    loop.call_soon([this] { loop.stop(); });
    BOOST_TEST(error_of([&] { loop.run_until_complete(future); }) ==
               "RuntimeError('Event loop stopped before Future completed.')");
    // The stopping callback is gone: completing the future does not stop a later run.
    loop.call_soon([&] { future.set_result(); });
    loop.call_later(0, [this] {
        trace.push_back("still running");
        loop.stop();
    });
    loop.run_forever();
    BOOST_TEST(join(trace) == "still running");
}

// LIF-04, TSK-05
BOOST_FIXTURE_TEST_CASE(keyboard_interrupt_leaves_the_run_and_the_loop_runs_again, Fixture) {
    const auto interrupted = []() -> Coroutine<> {
        co_await asyncio::sleep(0);
        throw asyncio::KeyboardInterrupt();
    };
    BOOST_CHECK_THROW(loop.run_until_complete(interrupted()), asyncio::KeyboardInterrupt);
    // Nothing that is left over stops the next run early.
    const auto three_ticks = []() -> Coroutine<int> {
        for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
        co_return 3;
    };
    BOOST_TEST(loop.run_until_complete(three_ticks()) == 3);
}

// LIF-04
BOOST_FIXTURE_TEST_CASE(an_error_that_escapes_the_loop_takes_the_stopping_callback_away, Fixture) {
    const auto future = loop.create_future<>();
    loop.call_soon([] { throw asyncio::SystemExit(3); });
    BOOST_CHECK_THROW(loop.run_until_complete(future), asyncio::SystemExit);
    loop.call_soon([&] { future.set_result(); });
    loop.call_soon([this] {
        loop.call_soon([this] {
            loop.call_soon([this] {
                trace.push_back("ran on");
                loop.stop();
            });
        });
    });
    loop.run_forever();
    BOOST_TEST(join(trace) == "ran on");
}

// EXH-04, RUN-13: what was left of the batch is still there, before what it scheduled.
BOOST_FIXTURE_TEST_CASE(an_interrupted_batch_goes_on_in_the_next_run, Fixture) {
    loop.call_soon([this] {
        loop.call_soon(note("scheduled"));
        throw asyncio::KeyboardInterrupt();
    });
    loop.call_soon(note("rest"));
    BOOST_CHECK_THROW(loop.run_forever(), asyncio::KeyboardInterrupt);
    BOOST_TEST(!loop.is_running());
    loop.call_soon([this] { loop.stop(); });
    loop.run_forever();
    BOOST_TEST(join(trace) == "rest, scheduled");
}

// LIF-05, TSK-24
BOOST_AUTO_TEST_CASE(the_task_of_run_until_complete_is_not_reported_as_destroyed) {
    const auto loop = asyncio::new_event_loop();
    const Reports reports(*loop);
    loop->call_soon([&] { loop->stop(); });
    const auto forever = [](asyncio::Future<> future) -> Coroutine<> { co_await future; };
    BOOST_CHECK_THROW(loop->run_until_complete(forever(loop->create_future())),
                      asyncio::RuntimeError);
    loop->close();
    BOOST_TEST(reports.size() == 0);
}

// LIF-06
BOOST_FIXTURE_TEST_CASE(a_loop_runs_again_and_in_another_thread, Fixture) {
    BOOST_TEST(loop.run_until_complete(answer()) == 42);
    BOOST_TEST(error_of([] { asyncio::get_running_loop(); }) ==
               "RuntimeError('no running event loop')");
    int result = 0;
    std::thread([&] { result = loop.run_until_complete(answer()); }).join();
    BOOST_TEST(result == 42);
    BOOST_TEST(loop.run_until_complete(answer()) == 42);
}

// LIF-07
BOOST_AUTO_TEST_CASE(closing_drops_what_is_queued_without_running_it) {
    const auto loop = asyncio::new_event_loop();
    Trace trace;
    loop->call_soon([death = Death(trace, "callback")] {});
    loop->call_later(1, [death = Death(trace, "timer")] {});
    loop->call_soon_threadsafe([death = Death(trace, "from a thread")] {});
    loop->close();
    BOOST_TEST(join(trace) == "destroyed callback, destroyed from a thread, destroyed timer");
    BOOST_TEST(loop->is_closed());
    loop->close();
}

// LIF-07
BOOST_FIXTURE_TEST_CASE(a_running_loop_cannot_be_closed, Fixture) {
    loop.call_soon([this] {
        trace.push_back(error_of([this] { loop.close(); }));
        loop.stop();
    });
    loop.run_forever();
    BOOST_TEST(join(trace) == "RuntimeError('Cannot close a running event loop')");
    BOOST_TEST(!loop.is_closed());
}

// LIF-08
BOOST_AUTO_TEST_CASE(a_closed_loop_runs_nothing_and_starts_no_tasks) {
    const auto loop = asyncio::new_event_loop();
    loop->close();
    const asyncio::warnings::Capture warnings;
    const std::string closed = "RuntimeError('Event loop is closed')";
    BOOST_TEST(error_of([&] { loop->run_forever(); }) == closed);
    BOOST_TEST(error_of([&] { loop->run_until_complete(answer()); }) == closed);
    BOOST_TEST(error_of([&] { loop->create_task(answer()); }) == closed);
}

// LIF-09, DBG-09
BOOST_AUTO_TEST_CASE(a_loop_destroyed_open_warns_and_closes) {
    const asyncio::warnings::Capture warnings;
    Trace trace;
    auto loop = asyncio::new_event_loop();
    loop->call_soon([death = Death(trace, "callback")] {});
    loop.reset();
    BOOST_TEST(warnings.size() == 1);
    BOOST_TEST(warnings.contains(asyncio::warnings::Category::ResourceWarning,
                                 "unclosed event loop <EventLoop running=False closed=False"));
    BOOST_TEST(join(trace) == "destroyed callback");
}

// LIF-10
BOOST_FIXTURE_TEST_CASE(a_forked_child_has_no_running_loop, Fixture) {
    int status = -1;
    loop.call_soon([&] {
        const pid_t child = ::fork();
        if (child == 0) {
            const std::string error = error_of([] { asyncio::get_running_loop(); });
            ::_exit(error == "RuntimeError('no running event loop')" ? 0 : 1);
        }
        ::waitpid(child, &status, 0);
        loop.stop();
    });
    loop.run_forever();
    BOOST_TEST(status == 0);
}

// LIF-13
BOOST_FIXTURE_TEST_CASE(run_once_makes_one_iteration, Fixture) {
    loop.call_soon([this] {
        trace.push_back("first");
        loop.call_soon(note("second"));
    });
    loop.run_once(0);
    BOOST_TEST(join(trace) == "first");
    loop.run_once();
    BOOST_TEST(join(trace) == "first, second");
    loop.run_once(0); // does not wait
}

BOOST_FIXTURE_TEST_CASE(the_repr_of_a_loop_tells_its_state, Fixture) {
    loop.set_debug(false);
    BOOST_TEST(loop.repr() == "<EventLoop running=False closed=False debug=False>");
    loop.set_debug(true);
    loop.call_soon([this] {
        trace.push_back(loop.repr());
        loop.stop();
    });
    loop.run_forever();
    BOOST_TEST(join(trace) == "<EventLoop running=True closed=False debug=True>");
}

// The call that runs it keeps the loop.
BOOST_AUTO_TEST_CASE(a_loop_may_lose_its_last_handle_while_it_runs) {
    const asyncio::warnings::Capture warnings;
    auto loop = asyncio::new_event_loop();
    bool ran = false;
    loop->call_soon([&] {
        loop->stop();
        loop.reset();
        asyncio::get_running_loop().call_soon([] {});
        ran = true;
    });
    loop->run_forever();
    BOOST_TEST(ran);
    asyncio::set_event_loop(asyncio::new_event_loop());
    const auto main = []() -> Coroutine<> {
        asyncio::set_event_loop(nullptr);
        co_await asyncio::sleep(0);
    };
    asyncio::get_event_loop().run_until_complete(main());
    BOOST_TEST(warnings.size() == 2); // unclosed event loop
}

// LIF-03
BOOST_AUTO_TEST_CASE(a_future_of_another_loop_is_refused) {
    const auto loop = asyncio::new_event_loop();
    const auto other = asyncio::new_event_loop();
    const auto future = other->create_future();
    const std::string expected = "ValueError('The future belongs to a different loop than the one "
                                 "specified as the loop argument')";
    BOOST_TEST(error_of([&] { loop->run_until_complete(future); }) == expected);
    future.set_result();
    BOOST_TEST(error_of([&] { loop->run_until_complete(future); }) == expected);
    loop->close();
    other->close();
}

// G-10. Destructors of frames may complete futures whose waiters are being destroyed too.
BOOST_AUTO_TEST_CASE(futures_completed_while_the_loop_closes_wake_nobody) {
    struct Notify {
        explicit Notify(asyncio::Future<> f) : future(f) {}
        Notify(const Notify&) = delete;
        ~Notify() {
            if (!future.done()) future.set_result();
        }
        asyncio::Future<> future;
    };
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {}); // destroyed but pending
    const auto future = loop->create_future();
    const auto holder = [](asyncio::Future<> f) -> Coroutine<> {
        const Notify notify(f);
        co_await asyncio::sleep(3600);
    };
    bool woken = false;
    const auto waiter = [](asyncio::Future<> f, bool* mark) -> Coroutine<> {
        co_await f;
        *mark = true;
    };
    const auto held = loop->create_task(holder(future));
    const auto waiting = loop->create_task(waiter(future, &woken));
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    loop->close();
    BOOST_TEST(future.done());
    BOOST_TEST(!woken);
}

BOOST_AUTO_TEST_SUITE_END()
