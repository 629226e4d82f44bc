// type_name, str, repr, casts and reports of stored errors, foreign ones included.
// own loop only
#include <asyncio/exceptions.hpp>

#include "support/caught.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <vector>

using namespace asyncio;
using asyncio_test::caught;
using asyncio_test::ptr;
using asyncio_test::thrown;

namespace {

struct BadInput : asyncio::ValueError {
    using asyncio::ValueError::ValueError;
};
struct WorseInput : BadInput {
    using BadInput::BadInput;
};
struct Stop : asyncio::CancelledError {
    using asyncio::CancelledError::CancelledError;
};
struct TwoKinds : std::runtime_error, asyncio::ValueError {
    TwoKinds() : std::runtime_error("std"), asyncio::ValueError("ours") {}
};
struct Padding {
    virtual ~Padding() = default;
    long space[3] = {};
};
struct Shifted : Padding, asyncio::LookupError {
    Shifted() : asyncio::LookupError("shifted") {}
};
struct Hidden : private asyncio::ValueError {
    Hidden() : asyncio::ValueError("hidden") {}
};

template <class E>
void same_as_catch(const std::exception_ptr& error) {
    BOOST_TEST(exception_cast<E>(error) == caught<E>(error));
    BOOST_TEST(is_instance<E>(error) == (caught<E>(error) != nullptr));
}

template <class... E>
void compare_casts(const std::vector<std::exception_ptr>& errors) {
    for (const auto& error : errors) (same_as_catch<E>(error), ...);
}

} // namespace

BOOST_AUTO_TEST_SUITE(exception_inspect)

BOOST_AUTO_TEST_CASE(repr_prints_class_and_arguments) {
    BOOST_TEST(repr(ValueError("text")) == "ValueError('text')");
    BOOST_TEST(repr(ValueError()) == "ValueError()");
    BOOST_TEST(repr(ValueError("")) == "ValueError('')");
    BOOST_TEST(repr(CancelledError()) == "CancelledError()");
    BOOST_TEST(repr(CancelledError("why")) == "CancelledError('why')");
    BOOST_TEST(!CancelledError().has_message());
    BOOST_TEST(CancelledError("").has_message());
    BOOST_TEST(repr(TimeoutError()) == "TimeoutError()");
    BOOST_TEST(repr(BadInput("x")) == "BadInput('x')");
    BOOST_TEST(repr(std::runtime_error("x")) == "runtime_error('x')");
    const ValueError error("as std");
    BOOST_TEST(repr(static_cast<const std::exception&>(error)) == "ValueError('as std')");
    BOOST_TEST(str(static_cast<const std::exception&>(error)) == "as std");
    BOOST_TEST(type_name(static_cast<const std::exception&>(error)) == "ValueError");
}

// Every right-hand side is what Python 3.11 prints for repr() of the same text.
BOOST_AUTO_TEST_CASE(repr_quotes_text_as_python_does) {
    const auto quoted = [](std::string text) { return ValueError(std::move(text)).repr_args(); };
    BOOST_TEST(quoted("it's") == "\"it's\"");
    BOOST_TEST(quoted("say \"it's\"") == "'say \"it\\'s\"'");
    BOOST_TEST(quoted("say \"x\"") == "'say \"x\"'");
    BOOST_TEST(quoted("a\\b\n\r\t") == "'a\\\\b\\n\\r\\t'");
    BOOST_TEST(quoted(std::string("\0\x1f\x7f", 3)) == "'\\x00\\x1f\\x7f'");
    BOOST_TEST(quoted("Grüße €😀") == "'Grüße €😀'");
}

BOOST_AUTO_TEST_CASE(repr_escapes_bytes_that_are_not_utf8) {
    const auto quoted = [](std::string text) { return ValueError(std::move(text)).repr_args(); };
    BOOST_TEST(quoted("\xff\xc3") == "'\\xff\\xc3'");
    BOOST_TEST(quoted("\xc0\xaf") == "'\\xc0\\xaf'");                   // overlong
    BOOST_TEST(quoted("\xe0\x80\xaf") == "'\\xe0\\x80\\xaf'");          // overlong
    BOOST_TEST(quoted("\xed\xa0\x80") == "'\\xed\\xa0\\x80'");          // surrogate
    BOOST_TEST(quoted("\xf4\x90\x80\x80") == "'\\xf4\\x90\\x80\\x80'"); // beyond U+10FFFF
    BOOST_TEST(quoted("\xe2\x82") == "'\\xe2\\x82'");                   // cut off
}

// ERR-02
BOOST_AUTO_TEST_CASE(throw_with_nested_keeps_message_name_and_cause) {
    std::exception_ptr error;
    try {
        try {
            throw OSError("inner");
        } catch (...) {
            std::throw_with_nested(BadInput("outer"));
        }
    } catch (...) {
        error = std::current_exception();
    }
    BOOST_TEST(repr(error) == "BadInput('outer')");
    BOOST_TEST(str(cause_of(error)) == "inner");
    BOOST_TEST(!cause_of(cause_of(error)));
    BOOST_TEST(!cause_of(nullptr));
}

BOOST_AUTO_TEST_CASE(exception_cast_binds_what_a_catch_clause_binds) {
    const std::vector<std::exception_ptr> errors = {
        ptr(ValueError("x")),
        thrown(WorseInput("x")),
        ptr(CancelledError()),
        thrown(Stop()),
        ptr(TwoKinds()),
        thrown(Shifted()),
        ptr(Hidden()),
        ptr(std::runtime_error("x")),
        ptr(std::string("text")),
        ptr(42),
        thrown(static_cast<const char*>("text")),
        BaseExceptionGroup::make("g", {ptr(ValueError("x"))}),
        BaseExceptionGroup::make("g", {ptr(CancelledError())}),
        ptr(TimeoutError())};
    compare_casts<BaseException, Exception, std::exception, ValueError, LookupError, BadInput,
                  CancelledError, TwoKinds, std::runtime_error, Padding, Shifted, Hidden,
                  std::string, int, BaseExceptionGroup, ExceptionGroup, OSError>(errors);
    BOOST_TEST(exception_cast<ValueError>(nullptr) == nullptr);
    BOOST_TEST(!is_instance<BaseException>(nullptr));
}

BOOST_AUTO_TEST_CASE(is_instance_takes_several_types) {
    const auto error = ptr(BadInput("x"));
    BOOST_TEST((is_instance<OSError, ValueError>(error)));
    BOOST_TEST(!(is_instance<OSError, TypeError>(error)));
    BOOST_TEST(is_cancelled(ptr(Stop())));
    BOOST_TEST(!is_cancelled(error));
    BOOST_TEST(!is_cancelled(nullptr));
    BOOST_TEST(is_base_only(ptr(KeyboardInterrupt())));
    BOOST_TEST(is_base_only(ptr(SystemExit(1))));
    BOOST_TEST(!is_base_only(ptr(CancelledError())));
    BOOST_TEST(!is_base_only(ptr(GeneratorExit())));
}

// G-07
BOOST_AUTO_TEST_CASE(any_thrown_object_has_a_name_and_a_text) {
    struct Local {};
    BOOST_TEST(type_name(ptr(Local())) == "Local");
    BOOST_TEST(type_name(ptr(BadInput())) == "BadInput");
    BOOST_TEST(type_name(ptr(std::runtime_error("x"))) == "runtime_error");
    BOOST_TEST(type_name(ptr(std::vector<BadInput>())).substr(0, 7) == "vector<");
    BOOST_TEST(repr(ptr(42)) == "int()");
    BOOST_TEST(repr(ptr(Local())) == "Local()");
    BOOST_TEST(repr(ptr(std::string("text"))) == "string('text')");
    BOOST_TEST(str(thrown(static_cast<const char*>("text"))) == "text");
    BOOST_TEST(str(ptr(std::runtime_error("x"))) == "x");
    BOOST_TEST(str(ptr(42)) == "");
    BOOST_TEST(type_name(nullptr) == "NoneType");
    BOOST_TEST(str(nullptr) == "None");
    BOOST_TEST(repr(nullptr) == "None");
}

BOOST_AUTO_TEST_CASE(format_prints_causes_first) {
    RuntimeError error("outer");
    error.set_cause(ptr(ValueError("inner")));
    BOOST_TEST(format_exception(ptr(error)) ==
               "ValueError: inner\n\n"
               "The above exception was the direct cause of the following exception:\n\n"
               "RuntimeError: outer");
    RuntimeError in_context;
    in_context.set_context(ptr(error));
    BOOST_TEST(format_exception(ptr(in_context)) ==
               "ValueError: inner\n\n"
               "The above exception was the direct cause of the following exception:\n\n"
               "RuntimeError: outer\n\n"
               "During handling of the above exception, another exception occurred:\n\n"
               "RuntimeError");
    in_context.set_cause(nullptr);
    BOOST_TEST(format_exception(ptr(in_context)) == "RuntimeError");
    BOOST_TEST(format_exception(ptr(std::runtime_error("foreign"))) == "runtime_error: foreign");
    BOOST_TEST(format_exception(nullptr) == "NoneType: None");
}

BOOST_AUTO_TEST_CASE(format_ends_on_a_cycle_of_causes) {
    const auto error = ptr(ValueError("self"));
    try {
        std::rethrow_exception(error);
    } catch (ValueError& e) {
        e.set_cause(error);
        BOOST_TEST(format_exception(error) == "ValueError: self");
        e.set_cause(nullptr);
    }
}

BOOST_AUTO_TEST_SUITE_END()
