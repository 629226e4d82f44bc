// AsyncExitStack: exits in reverse order, each with the exception that the one before it left.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using asyncio::async_with;
using asyncio::AsyncExitStack;
using asyncio::Coroutine;
using asyncio_test::Death;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::Trace;

namespace {

std::string text(const std::exception_ptr& error) { return error ? asyncio::repr(error) : "None"; }

// A manager that notes what happens; it refers to itself, as a user's may.
class Manager {
public:
    Manager(Trace& trace, std::string name, bool swallow = false)
        : trace_(&trace), name_(std::move(name)), swallow_(swallow) {}
    Coroutine<Manager*> aenter() {
        co_await asyncio::sleep(0);
        trace_->push_back("enter " + name_);
        co_return this;
    }
    Coroutine<bool> aexit(std::exception_ptr error) {
        co_await asyncio::sleep(0);
        trace_->push_back("exit " + name_ + " " + text(error));
        co_return swallow_;
    }
    const std::string& name() const { return name_; }

private:
    Trace* trace_;
    std::string name_;
    bool swallow_;
};

template <class E>
auto raising(E error) {
    return [error](std::exception_ptr) -> Coroutine<bool> {
        co_await asyncio::sleep(0);
        throw error;
    };
}

// repr of the error and of what it was raised in the place of.
std::string chain(std::exception_ptr error) {
    std::string all = text(error);
    while (error) {
        const auto* const known = asyncio::exception_cast<asyncio::BaseException>(error);
        error = known ? known->context() : nullptr;
        if (error) all += " < " + text(error);
    }
    return all;
}

template <class A>
Coroutine<std::string> chain_of(A awaitable) {
    std::exception_ptr error;
    try {
        co_await std::move(awaitable);
    } catch (...) {
        error = std::current_exception();
    }
    co_return chain(error);
}

Coroutine<> fail() {
    throw asyncio::OSError("body");
    co_return;
}

} // namespace

BOOST_AUTO_TEST_SUITE(async_exit_stack)

BOOST_AUTO_TEST_CASE(managers_are_entered_at_once_and_left_in_reverse_order) { // AGN-01
    run([]() -> Coroutine<> {
        Trace trace;
        const int value =
            co_await async_with(AsyncExitStack{}, [&](AsyncExitStack stack) -> Coroutine<int> {
                Manager* const a = co_await stack.enter_async_context(Manager(trace, "a"));
                Manager* const b = co_await stack.enter_async_context(Manager(trace, "b"));
                trace.push_back("body " + a->name() + b->name());
                co_return 7;
            });
        BOOST_TEST(value == 7);
        BOOST_TEST(join(trace) == "enter a, enter b, body ab, exit b None, exit a None");
    });
}

BOOST_AUTO_TEST_CASE(the_librarys_managers_can_be_entered) {
    run([]() -> Coroutine<> {
        const asyncio::Lock lock;
        int n = 0;
        co_await async_with(AsyncExitStack{}, [&](AsyncExitStack stack) -> Coroutine<> {
            co_await stack.enter_async_context(lock);
            const auto tg = co_await stack.enter_async_context(asyncio::TaskGroup{});
            tg.create_task([&]() -> Coroutine<> {
                co_await asyncio::sleep(0);
                n += lock.locked() ? 1 : 10;
            });
        });
        BOOST_TEST(n == 1);
        BOOST_TEST(!lock.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_failing_enter_pushes_nothing) { // AGN-01
    run([]() -> Coroutine<> {
        Trace trace;
        const AsyncExitStack stack;
        const auto manager = asyncio::async_context(
            []() -> Coroutine<> {
                throw asyncio::ValueError("enter");
                co_return;
            },
            [&] { trace.push_back("exit"); });
        const std::string error = co_await repr_of(stack.enter_async_context(manager));
        BOOST_TEST(error == "ValueError('enter')");
        co_await stack.aclose();
        BOOST_TEST(trace.empty());
    });
}

BOOST_AUTO_TEST_CASE(every_kind_of_exit_is_called_last_in_first_out) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto note = [&](std::string what, int n) -> Coroutine<> {
            co_await asyncio::sleep(0);
            trace.push_back(what + std::to_string(n));
        };
        const AsyncExitStack stack;
        stack.push_async_callback(note, "async callback ", 1);
        stack.callback([&](const std::string& what) { trace.push_back(what); }, "callback");
        stack.push_async_exit([&](std::exception_ptr error) -> Coroutine<> {
            trace.push_back("async exit " + text(error));
            co_return;
        });
        stack.push([&](const std::exception_ptr& error) {
            trace.push_back("exit " + text(error));
            return true;
        });
        stack.push_async_exit(Manager(trace, "m"));
        co_await stack.aclose();
        BOOST_TEST(join(trace) ==
                   "exit m None, exit None, async exit None, callback, async callback 1");
        co_await stack.aclose();
        BOOST_TEST(trace.size() == 5U);
    });
}

BOOST_AUTO_TEST_CASE(exits_pushed_while_it_unwinds_run_too) {
    run([]() -> Coroutine<> {
        Trace trace;
        const AsyncExitStack stack;
        stack.callback([&] { trace.push_back("first"); });
        stack.callback([&, stack] { stack.callback([&] { trace.push_back("pushed late"); }); });
        co_await stack.aclose();
        BOOST_TEST(join(trace) == "pushed late, first");
    });
}

BOOST_AUTO_TEST_CASE(an_exit_may_swallow_the_exception) { // AGN-01
    run([]() -> Coroutine<> {
        Trace trace;
        const int value =
            co_await async_with(AsyncExitStack{}, [&](AsyncExitStack stack) -> Coroutine<int> {
                stack.push_async_exit(Manager(trace, "outer"));
                stack.push_async_exit(Manager(trace, "swallows", true));
                stack.push_async_exit(Manager(trace, "inner"));
                throw asyncio::ValueError("x");
                co_return 1;
            });
        BOOST_TEST(value == 0);
        BOOST_TEST(join(trace) ==
                   "exit inner ValueError('x'), exit swallows ValueError('x'), exit outer None");
    });
}

BOOST_AUTO_TEST_CASE(callbacks_cannot_swallow) {
    run([]() -> Coroutine<> {
        const auto body = [](AsyncExitStack stack) -> Coroutine<> {
            stack.callback([] { return true; });
            stack.push_async_callback([]() -> Coroutine<bool> { co_return true; });
            throw asyncio::ValueError("x");
            co_return;
        };
        const std::string error = co_await repr_of(async_with(AsyncExitStack{}, body));
        BOOST_TEST(error == "ValueError('x')");
    });
}

BOOST_AUTO_TEST_CASE(an_exit_that_throws_replaces_the_exception_as_its_context) { // AGN-01
    run([]() -> Coroutine<> {
        const auto body = [](AsyncExitStack stack) -> Coroutine<> {
            stack.push_async_exit(raising(asyncio::ValueError("2")));
            stack.push_async_exit(raising(asyncio::LookupError("1")));
            co_await fail();
        };
        const std::string error = co_await chain_of(async_with(AsyncExitStack{}, body));
        BOOST_TEST(error == "ValueError('2') < LookupError('1') < OSError('body')");
        const auto foreign = [](AsyncExitStack stack) -> Coroutine<> {
            stack.push_async_exit(raising(asyncio::ValueError("2")));
            stack.push_async_exit(raising(std::runtime_error("1")));
            co_await fail();
        };
        const std::string mixed = co_await chain_of(async_with(AsyncExitStack{}, foreign));
        BOOST_TEST(mixed == "ValueError('2') < runtime_error('1')");
    });
}

BOOST_AUTO_TEST_CASE(a_context_that_was_set_by_hand_is_extended) {
    run([]() -> Coroutine<> {
        const auto body = [](AsyncExitStack stack) -> Coroutine<> {
            asyncio::ValueError error("handler");
            error.set_context(std::make_exception_ptr(asyncio::LookupError("clean-up")));
            stack.push_async_exit(raising(error));
            co_await fail();
        };
        const std::string error = co_await chain_of(async_with(AsyncExitStack{}, body));
        BOOST_TEST(error == "ValueError('handler') < LookupError('clean-up') < OSError('body')");
    });
}

BOOST_AUTO_TEST_CASE(without_an_exception_of_the_block_there_is_no_context) {
    run([]() -> Coroutine<> {
        const AsyncExitStack stack;
        stack.push_async_exit(raising(asyncio::ValueError("2")));
        stack.push_async_exit(raising(asyncio::LookupError("1")));
        const std::string error = co_await chain_of(stack.aclose());
        BOOST_TEST(error == "ValueError('2')");
        const auto body = [](AsyncExitStack inner) -> Coroutine<> {
            inner.push_async_exit(raising(asyncio::ValueError("after")));
            inner.push([](const std::exception_ptr&) { return true; });
            co_await fail();
        };
        const std::string anew = co_await chain_of(async_with(AsyncExitStack{}, body));
        BOOST_TEST(anew == "ValueError('after')");
    });
}

BOOST_AUTO_TEST_CASE(throwing_the_exception_of_the_block_again_makes_no_cycle) {
    run([]() -> Coroutine<> {
        const auto again = [](std::exception_ptr kept) {
            return [kept](std::exception_ptr) -> Coroutine<bool> {
                std::rethrow_exception(kept);
                co_return false;
            };
        };
        const std::exception_ptr block = std::make_exception_ptr(asyncio::OSError("block"));
        const std::exception_ptr other = std::make_exception_ptr(asyncio::ValueError("other"));
        const AsyncExitStack first;
        first.push_async_exit(again(block));
        first.push_async_exit(again(other));
        const std::string same = co_await chain_of(first.aexit(block));
        BOOST_TEST(same == "OSError('block')");
        const AsyncExitStack second;
        second.push_async_exit(again(other));
        second.push_async_exit(raising(asyncio::LookupError("middle")));
        second.push_async_exit(again(other));
        const std::string circle = co_await chain_of(second.aexit(block));
        BOOST_TEST(circle == "ValueError('other') < OSError('block')");
    });
}

BOOST_AUTO_TEST_CASE(swallowing_what_an_exit_threw_without_one_of_the_block_says_false) {
    run([]() -> Coroutine<> {
        const AsyncExitStack stack;
        stack.push([](const std::exception_ptr&) { return true; });
        stack.push_async_exit(raising(asyncio::LookupError("1")));
        const bool swallowed = co_await stack.aexit(nullptr);
        BOOST_TEST(!swallowed);
        stack.push([](const std::exception_ptr&) { return true; });
        const bool again = co_await stack.aexit(std::make_exception_ptr(asyncio::ValueError("x")));
        BOOST_TEST(again);
    });
}

BOOST_AUTO_TEST_CASE(a_cancellation_passes_the_exits) { // AGN-01
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            co_await async_with(AsyncExitStack{}, [&](AsyncExitStack stack) -> Coroutine<> {
                stack.push_async_exit(Manager(trace, "m"));
                co_await asyncio::get_running_loop().create_future();
            });
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio_test::ticks(2);
        task.cancel("stop");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('stop')");
        BOOST_TEST(join(trace) == "exit m CancelledError('stop')");
    });
}

BOOST_AUTO_TEST_CASE(a_cancel_during_an_exit_reaches_the_next_one) { // AGN-01
    run([]() -> Coroutine<> {
        Trace trace;
        const AsyncExitStack stack;
        stack.push_async_exit(Manager(trace, "outer"));
        stack.push_async_callback(
            []() -> Coroutine<> { co_await asyncio::get_running_loop().create_future(); });
        const auto task = asyncio::create_task(stack.aclose());
        co_await asyncio::sleep(0);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(join(trace) == "exit outer CancelledError()");
    });
}

BOOST_AUTO_TEST_CASE(pop_all_keeps_the_exits_for_later) {
    run([]() -> Coroutine<> {
        Trace trace;
        AsyncExitStack kept;
        co_await async_with(AsyncExitStack{}, [&](AsyncExitStack stack) -> Coroutine<> {
            co_await stack.enter_async_context(Manager(trace, "a"));
            stack.callback([&] { trace.push_back("callback"); });
            kept = stack.pop_all();
            stack.callback([&] { trace.push_back("own"); });
        });
        BOOST_TEST(join(trace) == "enter a, own");
        co_await kept.aclose();
        BOOST_TEST(join(trace) == "enter a, own, callback, exit a None");
    });
}

BOOST_AUTO_TEST_CASE(exits_die_one_by_one_and_a_dropped_stack_calls_nothing) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto noting = [&](std::string name) {
            return [death = std::make_unique<Death>(trace, name), &trace, name] {
                trace.push_back("called " + name);
            };
        };
        const AsyncExitStack stack;
        stack.callback(noting("a"));
        stack.callback(noting("b"));
        co_await stack.aclose();
        BOOST_TEST(join(trace) == "called b, destroyed b, called a, destroyed a");
        trace.clear();
        {
            const AsyncExitStack dropped;
            const AsyncExitStack copy = dropped; // NOLINT: a second handle
            BOOST_TEST((copy == dropped));
            dropped.callback(noting("a"));
            dropped.callback(noting("b"));
        }
        BOOST_TEST(join(trace) == "destroyed b, destroyed a");
    });
}

BOOST_AUTO_TEST_CASE(managers_and_arguments_may_be_move_only_and_values_references) {
    run([]() -> Coroutine<> {
        int n = 1;
        const AsyncExitStack stack;
        asyncio::Own exit([held = std::make_unique<int>(5), &n] { n = *held; });
        auto owner = asyncio::async_context([&]() -> int& { return n; }, std::move(exit));
        int& entered = co_await stack.enter_async_context(std::move(owner));
        BOOST_TEST(&entered == &n);
        stack.push_async_callback(
            [&](std::unique_ptr<int> p) -> Coroutine<> {
                n = *p;
                co_return;
            },
            std::make_unique<int>(9));
        co_await stack.aclose();
        BOOST_TEST(n == 5);
    });
}

BOOST_AUTO_TEST_SUITE_END()
