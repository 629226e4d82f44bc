// run() and Runner: one main after another, and an orderly end on every path. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/coroutines.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::error_of;
using asyncio_test::forever;
using asyncio_test::join;
using asyncio_test::repr_of;
using asyncio_test::Trace;

namespace {

Coroutine<int> answer() { co_return 42; }
asyncio::LoopPtr last_loop;
asyncio::LoopPtr remember_loop() {
    last_loop = std::make_shared<asyncio::EventLoop>();
    return last_loop;
}

auto sigint_handler() {
    struct sigaction current;
    ::sigaction(SIGINT, nullptr, &current);
    return current.sa_handler;
}

} // namespace

BOOST_AUTO_TEST_SUITE(runners)

BOOST_AUTO_TEST_CASE(run_returns_the_result_or_raises_the_error) {
    BOOST_TEST(asyncio::run(answer()) == 42);
    BOOST_TEST(asyncio::run(answer) == 42);
    const auto fail = []() -> Coroutine<> {
        throw asyncio::ValueError("x");
        co_return;
    };
    BOOST_TEST(error_of([&] { asyncio::run(fail()); }) == "ValueError('x')");
    const auto owner = []() -> Coroutine<std::unique_ptr<int>> {
        co_return std::make_unique<int>(1);
    };
    BOOST_TEST(*asyncio::run(owner()) == 1);
}

// RUN-01
BOOST_AUTO_TEST_CASE(a_running_loop_is_in_the_way) {
    const asyncio::warnings::Capture warnings;
    Trace errors;
    const auto main = [&]() -> Coroutine<> {
        errors.push_back(error_of([] { asyncio::run(answer()); }));
        asyncio::Runner runner;
        errors.push_back(error_of([&] { runner.run(answer()); }));
        co_return;
    };
    asyncio::run(main);
    BOOST_TEST(join(errors) ==
               "RuntimeError('asyncio.run() cannot be called from a running event loop'), "
               "RuntimeError('Runner.run() cannot be called from a running event loop')");
    BOOST_TEST(warnings.size() == 0); // the coroutines are closed
}

// RUN-03
BOOST_AUTO_TEST_CASE(what_is_left_is_cancelled_and_waited_for_before_the_loop_closes) {
    Trace trace;
    const auto leftover = [&](std::string name) -> Coroutine<> {
        std::string error = co_await repr_of(forever());
        co_await asyncio::sleep(0); // the loop still runs
        trace.push_back(name + " " + error);
    };
    const auto main = [&]() -> Coroutine<> {
        asyncio::create_task(leftover, std::string("a"));
        asyncio::create_task(leftover, std::string("b"));
        co_await asyncio::sleep(0);
        trace.push_back("main");
    };
    asyncio::run(main, {.loop_factory = remember_loop});
    BOOST_TEST(join(trace) == "main, a CancelledError(), b CancelledError()");
    BOOST_TEST(last_loop->is_closed());
    last_loop.reset();
}

// RUN-03
BOOST_AUTO_TEST_CASE(an_error_of_main_does_not_change_the_shutdown) {
    Trace trace;
    const auto leftover = [&]() -> Coroutine<> { trace.push_back(co_await repr_of(forever())); };
    const auto main = [&]() -> Coroutine<> {
        asyncio::create_task(leftover);
        co_await asyncio::sleep(0);
        throw asyncio::ValueError("main");
    };
    BOOST_TEST(error_of([&] { asyncio::run(main, {.loop_factory = remember_loop}); }) ==
               "ValueError('main')");
    BOOST_TEST(join(trace) == "CancelledError()");
    BOOST_TEST(last_loop->is_closed());
    last_loop.reset();
}

// RUN-04
BOOST_AUTO_TEST_CASE(a_leftover_that_fails_is_reported) {
    Trace messages;
    Trace keys;
    const auto fail = []() -> Coroutine<> {
        try {
            co_await forever();
        } catch (const asyncio::CancelledError&) {
            throw asyncio::ValueError("cleanup");
        }
    };
    const auto main = [&]() -> Coroutine<> {
        asyncio::get_running_loop().set_exception_handler(
            [&](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
                messages.push_back(context.message + ": " + asyncio::repr(context.exception));
                keys = context.keys();
            });
        asyncio::create_task(fail);
        asyncio::create_task(forever); // silent
        co_await asyncio::sleep(0);
    };
    asyncio::run(main);
    BOOST_TEST(join(messages) ==
               "unhandled exception during asyncio.run() shutdown: ValueError('cleanup')");
    BOOST_TEST(join(keys) == "exception, message, task");
}

// RUN-05
BOOST_AUTO_TEST_CASE(a_runner_is_created_used_and_closed) {
    asyncio::Runner unused;
    unused.close();
    unused.close();
    BOOST_TEST(error_of([&] { unused.get_loop(); }) == "no error");
    asyncio::Runner runner;
    BOOST_TEST(runner.run(answer()) == 42);
    runner.close();
    runner.close();
    const asyncio::warnings::Capture warnings;
    BOOST_TEST(error_of([&] { runner.get_loop(); }) == "RuntimeError('Runner is closed')");
    BOOST_TEST(error_of([&] { runner.run(answer()); }) == "RuntimeError('Runner is closed')");
}

// RUN-06
BOOST_AUTO_TEST_CASE(all_mains_of_a_runner_share_loop_and_context) {
    const asyncio::ContextVar<int> variable("variable", 0);
    const asyncio::AbstractEventLoop* first = nullptr;
    const auto set = [&]() -> Coroutine<> {
        first = &asyncio::get_running_loop();
        variable.set(7);
        co_return;
    };
    const auto get = [&]() -> Coroutine<int> {
        BOOST_TEST(first == &asyncio::get_running_loop());
        co_return variable.get();
    };
    asyncio::Runner runner;
    runner.run(set);
    BOOST_TEST(runner.run(get) == 7);
    const asyncio::Context other;
    BOOST_TEST(runner.run(get, {.context = &other}) == 0);
    BOOST_TEST(variable.get() == 0);
}

// RUN-07, POL-04
BOOST_AUTO_TEST_CASE(only_the_default_factory_sets_the_threads_loop) {
    const std::string none = "RuntimeError(\"There is no current event loop in thread ";
    {
        asyncio::Runner runner;
        auto& loop = runner.get_loop();
        BOOST_TEST(&asyncio::get_event_loop() == &loop);
    }
    BOOST_TEST(error_of([] { asyncio::get_event_loop(); }).starts_with(none));
    asyncio::Runner runner({.loop_factory = remember_loop});
    runner.get_loop();
    BOOST_TEST(error_of([] { asyncio::get_event_loop(); }).starts_with(none));
    asyncio::set_event_loop(last_loop);
    runner.close();
    BOOST_TEST(&asyncio::get_event_loop() == last_loop.get());
    asyncio::set_event_loop(nullptr);
    last_loop.reset();
}

// RUN-08
BOOST_AUTO_TEST_CASE(the_debug_option_decides_when_it_is_given) {
    const auto main = []() -> Coroutine<bool> {
        co_return asyncio::get_running_loop().get_debug();
    };
    BOOST_TEST(asyncio::run(main, {.debug = true}));
    BOOST_TEST(!asyncio::run(main, {.debug = false}));
    BOOST_TEST(asyncio::run(main) == asyncio::debug_environment());
}

// RUN-13
BOOST_AUTO_TEST_CASE(an_interrupt_from_a_callback_leaves_run_after_the_shutdown) {
    Trace trace;
    const auto leftover = [&]() -> Coroutine<> { trace.push_back(co_await repr_of(forever())); };
    const auto main = [&]() -> Coroutine<> {
        asyncio::create_task(leftover);
        asyncio::get_running_loop().call_soon([] { throw asyncio::SystemExit(2); });
        trace.push_back(co_await repr_of(forever()));
    };
    BOOST_CHECK_THROW(asyncio::run(main), asyncio::SystemExit);
    BOOST_TEST(join(trace) == "CancelledError(), CancelledError()");
}

// RUN-13
BOOST_AUTO_TEST_CASE(an_interrupt_from_a_task_leaves_run_after_the_shutdown) {
    Trace trace;
    const auto leftover = [&]() -> Coroutine<> { trace.push_back(co_await repr_of(forever())); };
    const auto interrupting = []() -> Coroutine<> {
        co_await asyncio::sleep(0);
        throw asyncio::KeyboardInterrupt();
    };
    const auto main = [&]() -> Coroutine<> {
        asyncio::create_task(leftover);
        asyncio::create_task(interrupting);
        trace.push_back(co_await repr_of(forever()));
    };
    const asyncio::LogCapture log; // nobody looks at the task
    BOOST_CHECK_THROW(asyncio::run(main, {.loop_factory = remember_loop}),
                      asyncio::KeyboardInterrupt);
    BOOST_TEST(join(trace) == "CancelledError(), CancelledError()");
    BOOST_TEST(last_loop->is_closed());
    last_loop.reset();
}

// RUN-14
BOOST_AUTO_TEST_CASE(the_result_is_not_kept) {
    const auto value = std::make_shared<int>(1);
    asyncio::Runner runner;
    const auto main = [&]() -> Coroutine<std::shared_ptr<int>> { co_return value; };
    BOOST_TEST(*runner.run(main) == 1);
    BOOST_TEST(value.use_count() == 1);
}

// RUN-09, RUN-10
BOOST_AUTO_TEST_CASE(sigint_cancels_the_main_task_and_ends_in_keyboard_interrupt) {
    Trace trace;
    const auto background = [&]() -> Coroutine<> {
        trace.push_back("background " + co_await repr_of(forever()));
    };
    const auto main = [&]() -> Coroutine<> {
        asyncio::create_task(background);
        co_await asyncio::sleep(0);
        ::raise(SIGINT);
        try {
            co_await forever();
        } catch (const asyncio::CancelledError&) {
            trace.push_back("main");
            throw;
        }
    };
    BOOST_CHECK_THROW(asyncio::run(main), asyncio::KeyboardInterrupt);
    BOOST_TEST(join(trace) == "main, background CancelledError()");
    BOOST_TEST((sigint_handler() == SIG_DFL));
}

// RUN-10
BOOST_AUTO_TEST_CASE(sigint_wakes_a_loop_that_waits) {
    const auto main = []() -> Coroutine<> {
        std::thread([pid = ::getpid()] { ::kill(pid, SIGINT); }).detach();
        co_await forever();
    };
    BOOST_CHECK_THROW(asyncio::run(main), asyncio::KeyboardInterrupt);
}

// RUN-10
BOOST_AUTO_TEST_CASE(other_cancel_requests_remain_a_cancelled_error) {
    const auto main = []() -> Coroutine<> {
        asyncio::current_task().cancel();
        ::raise(SIGINT);
        std::ignore = co_await repr_of(forever());
        co_await forever();
    };
    BOOST_CHECK_THROW(asyncio::run(main), asyncio::CancelledError);
}

// RUN-11
BOOST_AUTO_TEST_CASE(a_main_that_swallows_the_interrupt_returns_its_value) {
    const auto main = []() -> Coroutine<std::string> {
        ::raise(SIGINT);
        co_return co_await repr_of(forever());
    };
    BOOST_TEST(asyncio::run(main) == "CancelledError()");
}

// RUN-12
BOOST_AUTO_TEST_CASE(the_second_sigint_interrupts_at_once) {
    Trace trace;
    const auto main = [&]() -> Coroutine<> {
        ::raise(SIGINT);
        trace.push_back(co_await repr_of(forever()));
        ::raise(SIGINT);
        trace.push_back(co_await repr_of(forever()));
    };
    BOOST_CHECK_THROW(asyncio::run(main), asyncio::KeyboardInterrupt);
    // The second await is cancelled by the shutdown.
    BOOST_TEST(join(trace) == "CancelledError(), CancelledError()");
}

// RUN-12 [+]
BOOST_AUTO_TEST_CASE(the_third_sigint_kills_a_program_that_is_stuck) {
    int survived[2];
    BOOST_REQUIRE(::pipe(survived) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto stuck = [&]() -> Coroutine<> {
            for (const char count : {'1', '2', '3'}) {
                ::raise(SIGINT);
                static_cast<void>(!::write(survived[1], &count, 1));
            }
            ::_exit(EXIT_SUCCESS);
            co_return;
        };
        asyncio::run(stuck);
    }
    ::close(survived[1]);
    std::string counts;
    for (char count; ::read(survived[0], &count, 1) == 1;) counts += count;
    BOOST_TEST(counts == "12");
    ::close(survived[0]);
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WIFSIGNALED(status));
    BOOST_TEST(WTERMSIG(status) == SIGINT);
}

// RUN-12: the count starts again
BOOST_AUTO_TEST_CASE(each_run_counts_its_own_interrupts) {
    asyncio::Runner runner;
    for (int round = 0; round < 4; ++round) {
        Trace trace;
        const auto main = [&]() -> Coroutine<> {
            ::raise(SIGINT);
            trace.push_back(co_await repr_of(forever()));
            co_await asyncio::sleep(0);
            trace.push_back("cleaned up");
        };
        BOOST_TEST(error_of([&] { runner.run(main); }) == "no error");
        BOOST_TEST(join(trace) == "CancelledError(), cleaned up");
    }
}

// RUN-09
BOOST_AUTO_TEST_CASE(a_handler_that_main_installs_stays) {
    const auto own = +[](int) {};
    const auto main = [&]() -> Coroutine<> {
        BOOST_TEST((sigint_handler() != SIG_DFL));
        std::signal(SIGINT, own);
        co_return;
    };
    asyncio::run(main);
    BOOST_TEST((sigint_handler() == own));
    std::signal(SIGINT, SIG_DFL);
}

// RUN-09
BOOST_AUTO_TEST_CASE(a_handler_of_the_user_is_left_alone) {
    static volatile std::sig_atomic_t seen = 0;
    const auto before = std::signal(SIGINT, [](int) { seen = 1; });
    const auto main = []() -> Coroutine<std::string> {
        ::raise(SIGINT);
        co_return co_await repr_of(asyncio::sleep(0));
    };
    BOOST_TEST(asyncio::run(main) == "no error");
    BOOST_TEST(seen == 1);
    std::signal(SIGINT, before);
}

// RUN-09
BOOST_AUTO_TEST_CASE(another_thread_runs_without_touching_signals) {
    bool untouched = false;
    const auto main = [&]() -> Coroutine<> {
        untouched = sigint_handler() == SIG_DFL;
        co_return;
    };
    std::thread([&] { asyncio::run(main); }).join();
    BOOST_TEST(untouched);
}

// RUN-03. Nobody catches the error, so nothing is unwound: the loop is closed in order all the
// same.
BOOST_AUTO_TEST_CASE(an_error_that_ends_the_process_comes_after_the_clean_up) {
    int ends[2];
    BOOST_REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        std::set_terminate([] { ::_exit(7); });
        const auto leftover = [&]() -> Coroutine<> {
            co_await repr_of(forever());
            static_cast<void>(!::write(ends[1], "x", 1));
        };
        const auto main = [&]() -> Coroutine<> {
            asyncio::create_task(leftover);
            co_await asyncio::sleep(0);
            throw asyncio::ValueError("nobody catches it");
        };
        [&]() noexcept { asyncio::run(main); }();
        ::_exit(0);
    }
    ::close(ends[1]);
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(WEXITSTATUS(status) == 7);
    char text;
    BOOST_TEST(::read(ends[0], &text, 1) == 1);
    ::close(ends[0]);
}

BOOST_AUTO_TEST_SUITE_END()
