// Outcome and catching(): errors as values.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

using asyncio::catching;
using asyncio::Coroutine;
using asyncio::Outcome;
using asyncio_test::error_of;
using asyncio_test::repr_of;
using asyncio_test::run;

namespace {

Coroutine<int> good(int n) {
    co_await asyncio::sleep(0);
    co_return n;
}
Coroutine<int> bad() {
    co_await asyncio::sleep(0);
    throw asyncio::ConnectionResetError("reset");
}

} // namespace

BOOST_AUTO_TEST_SUITE(outcome)

BOOST_AUTO_TEST_CASE(it_holds_a_value_or_an_error) {
    const Outcome<int> value(std::in_place, 3);
    BOOST_TEST(value.has_value());
    BOOST_TEST(value.value() == 3);
    BOOST_TEST((value.exception() == nullptr));
    BOOST_TEST(!value.is<asyncio::Exception>());
    const Outcome<int> error(std::make_exception_ptr(asyncio::ValueError("x")));
    BOOST_TEST(!error);
    BOOST_TEST(error_of([&] { error.value(); }) == "ValueError('x')");
    BOOST_TEST(error.is<asyncio::Exception>());
    BOOST_TEST(!error.is<asyncio::OSError>());
    BOOST_REQUIRE(error.get_if<asyncio::ValueError>());
    BOOST_TEST(error.get_if<asyncio::ValueError>()->str() == "x");
    BOOST_TEST(!error.get_if<asyncio::OSError>());
}

BOOST_AUTO_TEST_CASE(values_may_be_nothing_references_or_move_only) {
    const Outcome<void> nothing(std::in_place);
    BOOST_TEST(nothing.has_value());
    nothing.value();
    int n = 1;
    const Outcome<int&> reference(std::in_place, &n);
    BOOST_TEST(&reference.value() == &n);
    Outcome<std::unique_ptr<int>> owner(std::in_place, std::make_unique<int>(4));
    const auto taken = std::move(owner).value();
    BOOST_TEST(*taken == 4);
}

BOOST_AUTO_TEST_CASE(it_reads_like_a_pointer_to_its_value) {
    Outcome<std::string> value(std::in_place, "abc");
    BOOST_TEST(*value == "abc");
    BOOST_TEST(value->size() == 3U);
    value->push_back('d');
    *value += 'e';
    BOOST_TEST(*std::as_const(value) == "abcde");
    const std::string taken = *std::move(value);
    BOOST_TEST(taken == "abcde");
    const Outcome<std::string> error(std::make_exception_ptr(asyncio::ValueError("x")));
    BOOST_TEST(error_of([&] { *error; }) == "ValueError('x')");
    BOOST_TEST(error_of([&] { error->size(); }) == "ValueError('x')");
    int n = 1;
    const Outcome<int&> reference(std::in_place, &n);
    *reference = 2;
    BOOST_TEST(n == 2);
    BOOST_TEST((reference.operator->() == &n));
    const Outcome<void> nothing(std::in_place);
    *nothing;
    const Outcome<void> failed(std::make_exception_ptr(asyncio::ValueError("y")));
    BOOST_TEST(error_of([&] { *failed; }) == "ValueError('y')");
}

BOOST_AUTO_TEST_CASE(value_or_gives_a_fallback_for_any_error) {
    const Outcome<std::string> value(std::in_place, "abc");
    BOOST_TEST(value.value_or("none") == "abc");
    const Outcome<std::string> error(std::make_exception_ptr(asyncio::CancelledError()));
    BOOST_TEST(error.value_or("none") == "none");
    Outcome<std::unique_ptr<int>> owner(std::in_place, std::make_unique<int>(4));
    const auto taken = std::move(owner).value_or(nullptr);
    BOOST_TEST(*taken == 4);
    int n = 1;
    const Outcome<int&> reference(std::in_place, &n);
    BOOST_TEST(reference.value_or(5) == 1);
}

// G-08
BOOST_AUTO_TEST_CASE(catching_gives_listed_errors_as_values) {
    run([]() -> Coroutine<> {
        const auto value = co_await catching<asyncio::OSError>(good(1));
        BOOST_TEST(value.value() == 1);
        const auto error = co_await catching<asyncio::OSError>(bad());
        BOOST_TEST(!error);
        BOOST_TEST(error.is<asyncio::ConnectionResetError>());
        const auto second = co_await catching<asyncio::ValueError, asyncio::OSError>(bad());
        BOOST_TEST(second.is<asyncio::OSError>());
    });
}

// G-08
BOOST_AUTO_TEST_CASE(catching_lets_other_errors_and_cancellation_pass) {
    run([]() -> Coroutine<> {
        const std::string error = co_await repr_of(catching<asyncio::ValueError>(bad()));
        BOOST_TEST(error.starts_with("ConnectionResetError("));
        const auto body = []() -> Coroutine<> {
            std::ignore = co_await catching<asyncio::Exception>(good(1));
        };
        const auto task = asyncio::create_task(body);
        co_await asyncio::sleep(0);
        task.cancel();
        const std::string cancelled = co_await repr_of(task);
        BOOST_TEST(cancelled == "CancelledError()");
    });
}

BOOST_AUTO_TEST_CASE(catching_takes_callables_tasks_and_library_awaitables) {
    run([]() -> Coroutine<> {
        const auto called = co_await catching<asyncio::OSError>(good, 5);
        BOOST_TEST(called.value() == 5);
        const auto task = asyncio::create_task(bad());
        const auto awaited = co_await catching<asyncio::OSError>(task);
        BOOST_TEST(!awaited);
        const auto slept = co_await catching<asyncio::OSError>(asyncio::sleep(0));
        BOOST_TEST(slept.has_value());
    });
}

BOOST_AUTO_TEST_SUITE_END()
