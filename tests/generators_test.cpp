// AsyncGenerator<T>: iteration, exceptions, aclose, athrow, cancellation. What becomes of generators
// that nobody consumes to their end is in generator_lifetime_test.cpp.
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using asyncio::AsyncGenerator;
using asyncio::Coroutine;

namespace {

using Log = std::vector<std::string>;

template <class F>
void run(F body) {
    const auto loop = asyncio::new_event_loop();
    loop->run_until_complete(body());
    loop->run_until_complete(loop->shutdown_asyncgens());
    loop->close();
}

AsyncGenerator<int> numbers(int count) {
    for (int i = 0; i < count; ++i) co_yield i;
}

template <class T>
Coroutine<std::vector<T>> collect(AsyncGenerator<T> items) {
    std::vector<T> all;
    for (;;) {
        auto item = co_await items.next();
        if (!item) break;
        all.push_back(*std::move(item));
    }
    co_return all;
}

// The error that awaiting gives, null without one.
template <class A>
Coroutine<std::exception_ptr> error_of(A awaitable) {
    std::exception_ptr error;
    try {
        co_await std::move(awaitable);
    } catch (...) {
        error = std::current_exception();
    }
    co_return error;
}

template <class A>
Coroutine<std::string> repr_of(A awaitable) {
    const std::exception_ptr error = co_await error_of(std::move(awaitable));
    co_return error ? asyncio::repr(error) : "nothing";
}

// Yields 1, then 2 for every ValueError; a LookupError makes it return.
AsyncGenerator<int> catching_values() {
    int next = 1;
    for (;;) {
        try {
            co_yield next;
            next = 1;
        } catch (const asyncio::ValueError&) {
            next = 2;
        } catch (const asyncio::LookupError&) {
            co_return;
        }
    }
}

AsyncGenerator<int> stubborn() {
    try {
        co_yield 1;
    } catch (const asyncio::GeneratorExit&) {
    }
    co_yield 2;
    co_yield 3;
}

AsyncGenerator<int> waiting_for(asyncio::Future<> future, Log& log) {
    std::exception_ptr error;
    try {
        co_yield 0;
        co_await future;
        co_yield 1;
    } catch (...) {
        error = std::current_exception();
        log.push_back(asyncio::type_name(error));
    }
    co_await asyncio::sleep(0);
    log.push_back("cleaned up");
    if (error) std::rethrow_exception(error);
}

AsyncGenerator<int> throwing(std::exception_ptr error) {
    co_yield 1;
    std::rethrow_exception(error);
}

struct Counted {
    Counted() = default;
    Counted(const Counted& other) : copies(other.copies + 1), moves(other.moves) {}
    Counted(Counted&& other) noexcept : copies(other.copies), moves(other.moves + 1) {}
    int copies = 0;
    int moves = 0;
};

} // namespace

static AsyncGenerator<int> produce(asyncio::Future<> future) {
    co_await future;
    co_yield 1;
}

static Coroutine<> consume(AsyncGenerator<int> items) {
    auto all = co_await collect(std::move(items));
    BOOST_TEST(all.size() == 1);
}

BOOST_AUTO_TEST_SUITE(generators)

BOOST_AUTO_TEST_CASE(nothing_runs_before_the_first_next) { // AGN-03
    run([]() -> Coroutine<> {
        bool started = false;
        const auto lazy = [](bool& flag) -> AsyncGenerator<int> {
            flag = true;
            co_yield 1;
        };
        auto items = lazy(started);
        auto next = items.next();
        BOOST_TEST(!started);
        auto item = co_await std::move(next);
        BOOST_TEST((started && *item == 1));
    });
}

BOOST_AUTO_TEST_CASE(an_exhausted_generator_stays_exhausted) {
    run([]() -> Coroutine<> {
        auto items = numbers(2);
        auto all = co_await collect(items);
        BOOST_TEST(all == (std::vector{0, 1}), boost::test_tools::per_element());
        auto more = co_await items.next();
        auto evermore = co_await items.next();
        BOOST_TEST((!more && !evermore));
        auto none = numbers(0);
        auto nothing = co_await none.next();
        BOOST_TEST(!nothing);
    });
}

BOOST_AUTO_TEST_CASE(a_step_that_does_not_suspend_takes_no_iteration) { // G-05
    bool ticked = false;
    run([&]() -> Coroutine<> {
        asyncio::get_running_loop().call_soon([&] { ticked = true; });
        auto all = co_await collect(numbers(1000));
        BOOST_TEST((all.size() == 1000 && !ticked));
    });
}

BOOST_AUTO_TEST_CASE(temporaries_are_moved_and_objects_with_a_name_copied) {
    run([]() -> Coroutine<> {
        const auto both = []() -> AsyncGenerator<Counted> {
            co_yield Counted();
            Counted named;
            co_yield named;
            co_yield std::move(named);
        };
        auto items = both();
        auto temporary = co_await items.next();
        BOOST_TEST((temporary->copies == 0 && temporary->moves == 1));
        auto copied = co_await items.next();
        BOOST_TEST((copied->copies == 1 && copied->moves == 0));
        auto moved = co_await items.next();
        BOOST_TEST((moved->copies == 0 && moved->moves == 1));
    });
}

BOOST_AUTO_TEST_CASE(operands_are_converted) {
    run([]() -> Coroutine<> {
        const auto texts = []() -> AsyncGenerator<std::string> {
            co_yield "a literal that does not fit into the string object itself";
            const std::string constant = "constant";
            co_yield constant;
        };
        auto all = co_await collect(texts());
        BOOST_TEST((all.size() == 2 && all[0].starts_with("a literal") && all[1] == "constant"));
    });
}

BOOST_AUTO_TEST_CASE(items_may_be_move_only_or_references) {
    run([]() -> Coroutine<> {
        const auto owners = []() -> AsyncGenerator<std::unique_ptr<int>> {
            co_yield std::make_unique<int>(1);
            auto named = std::make_unique<int>(2);
            co_yield std::move(named);
        };
        auto all = co_await collect(owners());
        BOOST_TEST((all.size() == 2 && *all[0] == 1 && *all[1] == 2));

        std::vector<int> values{1, 2};
        const auto references = [](std::vector<int>& from) -> AsyncGenerator<int&> {
            for (int& value : from) co_yield value;
        };
        auto items = references(values);
        for (;;) {
            int* item = co_await items.next();
            if (!item) break;
            *item *= 10;
        }
        BOOST_TEST(values == (std::vector{10, 20}), boost::test_tools::per_element());
    });
}

BOOST_AUTO_TEST_CASE(the_body_runs_in_the_task_and_the_context_of_each_consumer) {
    run([]() -> Coroutine<> {
        static const asyncio::ContextVar<std::string> variable("variable", "unset");
        const auto body = []() -> AsyncGenerator<std::string> {
            for (int i = 0; i < 2; ++i) {
                co_await asyncio::sleep(0);
                co_yield asyncio::current_task().get_name() + ' ' + variable.get();
                variable.set("set by the body");
            }
        };
        auto items = body();
        const auto consumer = [](AsyncGenerator<std::string> from) -> Coroutine<std::string> {
            const std::string before = variable.get();
            auto item = co_await from.next();
            co_return before + ", " + *item + ", " + variable.get();
        };
        variable.set("main");
        auto first = asyncio::create_task(consumer(items), {.name = "first"});
        auto one = co_await first;
        BOOST_TEST(one == "main, first main, main");
        auto second = asyncio::create_task(consumer(items), {.name = "second"});
        auto two = co_await second;
        BOOST_TEST(two == "main, second set by the body, set by the body");
        BOOST_TEST(variable.get() == "main");
    });
}

BOOST_AUTO_TEST_CASE(parameters_die_when_the_body_ends) {
    run([]() -> Coroutine<> {
        auto parameter = std::make_shared<int>(1);
        const auto keeping = [](std::shared_ptr<int> kept) -> AsyncGenerator<int> {
            co_yield *kept;
        };
        auto items = keeping(parameter);
        auto item = co_await items.next();
        BOOST_TEST((*item == 1 && parameter.use_count() == 2));
        item = co_await items.next();
        BOOST_TEST((!item && parameter.use_count() == 1));
    });
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_at_next_and_ends_the_generator) {
    run([]() -> Coroutine<> {
        auto items = throwing(std::make_exception_ptr(std::out_of_range("foreign")));
        co_await items.next();
        auto error = co_await error_of(items.next());
        BOOST_TEST(asyncio::repr(error) == "out_of_range('foreign')");
        auto after = co_await items.next();
        BOOST_TEST(!after);
        auto exiting = throwing(std::make_exception_ptr(asyncio::GeneratorExit("own")));
        co_await exiting.next();
        auto exit = co_await repr_of(exiting.next());
        BOOST_TEST(exit == "GeneratorExit('own')");
    });
}

BOOST_AUTO_TEST_CASE(stop_async_iteration_in_the_body_becomes_a_runtime_error) {
    run([]() -> Coroutine<> {
        auto items = throwing(std::make_exception_ptr(asyncio::StopAsyncIteration("x")));
        co_await items.next();
        auto error = co_await error_of(items.next());
        BOOST_TEST(asyncio::repr(error) ==
                   "RuntimeError('async generator raised StopAsyncIteration')");
        BOOST_TEST(asyncio::repr(asyncio::cause_of(error)) == "StopAsyncIteration('x')");
    });
}

BOOST_AUTO_TEST_CASE(aclose_awaits_the_clean_up) { // AGN-03, AGN-05
    Log log;
    run([&]() -> Coroutine<> {
        auto items = waiting_for(asyncio::get_running_loop().create_future(), log);
        co_await items.next();
        co_await items.aclose();
        BOOST_TEST(log == (Log{"GeneratorExit", "cleaned up"}),
                   boost::test_tools::per_element());
        auto item = co_await items.next();
        BOOST_TEST(!item);
        co_await items.aclose();
        BOOST_TEST(log.size() == 2);
    });
}

BOOST_AUTO_TEST_CASE(aclose_of_an_unstarted_generator_destroys_it_unrun) {
    run([]() -> Coroutine<> {
        auto parameter = std::make_shared<int>(1);
        bool ran = false;
        const auto body = [](std::shared_ptr<int> kept, bool& flag) -> AsyncGenerator<int> {
            flag = true;
            co_yield *kept;
        };
        auto items = body(parameter, ran);
        co_await items.aclose();
        BOOST_TEST(parameter.use_count() == 1);
        auto item = co_await items.next();
        BOOST_TEST((!item && !ran));
    });
}

BOOST_AUTO_TEST_CASE(aclose_throws_what_the_clean_up_throws) {
    run([]() -> Coroutine<> {
        const auto failing = []() -> AsyncGenerator<int> {
            try {
                co_yield 1;
            } catch (const asyncio::GeneratorExit&) {
                throw asyncio::ValueError("instead");
            }
        };
        auto items = failing();
        co_await items.next();
        auto error = co_await repr_of(items.aclose());
        BOOST_TEST(error == "ValueError('instead')");
        auto item = co_await items.next();
        BOOST_TEST(!item);
    });
}

BOOST_AUTO_TEST_CASE(a_generator_that_ignores_its_exit) {
    run([]() -> Coroutine<> {
        auto items = stubborn();
        co_await items.next();
        auto error = co_await repr_of(items.aclose());
        BOOST_TEST(error == "RuntimeError('async generator ignored GeneratorExit')");
        auto again = co_await repr_of(items.aclose());
        BOOST_TEST(again == "StopAsyncIteration()");
        auto thrown = co_await items.athrow(asyncio::ValueError("not delivered"));
        BOOST_TEST(!thrown);
        auto item = co_await items.next();
        BOOST_TEST(*item == 3);
        item = co_await items.next();
        BOOST_TEST(!item);
        co_await items.aclose();
    });
}

BOOST_AUTO_TEST_CASE(athrow_throws_at_the_yield) {
    run([]() -> Coroutine<> {
        auto items = catching_values();
        auto item = co_await items.next();
        item = co_await items.athrow(asyncio::ValueError("caught"));
        BOOST_TEST(*item == 2);
        item = co_await items.next();
        BOOST_TEST(*item == 1);
        item = co_await items.athrow(std::make_exception_ptr(asyncio::LookupError("returns")));
        BOOST_TEST(!item);
        item = co_await items.athrow(asyncio::ValueError("finished already"));
        BOOST_TEST(!item);
        BOOST_CHECK_THROW(static_cast<void>(items.athrow(nullptr)), asyncio::TypeError);
    });
}

BOOST_AUTO_TEST_CASE(athrow_ends_a_generator_that_does_not_catch) {
    run([]() -> Coroutine<> {
        auto items = catching_values();
        co_await items.next();
        auto error = co_await repr_of(items.athrow(asyncio::TypeError("uncaught")));
        BOOST_TEST(error == "TypeError('uncaught')");
        auto item = co_await items.next();
        BOOST_TEST(!item);

        auto unstarted = catching_values();
        error = co_await repr_of(unstarted.athrow(asyncio::ValueError("not in the body")));
        BOOST_TEST(error == "ValueError('not in the body')");
        item = co_await unstarted.next();
        BOOST_TEST(!item);
    });
}

BOOST_AUTO_TEST_CASE(one_consumer_at_a_time) {
    Log log;
    run([&]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        auto items = waiting_for(future, log);
        co_await items.next();
        auto consumer = asyncio::create_task(items.next());
        co_await asyncio::sleep(0);
        auto next = co_await repr_of(items.next());
        BOOST_TEST(next == "RuntimeError('anext(): asynchronous generator is already running')");
        auto close = co_await repr_of(items.aclose());
        BOOST_TEST(close == "RuntimeError('aclose(): asynchronous generator is already running')");
        auto thrown = co_await repr_of(items.athrow(asyncio::ValueError()));
        BOOST_TEST(thrown == "RuntimeError('athrow(): asynchronous generator is already running')");
        future.set_result();
        auto item = co_await consumer;
        BOOST_TEST(*item == 1);
    });
}

BOOST_AUTO_TEST_CASE(cancelling_the_consumer_throws_at_what_the_body_awaits) { // TSK-13
    Log log;
    run([&]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        auto items = waiting_for(future, log);
        auto consumer = asyncio::create_task(collect(items));
        co_await asyncio::sleep(0);
        consumer.cancel();
        auto error = co_await repr_of(consumer);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(future.cancelled());
        BOOST_TEST(log == (Log{"CancelledError", "cleaned up"}),
                   boost::test_tools::per_element());
        auto item = co_await items.next();
        BOOST_TEST(!item);
    });
}

BOOST_AUTO_TEST_CASE(cancelling_aclose_interrupts_the_clean_up) {
    run([]() -> Coroutine<> {
        bool finished = false;
        const auto slow = [](bool& flag) -> AsyncGenerator<int> {
            try {
                co_yield 1;
            } catch (const asyncio::GeneratorExit&) {
            }
            co_await asyncio::sleep(3600);
            flag = true;
        };
        auto items = slow(finished);
        co_await items.next();
        auto closing = asyncio::create_task(items.aclose());
        co_await asyncio::sleep(0);
        closing.cancel();
        auto error = co_await repr_of(closing);
        BOOST_TEST(error == "CancelledError()");
        auto item = co_await items.next();
        BOOST_TEST((!item && !finished));
    });
}

BOOST_AUTO_TEST_CASE(next_is_awaitable_everywhere) {
    Log log;
    run([&]() -> Coroutine<> {
        auto a = numbers(2);
        auto b = numbers(2);
        auto both = co_await asyncio::gather(a.next(), b.next());
        auto& [first, second] = both;
        BOOST_TEST((*first == 0 && *second == 0));
        auto third = co_await asyncio::wait_for(a.next(), asyncio::Seconds(60));
        BOOST_TEST(*third == 1);
        auto never = waiting_for(asyncio::get_running_loop().create_future(), log);
        co_await never.next();
        auto error = co_await error_of(asyncio::wait_for(never.next(), asyncio::Seconds(0.001)));
        BOOST_TEST(asyncio::is_instance<asyncio::TimeoutError>(error));
        BOOST_TEST(log.back() == "cleaned up");
    });
}

BOOST_AUTO_TEST_CASE(the_stack_of_the_consumer_shows_the_generator) {
    run([]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        auto items = produce(future);
        BOOST_TEST(asyncio::to_string(items).starts_with("<async_generator object produce at 0x"));
        auto consumer = asyncio::create_task(consume(items));
        co_await asyncio::sleep(0);
        auto frames = consumer.get_stack();
        BOOST_REQUIRE(frames.size() == 3);
        BOOST_TEST((frames[0].function == "consume" && frames[2].function == "produce"));
        BOOST_TEST((frames[2].file == __FILE__ && frames[2].line < frames[0].line));
        future.set_result();
        co_await consumer;
    });
}

BOOST_AUTO_TEST_CASE(handles_are_references) {
    run([]() -> Coroutine<> {
        AsyncGenerator<int> none;
        BOOST_TEST((!none && asyncio::to_string(none) == "None"));
        BOOST_CHECK_THROW(static_cast<void>(none.next()), asyncio::RuntimeError);
        BOOST_CHECK_THROW(static_cast<void>(none.aclose()), asyncio::RuntimeError);
        auto items = numbers(3);
        auto same = items;
        BOOST_TEST((same == items && same != numbers(3) && same > none));
        BOOST_TEST(std::hash<AsyncGenerator<int>>{}(same) ==
                   std::hash<AsyncGenerator<int>>{}(items));
        co_await items.next();
        auto second = co_await same.next();
        BOOST_TEST(*second == 1);
    });
}

BOOST_AUTO_TEST_CASE(aclosing_closes_on_every_way_out) { // AGN-01
    Log log;
    run([&]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        const auto first = [](AsyncGenerator<int> items) -> Coroutine<int> {
            auto item = co_await items.next();
            co_return *item;
        };
        auto value =
            co_await asyncio::async_with(asyncio::aclosing(waiting_for(future, log)), first);
        BOOST_TEST((value == 0 && log.size() == 2 && log[0] == "GeneratorExit"));

        const auto failing = [](AsyncGenerator<int> items) -> Coroutine<int> {
            co_await items.next();
            throw asyncio::ValueError("body");
        };
        auto error = co_await repr_of(
            asyncio::async_with(asyncio::aclosing(waiting_for(future, log)), failing));
        BOOST_TEST((error == "ValueError('body')" && log.size() == 4));
    });
}

BOOST_AUTO_TEST_SUITE_END()
