// AsyncGenerator<T>: items, consumers, cancellation, handles. How generators end before their last
// item is in generator_closing_test.cpp and generator_lifetime_test.cpp.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using asyncio::AsyncGenerator;
using asyncio::Coroutine;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::Trace;

namespace {

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

AsyncGenerator<int> waiting_for(asyncio::Future<> future, Trace& log) {
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

BOOST_AUTO_TEST_CASE(one_consumer_at_a_time) {
    Trace log;
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
    Trace log;
    run([&]() -> Coroutine<> {
        const auto future = asyncio::get_running_loop().create_future();
        auto items = waiting_for(future, log);
        auto consumer = asyncio::create_task(collect(items));
        co_await asyncio::sleep(0);
        consumer.cancel();
        auto error = co_await repr_of(consumer);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(future.cancelled());
        BOOST_TEST(log == (Trace{"CancelledError", "cleaned up"}),
                   boost::test_tools::per_element());
        auto item = co_await items.next();
        BOOST_TEST(!item);
    });
}

BOOST_AUTO_TEST_CASE(next_is_awaitable_everywhere) {
    Trace log;
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
        auto error = co_await repr_of(asyncio::wait_for(never.next(), asyncio::Seconds(0.001)));
        BOOST_TEST(error == "TimeoutError()");
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

BOOST_AUTO_TEST_SUITE_END()
