// async_with and try_finally: cleanup that awaits, on every path.
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <type_traits>

using asyncio::async_context;
using asyncio::Coroutine;
using asyncio::Future;
using asyncio::try_finally;
using asyncio_test::forever;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::Trace;

namespace {

// A manager with awaitable ends that notes what happens.
class Manager {
public:
    Manager(Trace& trace, std::string name, bool swallow = false)
        : trace_(&trace), name_(std::move(name)), swallow_(swallow) {}
    Coroutine<std::string> aenter() {
        co_await asyncio::sleep(0);
        trace_->push_back("enter " + name_);
        co_return name_;
    }
    Coroutine<bool> aexit(std::exception_ptr error) {
        co_await asyncio::sleep(0);
        trace_->push_back("exit " + name_ + " " + (error ? asyncio::repr(error) : "None"));
        co_return swallow_;
    }

private:
    Trace* trace_;
    std::string name_;
    bool swallow_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(async_with)

// AGN-01
BOOST_AUTO_TEST_CASE(the_body_gets_what_enter_gives_and_its_value_is_returned) {
    run([]() -> Coroutine<> {
        Trace trace;
        const std::string value = co_await asyncio::async_with(
            Manager(trace, "m"),
            [](std::string name) -> Coroutine<std::string> { co_return name + "!"; });
        BOOST_TEST(value == "m!");
        BOOST_TEST(join(trace) == "enter m, exit m None");
    });
}

// AGN-01
BOOST_AUTO_TEST_CASE(an_error_reaches_exit_and_goes_on) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [](std::string) -> Coroutine<> {
            throw asyncio::ValueError("x");
            co_return;
        };
        const std::string error = co_await repr_of(asyncio::async_with(Manager(trace, "m"), body));
        BOOST_TEST(error == "ValueError('x')");
        BOOST_TEST(join(trace) == "enter m, exit m ValueError('x')");
    });
}

// AGN-01
BOOST_AUTO_TEST_CASE(exit_may_swallow_or_replace_the_error) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [](std::string) -> Coroutine<int> {
            throw asyncio::ValueError("x");
            co_return 1;
        };
        const int value = co_await asyncio::async_with(Manager(trace, "m", true), body);
        BOOST_TEST(value == 0);
        const auto replacing = async_context(
            [] { return 1; }, [](std::exception_ptr) { throw asyncio::LookupError("y"); });
        const auto failing = [](int) -> Coroutine<> {
            throw asyncio::ValueError("x");
            co_return;
        };
        const std::string error = co_await repr_of(asyncio::async_with(replacing, failing));
        BOOST_TEST(error == "LookupError('y')");
    });
}

// AGN-01
BOOST_AUTO_TEST_CASE(a_failing_enter_skips_exit_and_body) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto manager = async_context(
            []() -> Coroutine<int> {
                throw asyncio::ValueError("enter");
                co_return 1;
            },
            [&] { trace.push_back("exit"); });
        const auto body = [&](int) -> Coroutine<> {
            trace.push_back("body");
            co_return;
        };
        const std::string error = co_await repr_of(asyncio::async_with(manager, body));
        BOOST_TEST(error == "ValueError('enter')");
        BOOST_TEST(trace.empty());
    });
}

// AGN-01
BOOST_AUTO_TEST_CASE(exit_is_awaited_when_the_body_is_cancelled) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [&]() -> Coroutine<> {
            co_await asyncio::async_with(Manager(trace, "m"),
                                         [](std::string) -> Coroutine<> { co_await forever(); });
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio_test::ticks(3);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(join(trace) == "enter m, exit m CancelledError()");
    });
}

BOOST_AUTO_TEST_CASE(two_managers_are_left_in_reverse_order) {
    run([]() -> Coroutine<> {
        Trace trace;
        const std::string both = co_await asyncio::async_with(
            Manager(trace, "a"), Manager(trace, "b"),
            [](std::string x, std::string y) -> Coroutine<std::string> { co_return x + y; });
        BOOST_TEST(both == "ab");
        BOOST_TEST(join(trace) == "enter a, enter b, exit b None, exit a None");
    });
}

BOOST_AUTO_TEST_CASE(managers_that_give_nothing_are_left_out_of_the_values) {
    run([]() -> Coroutine<> {
        const asyncio::Lock lock;
        const asyncio::Semaphore semaphore(1);
        const asyncio::Condition condition;
        Trace trace;
        const int one = co_await asyncio::async_with(lock, [&]() -> Coroutine<int> {
            trace.push_back(lock.locked() ? "locked" : "free");
            co_return 1;
        });
        const int two = co_await asyncio::async_with(lock, semaphore, [&]() -> Coroutine<int> {
            trace.push_back(lock.locked() && semaphore.locked() ? "locked" : "free");
            co_return 2;
        });
        const std::string value = co_await asyncio::async_with(
            lock, Manager(trace, "a"), condition, Manager(trace, "b"), semaphore,
            [&](std::string a, std::string b) -> Coroutine<std::string> {
                trace.push_back(condition.locked() && semaphore.locked() ? "locked" : "free");
                co_return a + b;
            });
        BOOST_TEST(one == 1);
        BOOST_TEST(two == 2);
        BOOST_TEST(value == "ab");
        BOOST_TEST(join(trace) ==
                   "locked, locked, enter a, enter b, locked, exit b None, exit a None");
        BOOST_TEST(!lock.locked());
        BOOST_TEST(!semaphore.locked());
        BOOST_TEST(!condition.locked());
    });
}

BOOST_AUTO_TEST_CASE(a_body_may_take_nothing) {
    run([]() -> Coroutine<> {
        Trace trace;
        co_await asyncio::async_with(Manager(trace, "a"), asyncio::Lock(), Manager(trace, "b"),
                                     [&]() -> Coroutine<> {
                                         trace.push_back("body");
                                         co_return;
                                     });
        BOOST_TEST(join(trace) == "enter a, enter b, body, exit b None, exit a None");
        const int n = co_await asyncio::async_with(asyncio::timeout(1), asyncio::TaskGroup{},
                                                   []() -> Coroutine<int> { co_return 3; });
        BOOST_TEST(n == 3);
    });
}

// AGN-01: a later manager fails to enter, and an inner one swallows.
BOOST_AUTO_TEST_CASE(only_what_was_entered_is_left) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto failing = async_context(
            []() -> Coroutine<int> {
                throw asyncio::ValueError("enter");
                co_return 1;
            },
            [&] { trace.push_back("exit failing"); });
        const auto body = [&]() -> Coroutine<> {
            trace.push_back("body");
            co_return;
        };
        const std::string error = co_await repr_of(asyncio::async_with(
            Manager(trace, "a"), Manager(trace, "b"), failing, Manager(trace, "c"), body));
        BOOST_TEST(error == "ValueError('enter')");
        BOOST_TEST(join(trace) == "enter a, enter b, exit b ValueError('enter'), "
                                  "exit a ValueError('enter')");
    });
}

BOOST_AUTO_TEST_CASE(an_inner_manager_hides_the_error_from_the_outer_ones) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto body = [](std::string, std::string, std::string) -> Coroutine<int> {
            throw asyncio::ValueError("x");
            co_return 1;
        };
        const int value = co_await asyncio::async_with(
            Manager(trace, "a"), Manager(trace, "b", true), Manager(trace, "c"), body);
        BOOST_TEST(value == 0);
        BOOST_TEST(join(trace) == "enter a, enter b, enter c, exit c ValueError('x'), "
                                  "exit b ValueError('x'), exit a None");
    });
}

BOOST_AUTO_TEST_CASE(values_may_be_references_or_move_only) {
    run([]() -> Coroutine<> {
        int n = 1;
        const auto reference = async_context([&]() -> int& { return n; }, [] {});
        const auto owner = async_context(
            []() -> Coroutine<std::unique_ptr<int>> { co_return std::make_unique<int>(4); }, [] {});
        int& same = co_await asyncio::async_with(
            reference, owner, [](int& x, std::unique_ptr<int> y) -> Coroutine<int&> {
                x += *y;
                co_return x;
            });
        BOOST_TEST(&same == &n);
        BOOST_TEST(n == 5);
    });
}

BOOST_AUTO_TEST_CASE(callables_that_own_something_are_wrapped) {
    run([]() -> Coroutine<> {
        const std::string text = "a text that is too long for a small buffer";
        const auto named = [text]() -> Coroutine<std::string> { co_return text; };
        const std::string first =
            co_await asyncio::async_with(asyncio::Lock(), asyncio::own(named));
        BOOST_TEST(first == text);
        const std::string second =
            co_await asyncio::async_with(asyncio::timeout(1), asyncio::Lock(), asyncio::own(named));
        BOOST_TEST(second == text);
        asyncio::Own tail([p = std::make_unique<std::string>(text)](
                              int n) -> Coroutine<std::string> { co_return p->substr(n); });
        const std::string third = co_await asyncio::create_task(std::move(tail), 2);
        BOOST_TEST(third == text.substr(2));
        // Outside of an await expression a temporary is as good.
        std::string fourth;
        asyncio::get_running_loop().call_soon(asyncio::own([text, &fourth] { fourth = text; }));
        const auto future = asyncio::get_running_loop().create_future<int>();
        future.add_done_callback(asyncio::own([text, &fourth] { fourth += text; }));
        future.set_result(1);
        co_await asyncio_test::ticks(2);
        BOOST_TEST(fourth == text + text);
    });
}

// A wrapped callable is called with what it takes, and a concept that asks is told no.
BOOST_AUTO_TEST_CASE(wrapping_a_callable_keeps_what_it_can_be_called_with) {
    const auto add = [](int a, int b) { return a + b; };
    using Add = asyncio::Own<std::decay_t<decltype(add)>>;
    static_assert(std::is_invocable_v<Add&, int, int> && std::is_invocable_v<const Add&, int, int>);
    static_assert(!std::is_invocable_v<Add&> && !std::is_invocable_v<Add&, int>);
    const auto count = [n = 0]() mutable { return ++n; };
    using Count = asyncio::Own<std::decay_t<decltype(count)>>;
    static_assert(std::is_invocable_v<Count&> && !std::is_invocable_v<const Count&>);
    auto counter = asyncio::own(count);
    counter();
    BOOST_TEST(counter() == 2);
}

// What is not accepted is refused with a message when it is called, and quietly when it is asked.
BOOST_AUTO_TEST_CASE(what_cannot_be_awaited_is_no_awaitable) {
    static_assert(asyncio::Awaitable<Coroutine<int>> && !asyncio::Awaitable<Coroutine<int>&>);
    static_assert(asyncio::Awaitable<asyncio::Task<int>&>);
    static_assert(!asyncio::Awaitable<asyncio::Timeout> && !asyncio::Awaitable<asyncio::Lock&>);
    static_assert(!asyncio::Awaitable<Coroutine<> (*)()> && !asyncio::Awaitable<int>);
    static_assert(!asyncio::CoroutineFunction<int (*)()>);
    BOOST_TEST(asyncio::Awaitable<Future<>>);
}

BOOST_AUTO_TEST_CASE(leaving_early_is_an_optional) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto early = co_await asyncio::async_with(
            Manager(trace, "m"), [](std::string name) -> Coroutine<std::optional<int>> {
                if (name == "m") co_return 5;
                co_return std::nullopt;
            });
        BOOST_TEST(early.value() == 5);
    });
}

BOOST_AUTO_TEST_CASE(enter_and_exit_may_be_plain) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto manager =
            async_context([&] { trace.push_back("enter"); }, [&] { trace.push_back("exit"); });
        co_await asyncio::async_with(manager, [&]() -> Coroutine<> {
            trace.push_back("body");
            co_return;
        });
        BOOST_TEST(join(trace) == "enter, body, exit");
    });
}

// AGN-05
BOOST_AUTO_TEST_CASE(finally_runs_on_every_path) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto cleanup = [&]() -> Coroutine<> {
            co_await asyncio::sleep(0);
            trace.push_back("cleanup");
        };
        const int value = co_await try_finally([]() -> Coroutine<int> { co_return 3; }, cleanup);
        BOOST_TEST(value == 3);
        const auto fail = []() -> Coroutine<> {
            throw asyncio::ValueError("x");
            co_return;
        };
        const std::string error = co_await repr_of(try_finally(fail, cleanup));
        BOOST_TEST(error == "ValueError('x')");
        const auto body = [&]() -> Coroutine<> { co_await try_finally(forever, cleanup); };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel();
        const std::string cancelled = co_await repr_of(task);
        BOOST_TEST(cancelled == "CancelledError()");
        BOOST_TEST(join(trace) == "cleanup, cleanup, cleanup");
    });
}

// AGN-05
BOOST_AUTO_TEST_CASE(a_second_cancel_interrupts_the_cleanup) {
    run([]() -> Coroutine<> {
        Trace trace;
        const auto cleanup = [&]() -> Coroutine<> {
            trace.push_back("begins");
            co_await forever();
            trace.push_back("ends");
        };
        const auto body = [&]() -> Coroutine<> { co_await try_finally(forever, cleanup); };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel("first");
        co_await asyncio_test::ticks(2);
        BOOST_TEST(!task.done());
        task.cancel("second");
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError('second')");
        BOOST_TEST(join(trace) == "begins");
    });
}

BOOST_AUTO_TEST_CASE(an_error_of_the_cleanup_replaces_that_of_the_body) {
    run([]() -> Coroutine<> {
        const auto body = []() -> Coroutine<> {
            throw asyncio::ValueError("body");
            co_return;
        };
        const auto cleanup = []() -> Coroutine<> {
            throw asyncio::LookupError("cleanup");
            co_return;
        };
        const std::string error = co_await repr_of(try_finally(body, cleanup));
        BOOST_TEST(error == "LookupError('cleanup')");
    });
}

BOOST_AUTO_TEST_SUITE_END()
