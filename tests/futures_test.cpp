// Futures: states, results, callbacks, errors that nobody looked at.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::new_future;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(futures)

// FUT-01, FUT-02
BOOST_AUTO_TEST_CASE(a_pending_future_has_neither_result_nor_exception) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        BOOST_TEST(!future.done());
        BOOST_TEST(!future.cancelled());
        BOOST_TEST(error_of([&] { future.result(); }) ==
                   "InvalidStateError('Result is not ready.')");
        BOOST_TEST(error_of([&] { std::ignore = future.exception(); }) ==
                   "InvalidStateError('Exception is not set.')");
        co_return;
    });
}

// FUT-01
BOOST_AUTO_TEST_CASE(a_finished_future_cannot_change) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        future.set_result(42);
        BOOST_TEST(future.result() == 42);
        BOOST_TEST((future.exception() == nullptr));
        const std::string invalid = "InvalidStateError('invalid state')";
        BOOST_TEST(error_of([&] { future.set_result(1); }) == invalid);
        BOOST_TEST(error_of([&] { future.set_exception(asyncio::ValueError("x")); }) == invalid);
        BOOST_TEST(!future.cancel());
        BOOST_TEST(future.result() == 42);
        co_return;
    });
}

// FUT-01, FUT-02
BOOST_AUTO_TEST_CASE(a_cancelled_future_raises_from_result_and_from_exception) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        BOOST_TEST(future.cancel("why"));
        BOOST_TEST(future.cancelled());
        BOOST_TEST(future.done());
        BOOST_TEST(!future.cancel());
        BOOST_TEST(error_of([&] { future.result(); }) == "CancelledError('why')");
        BOOST_TEST(error_of([&] { std::ignore = future.exception(); }) == "CancelledError('why')");
        BOOST_TEST(error_of([&] { future.set_result(1); }) == "InvalidStateError('invalid state')");
        co_return;
    });
}

// FUT-02, FUT-09
BOOST_AUTO_TEST_CASE(an_exception_is_the_same_object_each_time) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        const auto error = std::make_exception_ptr(asyncio::ValueError("x"));
        future.set_exception(error);
        BOOST_TEST((future.exception() == error));
        for (int i = 0; i < 2; ++i) {
            std::exception_ptr seen;
            try {
                co_await future;
            } catch (...) {
                seen = std::current_exception();
            }
            BOOST_TEST((seen == error));
        }
    });
}

// FUT-10
BOOST_AUTO_TEST_CASE(a_null_exception_is_a_type_error) {
    run([]() -> Coroutine<> {
        const auto future = new_future<int>();
        BOOST_TEST(error_of([&] { future.set_exception(std::exception_ptr()); }) ==
                   "TypeError('invalid exception object')");
        BOOST_TEST(!future.done());
        co_return;
    });
}

// FUT-03, G-04
BOOST_AUTO_TEST_CASE(callbacks_are_scheduled_in_order_and_never_called_at_once) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto future = new_future<int>();
        future.add_done_callback(
            [&](Future<int> f) { trace.push_back("a" + std::to_string(f.result())); });
        future.add_done_callback([&] { trace.push_back("b"); });
        asyncio::get_running_loop().call_soon([&] { trace.push_back("queued before"); });
        future.set_result(1);
        BOOST_TEST(trace.empty());
        co_await asyncio::sleep(0);
        BOOST_TEST(join(trace) == "queued before, a1, b");
        future.add_done_callback([&] { trace.push_back("late"); });
        BOOST_TEST(trace.size() == 3);
        co_await asyncio::sleep(0);
        BOOST_TEST(trace.back() == "late");
    });
}

// FUT-03
BOOST_AUTO_TEST_CASE(each_callback_runs_in_the_context_of_its_registration) {
    run([]() -> Coroutine<> {
        const asyncio::ContextVar<int> variable("variable", 0);
        Trace trace;
        const auto note = [&] { trace.push_back(std::to_string(variable.get())); };
        const auto future = new_future();
        variable.set(1);
        future.add_done_callback(note);
        variable.set(2);
        future.add_done_callback(note);
        const asyncio::Context other;
        other.run([&] { variable.set(9); });
        future.add_done_callback(note, {.context = &other});
        variable.set(3);
        future.set_result();
        co_await asyncio::sleep(0);
        BOOST_TEST(join(trace) == "1, 2, 9");
    });
}

// FUT-05
BOOST_AUTO_TEST_CASE(removing_a_callback_does_not_reach_scheduled_ones) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto future = new_future();
        const auto first = future.add_done_callback([&] { trace.push_back("first"); });
        const auto second = future.add_done_callback([&] { trace.push_back("second"); });
        BOOST_TEST(future.remove_done_callback(first) == 1);
        BOOST_TEST(future.remove_done_callback(first) == 0);
        future.set_result();
        BOOST_TEST(future.remove_done_callback(second) == 0);
        co_await asyncio::sleep(0);
        BOOST_TEST(join(trace) == "second");
    });
}

namespace {
int called = 0;
void count_call(const Future<>&) { ++called; }
void count_ten(const Future<>&) { called += 10; }
} // namespace

// FUT-05: all that are equal go.
BOOST_AUTO_TEST_CASE(callbacks_that_compare_are_removed_by_themselves) {
    run([]() -> Coroutine<> {
        called = 0;
        const auto future = new_future();
        future.add_done_callback(count_call);
        future.add_done_callback(&count_ten);
        future.add_done_callback(count_call);
        BOOST_TEST(future.remove_done_callback(count_call) == 2);
        BOOST_TEST(future.remove_done_callback(&count_call) == 0);
        future.set_result();
        co_await asyncio::sleep(0);
        BOOST_TEST(called == 10);
    });
}

// FUT-06
BOOST_AUTO_TEST_CASE(callbacks_may_add_and_remove_callbacks) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto future = new_future();
        asyncio::CallbackId last{};
        future.add_done_callback([&](Future<> f) {
            trace.push_back("first");
            f.add_done_callback([&] { trace.push_back("added"); });
            f.remove_done_callback(last);
        });
        last = future.add_done_callback([&] { trace.push_back("last"); });
        future.set_result();
        co_await ticks(2);
        BOOST_TEST(join(trace) == "first, last, added");
    });
}

// FUT-14
BOOST_AUTO_TEST_CASE(results_may_be_references_or_nothing) {
    run([]() -> Coroutine<> {
        int value = 1;
        const auto reference = new_future<int&>();
        reference.set_result(value);
        int& seen = co_await reference;
        BOOST_TEST(&seen == &value);
        BOOST_TEST(&reference.result() == &value);
        const auto none = new_future();
        none.set_result();
        co_await none;
        none.result();
    });
}

// FUT-14
BOOST_AUTO_TEST_CASE(a_move_only_result_is_taken_once) {
    run([]() -> Coroutine<> {
        const auto future = new_future<std::unique_ptr<int>>();
        future.set_result(std::make_unique<int>(5));
        BOOST_TEST(*future.result() == 5);
        const auto taken = co_await future;
        BOOST_TEST(*taken == 5);
        const std::string again = co_await asyncio_test::repr_of(future);
        BOOST_TEST(again == "InvalidStateError('The result was moved out by an earlier await.')");
    });
}

// FUT-14: an lvalue copies, the last handle moves.
BOOST_AUTO_TEST_CASE(awaiting_the_last_handle_moves_the_result) {
    run([]() -> Coroutine<> {
        const auto shared = std::make_shared<int>(1);
        auto future = new_future<std::shared_ptr<int>>();
        future.set_result(shared);
        const auto copy = co_await future;
        BOOST_TEST(shared.use_count() == 3);
        const auto moved = co_await std::move(future);
        BOOST_TEST(shared.use_count() == 3);
    });
}

// TSK-07
BOOST_AUTO_TEST_CASE(several_tasks_await_one_future_and_wake_in_order) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto future = new_future<int>();
        std::vector<asyncio::Task<>> tasks;
        for (int i = 0; i < 3; ++i)
            tasks.push_back(asyncio::create_task(
                [&trace](Future<int> f, int n) -> Coroutine<> {
                    const int result = co_await f;
                    trace.push_back(std::to_string(n) + ":" + std::to_string(result));
                },
                future, i));
        co_await asyncio::sleep(0);
        future.set_result(7);
        co_await asyncio::sleep(0);
        BOOST_TEST(join(trace) == "0:7, 1:7, 2:7");
    });
}

// G-08: handles are values.
BOOST_AUTO_TEST_CASE(handles_are_compared_by_identity_ordered_and_hashed) {
    run([]() -> Coroutine<> {
        const auto a = new_future<int>();
        const auto b = new_future<int>();
        const auto same = a;
        BOOST_TEST((a == same));
        BOOST_TEST((a != b));
        BOOST_TEST((std::set<Future<int>>{a, b, same}.size() == 2));
        BOOST_TEST((std::unordered_set<asyncio::FutureRef>{a, b, same}.size() == 2));
        BOOST_TEST((a.get_loop().get_debug() == asyncio::get_running_loop().get_debug()));
        BOOST_TEST((&a.get_loop() == &asyncio::get_running_loop()));
        BOOST_TEST(asyncio::isfuture(a));
        BOOST_TEST(!asyncio::isfuture(1));
        const Future<int> none;
        BOOST_TEST(!none);
        BOOST_TEST(error_of([&] { none.done(); }) == "RuntimeError('the Future is None')");
        co_return;
    });
}

BOOST_AUTO_TEST_CASE(the_repr_tells_the_state) {
    run([]() -> Coroutine<> {
        asyncio::get_running_loop().set_debug(false);
        const auto future = new_future<int>();
        BOOST_TEST(to_string(future) == "<Future pending>");
        future.set_exception(asyncio::ValueError("x"));
        BOOST_TEST(to_string(future) == "<Future finished exception=ValueError('x')>");
        std::ignore = future.exception();
        const auto cancelled = new_future<int>();
        cancelled.cancel();
        BOOST_TEST(to_string(cancelled) == "<Future cancelled>");
        co_return;
    });
}

BOOST_AUTO_TEST_CASE(handles_compare_with_null_and_print_themselves) {
    run([]() -> Coroutine<> {
        Future<> none;
        BOOST_TEST((none == nullptr));
        const auto future = asyncio::get_running_loop().create_future();
        BOOST_TEST((future != nullptr));
        std::ostringstream out;
        out << future;
        BOOST_TEST(out.str() == "<Future pending>");
        co_return;
    });
}

BOOST_AUTO_TEST_SUITE_END()
