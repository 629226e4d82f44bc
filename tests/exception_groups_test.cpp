// Groups, split() and subgroup(), except*. // own loop only
// Expected texts and shapes are what Python 3.13 gives for the same groups.
#include <asyncio/exceptions.hpp>

#include "support/caught.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace asyncio;
using asyncio_test::ptr;

namespace {

using List = BaseExceptionGroup::ErrorList;

// ExceptionGroup('m', [ValueError('a'), ExceptionGroup('n', [TypeError('b'), LookupError()])])
std::exception_ptr tree() {
    return BaseExceptionGroup::make(
        "m", {ptr(ValueError("a")),
              BaseExceptionGroup::make("n", {ptr(TypeError("b")), ptr(LookupError())})});
}

const BaseExceptionGroup& group_in(const std::exception_ptr& error) {
    const auto* group = exception_cast<BaseExceptionGroup>(error);
    BOOST_REQUIRE(group);
    return *group;
}

struct Tagged : ExceptionGroup {
    Tagged(int number, std::string text, List errors)
        : ExceptionGroup(std::move(text), std::move(errors)), tag(number) {}
    std::exception_ptr derive(List errors) const override {
        return ptr(Tagged(tag, message(), std::move(errors)));
    }
    int tag;
};
struct Named : ExceptionGroup {
    using ExceptionGroup::ExceptionGroup;
};

} // namespace

BOOST_AUTO_TEST_SUITE(exception_groups)

BOOST_AUTO_TEST_CASE(texts_count_the_errors) {
    BOOST_TEST(str(tree()) == "m (2 sub-exceptions)");
    BOOST_TEST(str(ptr(ExceptionGroup("one", {ptr(ValueError())}))) == "one (1 sub-exception)");
    BOOST_TEST(repr(tree()) == "ExceptionGroup('m', [ValueError('a'), ExceptionGroup('n', "
                               "[TypeError('b'), LookupError()])])");
    BOOST_TEST(group_in(tree()).message() == "m");
    BOOST_TEST(group_in(tree()).exceptions().size() == 2u);
}

// ERR-01
BOOST_AUTO_TEST_CASE(make_selects_the_class) {
    BOOST_TEST(type_name(BaseExceptionGroup::make("m", {ptr(ValueError())})) == "ExceptionGroup");
    BOOST_TEST(type_name(BaseExceptionGroup::make("m", {ptr(std::runtime_error("x"))})) ==
               "ExceptionGroup");
    BOOST_TEST(type_name(BaseExceptionGroup::make("m", {ptr(ValueError()), ptr(SystemExit(1))})) ==
               "BaseExceptionGroup");
    BOOST_TEST(type_name(BaseExceptionGroup::make(
                   "m", {BaseExceptionGroup::make("n", {ptr(CancelledError())})})) ==
               "BaseExceptionGroup");
    BOOST_TEST(is_instance<std::exception>(tree()));
    BOOST_TEST(!is_instance<std::exception>(BaseExceptionGroup::make("m", {ptr(SystemExit())})));
}

// ERR-01
BOOST_AUTO_TEST_CASE(impossible_groups_are_refused) {
    const auto says = [](const char* text) {
        return [text](const BaseException& e) { return e.str() == text; };
    };
    BOOST_CHECK_EXCEPTION(ExceptionGroup("m", {}), ValueError,
                          says("second argument (exceptions) must be a non-empty sequence"));
    BOOST_CHECK_EXCEPTION(BaseExceptionGroup::make("m", {}), ValueError,
                          says("second argument (exceptions) must be a non-empty sequence"));
    BOOST_CHECK_EXCEPTION(ExceptionGroup("m", List{ptr(KeyboardInterrupt())}), TypeError,
                          says("Cannot nest BaseExceptions in an ExceptionGroup"));
    BOOST_CHECK_EXCEPTION(BaseExceptionGroup("m", List{ptr(ValueError()), nullptr}), ValueError,
                          says("Item 1 of second argument (exceptions) is not an exception"));
}

BOOST_AUTO_TEST_CASE(groups_are_caught_by_every_base) {
    const auto error = tree();
    BOOST_CHECK_THROW(std::rethrow_exception(error), ExceptionGroup);
    BOOST_CHECK_THROW(std::rethrow_exception(error), BaseExceptionGroup);
    BOOST_CHECK_THROW(std::rethrow_exception(error), Exception);
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& e) {
        BOOST_TEST(e.what() == "m (2 sub-exceptions)");
    }
    try {
        throw Named("named", {ptr(ValueError())});
    } catch (const Exception& e) {
        BOOST_TEST(e.message() == "named");
        BOOST_TEST(repr(e) == "Named('named', [ValueError()])");
    }
    const ExceptionGroup copy = *exception_cast<ExceptionGroup>(error);
    BOOST_TEST(repr(copy) == repr(error));
    static_assert(std::is_nothrow_copy_constructible_v<ExceptionGroup>);
}

BOOST_AUTO_TEST_CASE(split_keeps_the_nesting) {
    const auto error = tree();
    const auto [match, rest] = group_in(error).split<LookupError>();
    BOOST_TEST(repr(match) == "ExceptionGroup('m', [ExceptionGroup('n', [LookupError()])])");
    BOOST_TEST(repr(rest) ==
               "ExceptionGroup('m', [ValueError('a'), ExceptionGroup('n', [TypeError('b')])])");
    const auto several = group_in(error).split<ValueError, TypeError>();
    BOOST_TEST(repr(several.first) ==
               "ExceptionGroup('m', [ValueError('a'), ExceptionGroup('n', [TypeError('b')])])");
    BOOST_TEST(repr(several.second) ==
               "ExceptionGroup('m', [ExceptionGroup('n', [LookupError()])])");
}

BOOST_AUTO_TEST_CASE(split_gives_null_for_an_empty_part) {
    const auto error = tree();
    const auto none = group_in(error).split<OSError>();
    BOOST_TEST(!none.first);
    BOOST_TEST(repr(none.second) == repr(error));
    const auto all = group_in(error).split<ValueError, TypeError, LookupError>();
    BOOST_TEST(repr(all.first) == repr(error));
    BOOST_TEST(!all.second);
    BOOST_TEST(!group_in(error).subgroup<OSError>());
    BOOST_TEST(repr(group_in(error).subgroup<ValueError>()) ==
               "ExceptionGroup('m', [ValueError('a')])");
}

BOOST_AUTO_TEST_CASE(split_shares_the_errors_with_the_group) {
    const auto leaf = ptr(ValueError("a"));
    const auto error = BaseExceptionGroup::make("m", {leaf, ptr(OSError("b"))});
    const auto part = group_in(error).subgroup<ValueError>();
    BOOST_TEST((group_in(part).exceptions().front() == leaf));
}

BOOST_AUTO_TEST_CASE(a_matching_group_is_taken_whole) {
    const auto error = tree();
    try {
        std::rethrow_exception(error);
    } catch (const BaseExceptionGroup& group) {
        const auto parts = group.split<ExceptionGroup>();
        BOOST_TEST((parts.first == error));
        BOOST_TEST(!parts.second);
    }
    const auto by_reference = group_in(error).split<Exception>();
    BOOST_TEST(repr(by_reference.first) == repr(error));
    BOOST_TEST(!by_reference.second);
    const auto inner = group_in(error).exceptions()[1];
    const auto mixed = BaseExceptionGroup::make("b", {inner, ptr(CancelledError())});
    const auto parts = group_in(mixed).split<ExceptionGroup>();
    BOOST_TEST((group_in(parts.first).exceptions().front() == inner));
    BOOST_TEST(repr(parts.second) == "BaseExceptionGroup('b', [CancelledError()])");
}

BOOST_AUTO_TEST_CASE(split_takes_predicates) {
    const auto error = tree();
    int calls = 0;
    const auto parts = group_in(error).split([&](const std::exception_ptr& e) {
        ++calls;
        return str(e) == "b";
    });
    BOOST_TEST(calls == 5); // both groups and three errors
    BOOST_TEST(repr(parts.first) == "ExceptionGroup('m', [ExceptionGroup('n', [TypeError('b')])])");
    BOOST_TEST(!group_in(error).subgroup(is_cancelled));
    BOOST_TEST(!!group_in(error).subgroup([](const std::exception_ptr&) { return true; }));
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_mixed_group_have_the_fitting_class) {
    const auto error = BaseExceptionGroup::make("b", {ptr(ValueError()), ptr(KeyboardInterrupt())});
    const auto parts = group_in(error).split<Exception>();
    BOOST_TEST(repr(parts.first) == "ExceptionGroup('b', [ValueError()])");
    BOOST_TEST(repr(parts.second) == "BaseExceptionGroup('b', [KeyboardInterrupt()])");
}

BOOST_AUTO_TEST_CASE(parts_copy_cause_and_context_and_derive_keeps_the_type) {
    Tagged tagged(7, "t", {ptr(ValueError()), ptr(OSError("x"))});
    tagged.set_cause(ptr(RuntimeError("cause")));
    tagged.set_context(ptr(RuntimeError("context")));
    const auto parts = tagged.split<OSError>();
    for (const auto& part : {parts.first, parts.second}) {
        BOOST_REQUIRE(is_instance<Tagged>(part));
        BOOST_TEST(exception_cast<Tagged>(part)->tag == 7);
        BOOST_TEST(str(group_in(part).cause()) == "cause");
        BOOST_TEST(str(group_in(part).context()) == "context");
    }
    const auto named = ptr(Named("n", {ptr(ValueError()), ptr(OSError())}));
    BOOST_TEST(type_name(group_in(named).subgroup<OSError>()) == "ExceptionGroup");
}

BOOST_AUTO_TEST_CASE(except_star_clauses_chain) {
    std::string trace;
    auto error = except_star<ValueError>(
        tree(), [&](const BaseExceptionGroup& group) { trace += repr(group) + ";"; });
    error = except_star<OSError>(error, [&] { trace += "never"; });
    error =
        except_star<LookupError>(error, [&](std::exception_ptr group) { trace += repr(group); });
    BOOST_TEST(trace == "ExceptionGroup('m', [ValueError('a')]);"
                        "ExceptionGroup('m', [ExceptionGroup('n', [LookupError()])])");
    BOOST_TEST(repr(error) == "ExceptionGroup('m', [ExceptionGroup('n', [TypeError('b')])])");
    error = except_star<Exception>(error, [] {});
    BOOST_TEST(!error);
    error = except_star<Exception>(error, [] { BOOST_ERROR("nothing is left"); });
    BOOST_TEST(!error);
}

BOOST_AUTO_TEST_CASE(except_star_wraps_a_single_error) {
    std::string trace;
    const auto note = [&](const BaseExceptionGroup& group) { trace += repr(group); };
    BOOST_TEST(!except_star<ValueError>(ptr(ValueError("a")), note));
    BOOST_TEST(trace == "ExceptionGroup('', [ValueError('a')])");
    trace.clear();
    BOOST_TEST(!except_star<CancelledError>(ptr(CancelledError()), note));
    BOOST_TEST(trace == "BaseExceptionGroup('', [CancelledError()])");
    const auto other = ptr(OSError("x"));
    BOOST_TEST((except_star<ValueError>(other, note) == other));
}

BOOST_AUTO_TEST_CASE(a_throwing_clause_ends_a_chain_with_the_rest) {
    const auto raised = [](std::exception_ptr error, auto body) {
        try {
            except_star<ValueError>(error, body);
        } catch (...) {
            return repr(std::current_exception());
        }
        return std::string();
    };
    BOOST_TEST(raised(tree(), [] { throw; }) == repr(tree()));
    BOOST_TEST(raised(tree(), [] { throw OSError("new"); }) ==
               "ExceptionGroup('', [OSError('new'), ExceptionGroup('m', [ExceptionGroup('n', "
               "[TypeError('b'), LookupError()])])])");
    BOOST_TEST(raised(ptr(ValueError("a")), [] { throw OSError("new"); }) == "OSError('new')");
    BOOST_TEST(raised(ptr(ValueError("a")), [] { throw; }) ==
               "ExceptionGroup('', [ValueError('a')])");
    BOOST_TEST(raised(BaseExceptionGroup::make("m", {ptr(ValueError())}),
                      [] { throw OSError("new"); }) == "OSError('new')");
}

BOOST_AUTO_TEST_CASE(later_clauses_run_although_one_raised) {
    std::string trace;
    ExceptStar statement(tree());
    statement.except<ValueError>([] { throw; })
        .except<TypeError>([] { throw OSError("new"); })
        .except<OSError>([&] { trace += "errors of clauses are not handled"; })
        .except<ValueError>([&] { trace += "taken before"; });
    BOOST_TEST(trace == "");
    BOOST_TEST(repr(statement.error()) ==
               "ExceptionGroup('', [OSError('new'), ExceptionGroup('m', [ValueError('a'), "
               "ExceptionGroup('n', [LookupError()])])])");
    BOOST_CHECK_THROW(statement.raise(), ExceptionGroup);
}

BOOST_AUTO_TEST_CASE(what_is_raised_again_has_the_shape_of_the_original) {
    ExceptStar statement(tree());
    statement.except<ValueError>([] { throw; }).except<TypeError>([] {});
    BOOST_TEST(repr(statement.error()) ==
               "ExceptionGroup('m', [ValueError('a'), ExceptionGroup('n', [LookupError()])])");
    ExceptStar partly(tree());
    partly.except<ValueError>([](const BaseExceptionGroup& group) {
        std::rethrow_exception(group.subgroup<ValueError>());
    });
    partly.except<TypeError>([] {});
    BOOST_TEST(repr(partly.error()) ==
               "ExceptionGroup('', [ExceptionGroup('m', [ValueError('a')]), "
               "ExceptionGroup('m', [ExceptionGroup('n', [LookupError()])])])");
    ExceptStar handled(tree());
    handled.except<Exception>([] {});
    BOOST_TEST(!handled.error());
    BOOST_CHECK_NO_THROW(handled.raise());
    BOOST_TEST(!ExceptStar(nullptr).except<Exception>([] {}).error());
}

BOOST_AUTO_TEST_CASE(format_draws_the_nesting) {
    RuntimeError caused("x\ny");
    caused.set_cause(tree());
    const auto error = BaseExceptionGroup::make("q", {ptr(caused), ptr(OSError(2, "No", "/f"))});
    BOOST_TEST(format_exception(error) ==
               "  | ExceptionGroup: q (2 sub-exceptions)\n"
               "  +-+---------------- 1 ----------------\n"
               "    | ExceptionGroup: m (2 sub-exceptions)\n"
               "    +-+---------------- 1 ----------------\n"
               "      | ValueError: a\n"
               "      +---------------- 2 ----------------\n"
               "      | ExceptionGroup: n (2 sub-exceptions)\n"
               "      +-+---------------- 1 ----------------\n"
               "        | TypeError: b\n"
               "        +---------------- 2 ----------------\n"
               "        | LookupError\n"
               "        +------------------------------------\n"
               "    | \n"
               "    | The above exception was the direct cause of the following exception:\n"
               "    | \n"
               "    | RuntimeError: x\n"
               "    | y\n"
               "    +---------------- 2 ----------------\n"
               "    | OSError: [Errno 2] No: '/f'\n"
               "    +------------------------------------");
}

BOOST_AUTO_TEST_CASE(format_limits_width_and_depth) {
    const auto wide = [](std::size_t count) {
        return format_exception(BaseExceptionGroup::make("w", List(count, ptr(ValueError("v")))));
    };
    const auto has = [](const std::string& text, const char* part) {
        return text.find(part) != text.npos;
    };
    BOOST_TEST(has(wide(15), "+---------------- 15 ----------------\n    | ValueError: v\n"));
    BOOST_TEST(!has(wide(15), "more exception"));
    BOOST_TEST(has(wide(16), "+---------------- ... ----------------\n    | and 1 more exception\n"
                             "    +----"));
    BOOST_TEST(has(wide(18), "    | and 3 more exceptions\n"));
    auto deep = ptr(ValueError("v"));
    for (int i = 0; i < 12; ++i) deep = BaseExceptionGroup::make("d" + std::to_string(i), {deep});
    BOOST_TEST(has(format_exception(deep), "| ... (max_group_depth is 10)"));
    BOOST_TEST(has(format_exception(deep), "| ExceptionGroup: d2 "));
    BOOST_TEST(!has(format_exception(deep), "| ExceptionGroup: d1 "));
}

BOOST_AUTO_TEST_SUITE_END()
