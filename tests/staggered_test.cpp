// staggered_race, in virtual time. own loop only
#include <asyncio/asyncio.hpp>

#include "support/tools.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio_test::elapsed;
using asyncio_test::join;
using asyncio_test::run_virtual;
using asyncio_test::Trace;

namespace {

using Attempts = std::vector<asyncio::staggered::Attempt<std::string>>;

std::string at_now() {
    std::string text = std::to_string(elapsed());
    text.erase(text.find('.') + 3);
    return '@' + text;
}

// Takes its time, then fails unless it is a good one. Says when it starts and how it ends.
Coroutine<std::string> attempt(Trace& trace, std::string name, double time, bool good) {
    trace.push_back(name + at_now());
    try {
        co_await asyncio::sleep(time);
    } catch (const asyncio::CancelledError&) {
        trace.push_back("cancelled " + name + at_now());
        throw;
    }
    if (!good) throw asyncio::ValueError(name);
    co_return name;
}

struct Plan {
    const char* name;
    double time;
    bool good;
};

Attempts attempts(Trace& trace, const std::vector<Plan>& plans) {
    Attempts all;
    for (const Plan& plan : plans)
        all.push_back([&trace, plan] { return attempt(trace, plan.name, plan.time, plan.good); });
    return all;
}

template <class Result>
std::string text_of(const Result& result) {
    std::string text = result.index ? std::to_string(*result.index) + ' ' + *result.result : "none";
    for (const auto& error : result.exceptions)
        text += ", " + (error ? asyncio::repr(error) : "None");
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(staggered)

// STG-01, STG-02
BOOST_AUTO_TEST_CASE(the_next_attempt_starts_on_the_delay_or_on_a_failure) {
    run_virtual([]() -> Coroutine<> {
        Trace trace;
        const std::vector<Plan> plans = {
            {"a", 9, true}, {"b", 0.25, false}, {"c", 2, true}, {"d", 9, true}};
        const auto result =
            co_await asyncio::staggered::staggered_race(attempts(trace, plans), 1.0);
        BOOST_TEST(text_of(result) ==
                   "2 c, CancelledError(), ValueError('b'), None, CancelledError()");
        BOOST_TEST(join(trace) ==
                   "a@0.00, b@1.00, c@1.25, d@2.25, cancelled a@3.25, cancelled d@3.25");
        BOOST_TEST(elapsed() == 3.25);
    });
}

// STG-01: no delay
BOOST_AUTO_TEST_CASE(without_a_delay_one_follows_the_other) {
    run_virtual([]() -> Coroutine<> {
        Trace trace;
        const std::vector<Plan> plans = {{"a", 5, false}, {"b", 5, false}, {"c", 5, true}};
        const auto won = co_await asyncio::staggered::staggered_race(attempts(trace, plans));
        BOOST_TEST(text_of(won) == "2 c, ValueError('a'), ValueError('b'), None");
        BOOST_TEST(join(trace) == "a@0.00, b@5.00, c@10.00");
        const std::vector<Plan> bad = {{"a", 1, false}, {"b", 1, false}};
        const auto lost = co_await asyncio::staggered::staggered_race(attempts(trace, bad));
        BOOST_TEST(text_of(lost) == "none, ValueError('a'), ValueError('b')");
    });
}

// STG-02
BOOST_AUTO_TEST_CASE(a_race_of_none_ends_at_once) {
    run_virtual([]() -> Coroutine<> {
        const auto result = co_await asyncio::staggered::staggered_race(Attempts(), 1.0);
        BOOST_TEST(text_of(result) == "none");
        BOOST_TEST(elapsed() == 0);
    });
}

BOOST_AUTO_TEST_CASE(attempts_may_have_no_result) {
    run_virtual([]() -> Coroutine<> {
        std::vector<asyncio::staggered::Attempt<void>> attempts(
            3, []() -> Coroutine<> { co_await asyncio::sleep(1); });
        const auto result = co_await asyncio::staggered::staggered_race(attempts, 0.6);
        BOOST_TEST((result.index == 0u));
        BOOST_TEST(result.exceptions.size() == 2u);
    });
}

// STG-03
BOOST_AUTO_TEST_CASE(losers_have_ended_when_it_returns) {
    run_virtual([]() -> Coroutine<> {
        bool ended = false;
        Attempts two;
        two.push_back([&ended]() -> Coroutine<std::string> {
            bool cancelled = false;
            try {
                co_await asyncio::sleep(9);
            } catch (const asyncio::CancelledError&) {
                cancelled = true;
            }
            if (cancelled) co_await asyncio::sleep(2); // it cleans up
            ended = true;
            co_return "dropped";
        });
        two.push_back([]() -> Coroutine<std::string> {
            co_await asyncio::sleep(0);
            co_return "won";
        });
        const auto result = co_await asyncio::staggered::staggered_race(two, 1.0);
        BOOST_TEST(ended);
        BOOST_TEST(elapsed() == 3);
        // STG-04: there is one winner, whatever a loser returns
        BOOST_TEST(*result.result == "won");
        BOOST_TEST((result.index == 1u));
    });
}

// STG-04: what a loser has got by then is released
BOOST_AUTO_TEST_CASE(the_result_of_a_loser_is_destroyed) {
    run_virtual([]() -> Coroutine<> {
        using Thing = std::shared_ptr<int>;
        std::vector<std::weak_ptr<int>> made;
        const auto one = [&made]() -> Coroutine<Thing> {
            try {
                co_await asyncio::sleep(1);
            } catch (const asyncio::CancelledError&) {
                made.emplace_back(); // too late to matter
            }
            auto thing = std::make_shared<int>(1);
            made.push_back(thing);
            co_return thing;
        };
        std::vector<asyncio::staggered::Attempt<Thing>> both(2, one);
        auto result = co_await asyncio::staggered::staggered_race(both, 0.0);
        BOOST_REQUIRE(made.size() == 3u);
        BOOST_TEST(!made[0].expired());
        BOOST_TEST(made[2].expired());
        result.result.reset();
        BOOST_TEST(made[0].expired());
    });
}

// STG-03
BOOST_AUTO_TEST_CASE(a_cancelled_race_cancels_and_awaits_its_attempts) {
    run_virtual([]() -> Coroutine<> {
        Trace trace;
        const std::vector<Plan> plans = {{"a", 9, true}, {"b", 9, true}, {"c", 9, true}};
        auto task =
            asyncio::create_task(asyncio::staggered::staggered_race(attempts(trace, plans), 1.0));
        co_await asyncio::sleep(1.5);
        task.cancel();
        const std::string error = co_await asyncio_test::repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(join(trace) == "a@0.00, b@1.00, cancelled a@1.50, cancelled b@1.50");
        BOOST_TEST(asyncio::all_tasks().size() == 1u);
    });
}

// STG-05
BOOST_AUTO_TEST_CASE(eager_tasks_race_as_well) {
    run_virtual([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_task_factory(asyncio::eager_task_factory);
        Trace trace;
        const std::vector<Plan> plans = {{"a", 9, true}, {"b", 0.5, true}, {"c", 9, true}};
        const auto result =
            co_await asyncio::staggered::staggered_race(attempts(trace, plans), 1.0);
        BOOST_TEST(*result.result == "b");
        BOOST_TEST(join(trace) == "a@0.00, b@1.00, cancelled a@1.50");
        loop.set_task_factory({});
    });
}

BOOST_AUTO_TEST_SUITE_END()
