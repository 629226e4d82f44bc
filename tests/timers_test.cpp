// Timers: order, deadlines, cancellation, how long the loop waits. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/open_loop.hpp"
#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <unistd.h>

using asyncio_test::join;
using asyncio_test::Trace;
using asyncio_test::VirtualLoop;

namespace {

struct Fixture : asyncio_test::OpenLoop<VirtualLoop> {
    void run_until(double when) {
        loop.call_at(when, [this] { loop.stop(); });
        loop.run_forever();
    }
};

struct Receiver : asyncio::Protocol {
    void data_received(std::string_view data) override { on_data(std::string(data)); }
    std::function<void(std::string)> on_data;
};

// A connection whose other end the test holds.
struct Connected : Fixture {
    Connected() {
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        protocol->on_data = [this](std::string data) { trace.push_back(data); };
        auto connection = loop.create_connection(protocol, {.sock = ends[0]});
        transport = loop.run_until_complete(std::move(connection)).first;
    }
    ~Connected() {
        transport->abort();
        loop.run_once(0);
        ::close(ends[1]);
    }
    // The next iteration finds the data and the timer.
    void send_and_pass(const char* text) {
        loop.call_later(1, note("timer"));
        BOOST_TEST(::send(ends[1], text, 1, 0) == 1);
        loop.advance(2);
    }

    int ends[2];
    std::shared_ptr<Receiver> protocol = std::make_shared<Receiver>();
    std::shared_ptr<asyncio::Transport> transport;
};

} // namespace

BOOST_AUTO_TEST_SUITE(timers)

// SCH-03
BOOST_FIXTURE_TEST_CASE(timers_run_in_the_order_of_their_deadlines, Fixture) {
    loop.call_later(3, note("3"));
    loop.call_later(1, note("1"));
    loop.call_at(1002, note("2"));
    run_until(1010);
    BOOST_TEST(join(trace) == "1, 2, 3");
    BOOST_TEST(loop.time() == 1010);
}

// SCH-03 [+]
BOOST_FIXTURE_TEST_CASE(equal_deadlines_keep_the_order_of_insertion, Fixture) {
    Trace expected;
    for (int i = 0; i < 200; ++i) {
        expected.push_back(std::to_string(i));
        loop.call_at(1005, note(std::to_string(i)));
    }
    run_until(1006);
    BOOST_TEST(join(trace) == join(expected));
}

// SCH-03: also a delay that is over takes the way of a timer, behind what is ready.
BOOST_FIXTURE_TEST_CASE(a_negative_delay_is_due_now_but_still_a_timer, Fixture) {
    loop.call_later(-5, note("timer"));
    loop.call_soon(note("soon"));
    run_until(1000);
    BOOST_TEST(join(trace) == "soon, timer");
}

// SCH-03, G-02: what was queued runs before the timers that are due in the same iteration.
BOOST_FIXTURE_TEST_CASE(due_timers_come_after_what_is_ready, Fixture) {
    loop.call_later(1, note("timer"));
    loop.call_soon([this] {
        loop.advance(2);
        loop.call_soon(note("ready"));
    });
    run_until(1003);
    BOOST_TEST(join(trace) == "ready, timer");
}

// G-02
BOOST_FIXTURE_TEST_CASE(input_comes_before_timers_due_in_the_same_iteration, Connected) {
    send_and_pass("x");
    loop.run_once();
    BOOST_TEST(join(trace) == "x, timer");
}

// G-02
BOOST_FIXTURE_TEST_CASE(a_batch_is_what_was_ready_then_input_then_timers, Connected) {
    protocol->on_data = [this](std::string) {
        protocol->on_data = [this](std::string data) { trace.push_back(data); };
        send_and_pass("y");
        loop.call_soon(note("ready"));
    };
    BOOST_TEST(::send(ends[1], "x", 1, 0) == 1);
    loop.run_once(1);
    BOOST_TEST(trace.empty());
    loop.run_once();
    BOOST_TEST(join(trace) == "ready, y, timer");
}

BOOST_FIXTURE_TEST_CASE(a_timer_that_a_timer_sets_for_now_waits_for_the_next_iteration, Fixture) {
    loop.call_later(1, [this] {
        trace.push_back("outer");
        loop.call_later(0, note("inner"));
        loop.call_soon(note("soon"));
    });
    loop.call_later(1, note("same deadline"));
    run_until(1002);
    BOOST_TEST(join(trace) == "outer, same deadline, soon, inner");
}

// SCH-04
BOOST_FIXTURE_TEST_CASE(the_loop_waits_at_most_a_day_at_once, Fixture) {
    run_until(1000 + 2.5 * 24 * 3600);
    BOOST_TEST(loop.waits() == 3);
}

// SCH-04
BOOST_FIXTURE_TEST_CASE(the_loop_does_not_wait_while_something_is_ready, Fixture) {
    loop.call_later(5, [this] { loop.stop(); });
    loop.call_soon([this] { loop.call_soon(note("second")); });
    loop.run_forever();
    BOOST_TEST(loop.waits() == 1);
    BOOST_TEST(loop.time() == 1005);
}

// SCH-05
BOOST_FIXTURE_TEST_CASE(a_cancelled_timer_is_not_waited_for, Fixture) {
    const auto handle = loop.call_later(1, note("never"));
    handle.cancel();
    run_until(1005);
    BOOST_TEST(trace.empty());
    BOOST_TEST(loop.waits() == 1);
}

// SCH-05
BOOST_FIXTURE_TEST_CASE(cancelled_timers_at_the_head_are_dropped_lazily, Fixture) {
    for (int i = 1; i <= 50; ++i) loop.call_later(i, note("never")).cancel();
    loop.call_later(100, note("last"));
    BOOST_TEST(loop.core().timers_.size() == 51);
    loop.run_once(0);
    BOOST_TEST(loop.core().timers_.size() == 1);
}

// SCH-05
BOOST_FIXTURE_TEST_CASE(more_than_half_cancelled_of_over_a_hundred_are_purged_together, Fixture) {
    std::vector<asyncio::TimerHandle> handles;
    // The head stays alive, so that nothing can be dropped there.
    for (int i = 1; i <= 200; ++i) handles.push_back(loop.call_later(i, note("x")));
    for (int i = 50; i < 150; ++i) handles.at(static_cast<std::size_t>(i)).cancel();
    loop.run_once(0);
    BOOST_TEST(loop.core().timers_.size() == 200); // exactly half is not enough
    handles.at(150).cancel();
    loop.run_once(0);
    BOOST_TEST(loop.core().timers_.size() == 99);
    run_until(1300);
    BOOST_TEST(trace.size() == 99);
}

// SCH-05
BOOST_FIXTURE_TEST_CASE(timers_armed_and_cancelled_for_ever_do_not_pile_up, Fixture) {
    loop.call_later(1, note("head"));
    for (int i = 0; i < 10000; ++i) {
        loop.call_later(1000, note("never")).cancel();
        if (i % 10 == 0) loop.run_once(0);
    }
    loop.run_once(0);
    BOOST_TEST(loop.core().timers_.size() < 120);
}

BOOST_FIXTURE_TEST_CASE(a_timer_cancelled_by_one_due_with_it_does_not_run, Fixture) {
    asyncio::TimerHandle second;
    loop.call_at(1001, [&] { second.cancel(); });
    second = loop.call_at(1001, note("second"));
    run_until(1002);
    BOOST_TEST(trace.empty());
}

BOOST_FIXTURE_TEST_CASE(cancelling_a_timer_that_ran_does_not_upset_the_count, Fixture) {
    const auto ran = loop.call_later(1, note("ran"));
    run_until(1002);
    ran.cancel();
    ran.cancel();
    loop.call_later(1, note("next"));
    run_until(1004);
    BOOST_TEST(join(trace) == "ran, next");
    BOOST_TEST(loop.core().timers_.size() == 0);
}

// SCH-12
BOOST_FIXTURE_TEST_CASE(timers_compare_by_deadline_and_are_equal_only_to_themselves, Fixture) {
    const auto early = loop.call_at(1001, note("a"));
    const auto late = loop.call_at(1002, note("b"));
    const auto also_late = loop.call_at(1002, note("c"));
    BOOST_TEST((early < late));
    BOOST_TEST((late > early));
    BOOST_TEST((late <= also_late && late >= also_late));
    BOOST_TEST((late != also_late));
    const asyncio::TimerHandle copy = late;
    BOOST_TEST((copy == late));
    BOOST_TEST(late.when() == 1002);
}

// G-13
BOOST_FIXTURE_TEST_CASE(delays_are_doubles_or_durations, Fixture) {
    using namespace std::chrono_literals;
    BOOST_TEST(loop.call_later(250ms, note("x")).when() == 1000.25);
    BOOST_TEST(loop.call_later(1h, note("x")).when() == 4600);
    BOOST_TEST(loop.call_later(0.5, note("x")).when() == 1000.5);
    BOOST_TEST(loop.call_later(2, note("x")).when() == 1002);
}

BOOST_AUTO_TEST_CASE(the_clock_of_a_loop_is_monotonic) {
    const auto loop = asyncio::new_event_loop();
    const double before = loop->time();
    BOOST_TEST(loop->time() >= before);
    loop->call_later(0.001, [&] { loop->stop(); });
    loop->run_forever();
    BOOST_TEST(loop->time() >= before + 0.001);
    loop->close();
}

BOOST_AUTO_TEST_SUITE_END()
