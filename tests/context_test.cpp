// Context variables: values, tokens, and how tasks and callbacks inherit them.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

using asyncio::Context;
using asyncio::ContextVar;
using asyncio::Coroutine;
using asyncio_test::error_of;
using asyncio_test::run;

BOOST_AUTO_TEST_SUITE(context)

// CTX-05
BOOST_AUTO_TEST_CASE(a_variable_without_value_or_default_is_a_lookup_error) {
    const ContextVar<int> bare("bare");
    const ContextVar<int> filled("filled", 3);
    BOOST_TEST(error_of([&] { bare.get(); }).starts_with("LookupError("));
    BOOST_TEST(bare.get(9) == 9);
    BOOST_TEST(filled.get() == 3);
    BOOST_TEST(filled.get(9) == 9); // as in Python, the argument wins over the default
    BOOST_TEST(bare.name() == "bare");
}

// CTX-05
BOOST_AUTO_TEST_CASE(a_token_goes_back_once_and_in_its_own_context) {
    const ContextVar<int> variable("variable");
    const ContextVar<int> other("other");
    Context().run([&] {
        const auto first = variable.set(1);
        const auto second = variable.set(2);
        BOOST_TEST(!first.old_value().has_value());
        BOOST_TEST(second.old_value().value() == 1);
        BOOST_TEST(error_of([&] { other.reset(second); }) ==
                   "ValueError('<Token> was created by a different ContextVar')");
        BOOST_TEST(error_of([&] {
                       asyncio::copy_context().run([&] { variable.reset(second); });
                   }) == "ValueError('<Token> was created in a different Context')");
        variable.reset(second);
        BOOST_TEST(variable.get() == 1);
        BOOST_TEST(error_of([&] { variable.reset(second); }) ==
                   "RuntimeError('<Token> has already been used once')");
        variable.reset(first);
        BOOST_TEST(error_of([&] { variable.get(); }).starts_with("LookupError("));
    });
}

BOOST_AUTO_TEST_CASE(copies_share_values_and_no_changes) {
    const ContextVar<std::string> variable("variable", "default");
    const Context original;
    original.run([&] { variable.set("original"); });
    const Context copy = original.copy();
    copy.run([&] { variable.set("copy"); });
    BOOST_TEST(*original.get(variable) == "original");
    BOOST_TEST(*copy.get(variable) == "copy");
    BOOST_TEST(original.size() == 1);
    BOOST_TEST(!Context().get(variable).has_value());
    BOOST_TEST(variable.get() == "default");
}

BOOST_AUTO_TEST_CASE(many_variables_keep_their_own_values) {
    const ContextVar<int> a("a", 0), b("b", 0), c("c", 0);
    Context().run([&] {
        c.set(3);
        a.set(1);
        b.set(2);
        const auto token = b.set(20);
        BOOST_TEST(a.get() + b.get() + c.get() == 24);
        b.reset(token);
        BOOST_TEST(a.get() + b.get() + c.get() == 6);
        BOOST_TEST(asyncio::copy_context().size() == 3);
    });
}

// CTX-03
BOOST_AUTO_TEST_CASE(an_entered_context_cannot_be_entered) {
    const Context entered;
    std::string error;
    entered.run([&] { error = error_of([&] { entered.run([] {}); }); });
    BOOST_TEST(error == "RuntimeError('cannot enter context: <Context> is already entered')");
    BOOST_TEST(error_of([&] { entered.run([] { throw asyncio::ValueError("x"); }); }) ==
               "ValueError('x')");
    entered.run([] {}); // left on the way out
    // The value of an entered context can still be read.
    const ContextVar<int> variable("variable");
    entered.run([&] {
        variable.set(4);
        BOOST_TEST(*entered.get(variable) == 4);
    });
}

// CTX-01
BOOST_AUTO_TEST_CASE(a_task_copies_the_context_when_it_is_created) {
    run([]() -> Coroutine<> {
        const ContextVar<int> variable("variable", 0);
        variable.set(1);
        const auto body = [&]() -> Coroutine<int> {
            const int seen = variable.get();
            variable.set(10);
            co_await asyncio::sleep(0);
            co_return seen + variable.get();
        };
        const auto task = asyncio::create_task(body);
        variable.set(2); // too late for the task
        const int sum = co_await task;
        BOOST_TEST(sum == 11);
        BOOST_TEST(variable.get() == 2);
        BOOST_TEST(*task.get_context().get(variable) == 10);
    });
}

// CTX-02
BOOST_AUTO_TEST_CASE(awaiting_a_coroutine_shares_the_context) {
    run([]() -> Coroutine<> {
        const ContextVar<int> variable("variable", 0);
        const auto body = [&]() -> Coroutine<> {
            variable.set(5);
            co_return;
        };
        co_await body();
        BOOST_TEST(variable.get() == 5);
    });
}

// CTX-02
BOOST_AUTO_TEST_CASE(parameters_of_a_task_die_in_its_context) {
    struct Witness {
        ContextVar<int> variable;
        int* seen;
        Witness(ContextVar<int> v, int* s) : variable(v), seen(s) {}
        Witness(Witness&& other) noexcept
            : variable(other.variable), seen(std::exchange(other.seen, nullptr)) {}
        ~Witness() {
            if (seen) *seen = variable.get(-1);
        }
    };
    run([]() -> Coroutine<> {
        const ContextVar<int> variable("v");
        int seen = 0;
        auto body = [](Witness witness) -> Coroutine<> {
            witness.variable.set(7);
            co_return;
        };
        const auto task = asyncio::create_task(body(Witness(variable, &seen)));
        co_await task;
        BOOST_TEST(seen == 7);
    });
}

// CTX-03
BOOST_AUTO_TEST_CASE(two_tasks_may_share_a_context) {
    run([]() -> Coroutine<> {
        const ContextVar<int> variable("variable", 0);
        const Context shared;
        const auto body = [&]() -> Coroutine<> {
            for (int i = 0; i < 3; ++i) {
                variable.set(variable.get() + 1);
                co_await asyncio::sleep(0);
            }
        };
        const auto a = asyncio::create_task(body(), {.context = &shared});
        const auto b = asyncio::create_task(body(), {.context = &shared});
        co_await a;
        co_await b;
        BOOST_TEST(*shared.get(variable) == 6);
        BOOST_TEST((a.get_context() == shared));
        BOOST_TEST(variable.get() == 0);
    });
}

BOOST_AUTO_TEST_CASE(values_set_first_inside_a_task_stay_there) {
    run([]() -> Coroutine<> {
        const ContextVar<int> variable("variable", 0);
        const auto body = [&](int n) -> Coroutine<int> {
            variable.set(n);
            for (int i = 0; i < 3; ++i) co_await asyncio::sleep(0);
            co_return variable.get();
        };
        const auto a = asyncio::create_task(body, 1);
        const auto b = asyncio::create_task(body, 2);
        const int from_a = co_await a;
        const int from_b = co_await b;
        BOOST_TEST(from_a == 1);
        BOOST_TEST(from_b == 2);
        BOOST_TEST(variable.get() == 0);
    });
}

BOOST_AUTO_TEST_CASE(threads_have_contexts_of_their_own) {
    const ContextVar<int> variable("variable", 0);
    const auto token = variable.set(1);
    int seen = -1;
    std::thread([&] {
        seen = variable.get();
        variable.set(2);
    }).join();
    BOOST_TEST(seen == 0);
    BOOST_TEST(variable.get() == 1);
    variable.reset(token);
}

BOOST_AUTO_TEST_CASE(a_value_dies_with_the_last_context_that_has_it) {
    const ContextVar<std::shared_ptr<int>> variable("variable");
    const auto value = std::make_shared<int>(1);
    {
        const Context holder;
        holder.run([&] { variable.set(value); });
        BOOST_TEST(value.use_count() == 2);
    }
    BOOST_TEST(value.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
