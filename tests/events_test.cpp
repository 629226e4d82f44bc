// Callbacks: order, handles, contexts, other threads. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/open_loop.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using asyncio_test::Death;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::Trace;

namespace {

using Fixture = asyncio_test::OpenLoop<>;

// SCH-10: a coroutine is no callback. What of functions that give one: compiler_bugs/reject.
template <class Loop>
concept CallsCoroutines =
    requires(Loop& loop, asyncio::Coroutine<> coroutine) { loop.call_soon(std::move(coroutine)); };
static_assert(!CallsCoroutines<asyncio::EventLoop>);

} // namespace

BOOST_AUTO_TEST_SUITE(events)

// SCH-01
BOOST_FIXTURE_TEST_CASE(callbacks_run_first_in_first_out_and_once, Fixture) {
    loop.call_soon(note("a"));
    loop.call_soon(note("b"));
    loop.call_soon(note("c"));
    iterate(3);
    BOOST_TEST(join(trace) == "a, b, c");
}

// SCH-02, G-02, G-03
BOOST_FIXTURE_TEST_CASE(what_a_batch_schedules_runs_in_the_next_iteration, Fixture) {
    loop.call_soon([this] {
        trace.push_back("a");
        loop.call_soon(note("later"));
    });
    loop.call_soon(note("b"));
    iterate();
    BOOST_TEST(join(trace) == "a, b");
    iterate();
    BOOST_TEST(join(trace) == "a, b, later");
}

// SCH-02
BOOST_FIXTURE_TEST_CASE(a_callback_prevents_a_later_one_of_its_batch, Fixture) {
    asyncio::Handle second;
    loop.call_soon([&] { second.cancel(); });
    second = loop.call_soon(note("second"));
    loop.call_soon(note("third"));
    iterate(2);
    BOOST_TEST(join(trace) == "third");
    BOOST_TEST(second.cancelled());
}

// SCH-08
BOOST_FIXTURE_TEST_CASE(cancelling_destroys_the_callable_and_its_arguments_at_once, Fixture) {
    const auto soon = loop.call_soon([](Death&) {}, Death(trace, "argument"));
    const auto later = loop.call_later(3600, [death = Death(trace, "capture")] {});
    soon.cancel();
    later.cancel();
    BOOST_TEST(join(trace) == "destroyed argument, destroyed capture");
    soon.cancel(); // idempotent
    BOOST_TEST(trace.size() == 2);
}

BOOST_FIXTURE_TEST_CASE(a_callback_that_has_run_is_released_though_its_handle_lives, Fixture) {
    const auto handle = loop.call_soon([death = Death(trace, "capture")] {});
    iterate();
    BOOST_TEST(join(trace) == "destroyed capture");
    BOOST_TEST(!handle.cancelled());
}

BOOST_FIXTURE_TEST_CASE(arguments_are_moved_into_the_call, Fixture) {
    int seen = 0;
    loop.call_soon([&](std::unique_ptr<int> p, int n) { seen = *p + n; }, std::make_unique<int>(40),
                   2);
    iterate();
    BOOST_TEST(seen == 42);
}

BOOST_FIXTURE_TEST_CASE(member_functions_are_callbacks, Fixture) {
    struct Counter {
        int count = 0;
        void add(int n) { count += n; }
    } counter;
    loop.call_soon(&Counter::add, &counter, 3);
    iterate();
    BOOST_TEST(counter.count == 3);
}

// SCH-09
BOOST_FIXTURE_TEST_CASE(a_callback_runs_in_a_copy_of_the_context_of_its_scheduling, Fixture) {
    const asyncio::ContextVar<int> variable("variable", 0);
    asyncio::Context().run([&] {
        variable.set(1);
        loop.call_soon([&] {
            trace.push_back(std::to_string(variable.get()));
            variable.set(7);
        });
        variable.set(2);
        loop.call_soon([&] { trace.push_back(std::to_string(variable.get())); });
        iterate();
        BOOST_TEST(variable.get() == 2);
    });
    BOOST_TEST(join(trace) == "1, 2");
}

BOOST_FIXTURE_TEST_CASE(a_callback_runs_in_the_context_it_is_given, Fixture) {
    const asyncio::ContextVar<int> variable("variable", 0);
    const asyncio::Context context;
    context.run([&] { variable.set(5); });
    const auto handle =
        loop.call_soon({.context = &context}, [&] { variable.set(variable.get() + 1); });
    BOOST_TEST((handle.get_context() == context));
    loop.call_later({.context = &context}, 0, [&] { variable.set(variable.get() + 10); });
    loop.call_soon_threadsafe({.context = &context}, [&] { variable.set(variable.get() + 100); });
    iterate(2);
    BOOST_TEST(*context.get(variable) == 116);
}

BOOST_FIXTURE_TEST_CASE(the_repr_of_a_handle_names_its_state, Fixture) {
    const auto soon = loop.call_soon([] {});
    const auto later = loop.call_later(1, [] {});
    BOOST_TEST(soon.repr().starts_with("<Handle "));
    BOOST_TEST(later.repr().starts_with("<TimerHandle "));
    soon.cancel();
    later.cancel();
    BOOST_TEST(soon.repr() == "<Handle cancelled>");
    BOOST_TEST(later.repr() == "<TimerHandle cancelled>");
}

BOOST_AUTO_TEST_CASE(an_empty_handle_is_none) {
    const asyncio::Handle none;
    BOOST_TEST(!none);
    BOOST_TEST(error_of([&] { none.cancel(); }) == "RuntimeError('the Handle is None')");
}

// LIF-08
BOOST_AUTO_TEST_CASE(nothing_is_scheduled_on_a_closed_loop) {
    const auto loop = asyncio::new_event_loop();
    loop->close();
    const std::string closed = "RuntimeError('Event loop is closed')";
    BOOST_TEST(error_of([&] { loop->call_soon([] {}); }) == closed);
    BOOST_TEST(error_of([&] { loop->call_soon_threadsafe([] {}); }) == closed);
    BOOST_TEST(error_of([&] { loop->call_later(1, [] {}); }) == closed);
    BOOST_TEST(error_of([&] { loop->call_at(1, [] {}); }) == closed);
}

BOOST_FIXTURE_TEST_CASE(the_running_loop_is_known_inside_a_callback_only, Fixture) {
    const std::string none = "RuntimeError('no running event loop')";
    BOOST_TEST(error_of([] { asyncio::get_running_loop(); }) == none);
    const asyncio::AbstractEventLoop* seen = nullptr;
    loop.call_soon([&] { seen = &asyncio::get_running_loop(); });
    iterate();
    BOOST_TEST(seen == &loop);
    BOOST_TEST(error_of([] { asyncio::get_running_loop(); }) == none);
}

// SCH-06
BOOST_FIXTURE_TEST_CASE(a_thread_wakes_a_loop_that_waits, Fixture) {
    std::thread thread([&] { loop.call_soon_threadsafe([&] { loop.stop(); }); });
    loop.run_forever();
    thread.join();
}

// SCH-06
BOOST_FIXTURE_TEST_CASE(callbacks_of_one_thread_keep_their_order, Fixture) {
    std::vector<int> seen;
    std::thread thread([&] {
        for (int i = 0; i < 1000; ++i) loop.call_soon_threadsafe([&, i] { seen.push_back(i); });
        loop.call_soon_threadsafe([&] { loop.stop(); });
    });
    loop.run_forever();
    thread.join();
    BOOST_TEST(seen.size() == 1000);
    BOOST_TEST(std::is_sorted(seen.begin(), seen.end()));
}

// SCH-06
BOOST_FIXTURE_TEST_CASE(on_the_loops_thread_threadsafe_calls_keep_their_place, Fixture) {
    loop.call_soon([&] {
        loop.call_soon(note("a"));
        loop.call_soon_threadsafe(note("b"));
        loop.call_soon(note("c"));
    });
    iterate(2);
    BOOST_TEST(join(trace) == "a, b, c");
}

// SCH-06
BOOST_AUTO_TEST_CASE(calls_from_threads_may_race_with_close) {
    for (int round = 0; round < 20; ++round) {
        const auto loop = asyncio::new_event_loop();
        std::atomic<bool> ready{false};
        std::thread thread([&] {
            ready = true;
            try {
                for (;;) loop->call_soon_threadsafe([p = std::make_unique<int>(1)] {});
            } catch (const asyncio::RuntimeError& error) {
                BOOST_TEST(error.str() == "Event loop is closed");
            }
        });
        while (!ready) std::this_thread::yield();
        loop->close();
        thread.join();
    }
}

// SCH-07
BOOST_FIXTURE_TEST_CASE(a_thread_that_cancels_waits_for_the_callback_to_end, Fixture) {
    std::promise<void> started;
    std::atomic<bool> ended{false};
    const auto handle = loop.call_soon_threadsafe([&] {
        started.set_value();
        for (int i = 0; i < 1000; ++i) std::this_thread::yield();
        ended = true;
    });
    bool ended_before_cancel_returned = false;
    std::thread thread([&] {
        started.get_future().wait();
        handle.cancel();
        ended_before_cancel_returned = ended;
    });
    iterate();
    thread.join();
    BOOST_TEST(ended_before_cancel_returned);
}

// SCH-07
BOOST_FIXTURE_TEST_CASE(a_callback_that_a_thread_cancelled_never_starts, Fixture) {
    const auto handle = loop.call_soon_threadsafe(note("ran"));
    std::thread([&] { handle.cancel(); }).join();
    iterate();
    BOOST_TEST(trace.empty());
}

// SCH-07
BOOST_FIXTURE_TEST_CASE(a_threadsafe_callback_may_cancel_itself, Fixture) {
    asyncio::Handle handle;
    handle = loop.call_soon_threadsafe([&] {
        handle.cancel();
        trace.push_back("went on");
    });
    iterate();
    BOOST_TEST(join(trace) == "went on");
}

// DBG-01, FUT-13
BOOST_FIXTURE_TEST_CASE(debug_mode_detects_calls_from_another_thread, Fixture) {
    loop.set_debug(true);
    const std::string wrong = "RuntimeError('Non-thread-safe operation invoked on an event loop "
                              "other than the current one')";
    const auto future = loop.create_future<int>();
    future.add_done_callback([] {});
    const auto waited = loop.create_future();
    const auto task = loop.create_task(asyncio_test::wait_on(waited));
    iterate();
    Trace errors;
    loop.call_soon([&] {
        std::thread([&] {
            errors.push_back(error_of([&] { task.cancel(); }));
            errors.push_back(error_of([&] { loop.call_soon([] {}); }));
            errors.push_back(error_of([&] { loop.call_later(1, [] {}); }));
            errors.push_back(error_of([&] { loop.call_at(1, [] {}); }));
            errors.push_back(error_of([&] { future.set_result(1); }));
        }).join();
    });
    iterate();
    BOOST_TEST(errors.size() == 5);
    for (const std::string& error : errors) BOOST_TEST(error == wrong);
    BOOST_TEST(task.cancelling() == 0);
    waited.set_result();
    iterate();
    iterate();
    BOOST_TEST(task.done());
    // A loop that does not run belongs to no thread.
    std::thread([&] { BOOST_TEST(error_of([&] { loop.call_soon([] {}); }) == "no error"); }).join();
}

// SCH-06, SCH-07
BOOST_AUTO_TEST_CASE(handles_may_be_cancelled_by_threads_while_the_loop_closes) {
    struct Payload {
        explicit Payload(std::atomic<int>* counter) : alive(counter) { ++*alive; }
        Payload(const Payload& other) : alive(other.alive) { ++*alive; }
        ~Payload() { --*alive; }
        void operator()() const {}
        std::atomic<int>* alive;
        std::string text = std::string(50, 'x');
    };
    std::atomic<int> alive{0};
    for (int round = 0; round < 50; ++round) {
        const auto loop = asyncio::new_event_loop();
        std::vector<asyncio::Handle> handles;
        const Payload payload(&alive);
        for (int i = 0; i < 100; ++i) handles.push_back(loop->call_soon_threadsafe(payload));
        std::atomic<bool> started{false};
        std::thread canceller([&] {
            started = true;
            for (auto at = handles.rbegin(); at != handles.rend(); ++at) at->cancel();
        });
        while (!started) std::this_thread::yield();
        loop->close();
        canceller.join();
        handles.clear();
    }
    BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_SUITE_END()
