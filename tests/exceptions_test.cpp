// The error classes: hierarchy, messages, copies, causes. // own loop only
#include <asyncio/exceptions.hpp>

#include "support/caught.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace asyncio;
using asyncio_test::caught;
using asyncio_test::ptr;
using asyncio_test::thrown;

namespace {

struct PlainError : asyncio::Exception {
    using asyncio::Exception::Exception;
};
struct BadInput : asyncio::ValueError {
    using asyncio::ValueError::ValueError;
};
struct WorseInput : BadInput {
    using BadInput::BadInput;
};
struct Refused : asyncio::ConnectionRefusedError {
    using asyncio::ConnectionRefusedError::ConnectionRefusedError;
};
struct Stop : asyncio::CancelledError {
    using asyncio::CancelledError::CancelledError;
};

struct StatusError : asyncio::RuntimeError {
    explicit StatusError(int code) : RuntimeError("status"), status(code) {}
    std::string str() const override { return "status " + std::to_string(status); }
    int status;
};
struct Silent : asyncio::Exception {
    std::string str() const override { return "computed"; }
};

// Copies through its direct base alone, as std::throw_with_nested and boost::wrapexcept do.
struct Wrapper : asyncio::ValueError {
    explicit Wrapper(const asyncio::ValueError& inner) : asyncio::ValueError(inner) {}
};
struct WrappedCancel : asyncio::CancelledError {
    explicit WrappedCancel(const asyncio::CancelledError& e) : asyncio::CancelledError(e) {}
};

template <class E>
std::string message_of_caught(const std::exception_ptr& error) {
    const E* found = caught<E>(error);
    return found ? found->what() : "not caught";
}

} // namespace

BOOST_AUTO_TEST_SUITE(exceptions)

// G-06
BOOST_AUTO_TEST_CASE(handlers_of_std_exception_see_only_ordinary_errors) {
    for (const auto& error : {ptr(ValueError("x")), ptr(OSError("x")), ptr(InvalidStateError("x")),
                              ptr(PlainError("x")), ptr(std::runtime_error("x"))})
        BOOST_TEST(message_of_caught<std::exception>(error) == "x");
    for (const auto& error : {ptr(CancelledError("x")), ptr(KeyboardInterrupt("x")),
                              ptr(SystemExit("x")), ptr(GeneratorExit("x")), ptr(Stop("x"))}) {
        BOOST_TEST(caught<std::exception>(error) == nullptr);
        BOOST_TEST(caught<Exception>(error) == nullptr);
        BOOST_TEST(caught<BaseException>(error) != nullptr);
    }
}

BOOST_AUTO_TEST_CASE(classes_derive_as_in_python) {
    using std::is_base_of_v;
    static_assert(!is_base_of_v<std::exception, BaseException>);
    static_assert(is_base_of_v<RuntimeError, NotImplementedError>);
    static_assert(is_base_of_v<RuntimeError, SendfileNotAvailableError>);
    static_assert(is_base_of_v<RuntimeError, BrokenBarrierError>);
    static_assert(is_base_of_v<EOFError, IncompleteReadError>);
    static_assert(is_base_of_v<OSError, TimeoutError>);
    static_assert(is_base_of_v<OSError, gaierror>);
    static_assert(is_base_of_v<ConnectionError, BrokenPipeError>);
    static_assert(is_base_of_v<ConnectionError, ConnectionAbortedError>);
    static_assert(is_base_of_v<ConnectionError, ConnectionRefusedError>);
    static_assert(is_base_of_v<ConnectionError, ConnectionResetError>);
    static_assert(!is_base_of_v<RuntimeError, InvalidStateError>);
    static_assert(!is_base_of_v<Exception, CancelledError>);
    BOOST_TEST(is_instance<OSError>(ptr(TimeoutError())));
}

BOOST_AUTO_TEST_CASE(user_errors_inherit_constructors_and_keep_the_message) {
    const std::string text = "a text that is longer than the small string buffer";
    for (const auto& error :
         {thrown(PlainError(text)), thrown(BadInput(text)), thrown(WorseInput(text)),
          thrown(Refused(text)), ptr(PlainError(text)), ptr(WorseInput(text))}) {
        BOOST_TEST(message_of_caught<std::exception>(error) == text);
        BOOST_TEST(message_of_caught<Exception>(error) == text);
        BOOST_TEST(caught<BaseException>(error)->message() == text);
        BOOST_TEST(caught<BaseException>(error)->str() == text);
    }
    BOOST_TEST(caught<ValueError>(thrown(WorseInput(text)))->message() == text);
    BOOST_TEST(PlainError().message() == "");
    BOOST_TEST(WorseInput().what() == "");
    BOOST_TEST(Refused(ECONNREFUSED, "no").str() ==
               "[Errno " + std::to_string(ECONNREFUSED) + "] no");
    BOOST_TEST(Stop("why").str() == "why");
}

BOOST_AUTO_TEST_CASE(errors_of_any_shape_can_be_thrown_directly) {
    try {
        throw WorseInput("direct");
    } catch (const std::exception& e) {
        BOOST_TEST(e.what() == "direct");
    }
    try {
        throw PlainError();
    } catch (const Exception& e) {
        BOOST_TEST(!e.has_message());
    }
    BOOST_CHECK_THROW(throw CancelledError(), CancelledError);
}

BOOST_AUTO_TEST_CASE(what_follows_an_overridden_str) {
    StatusError first(404);
    const char* kept = first.what();
    BOOST_TEST(kept == "status 404");
    BOOST_TEST(first.what() == kept);
    StatusError second = first;
    second.status = 500;
    BOOST_TEST(second.what() == "status 500");
    BOOST_TEST(first.what() == "status 404");
    BOOST_TEST(kept == "status 404");
    BOOST_TEST(Silent().what() == "computed");
    BOOST_TEST(OSError(2, "No", "/f").what() == "[Errno 2] No: '/f'");
}

// ERR-02, ERR-04
BOOST_AUTO_TEST_CASE(copies_share_until_one_is_changed) {
    static_assert(std::is_nothrow_copy_constructible_v<BaseException>);
    static_assert(std::is_nothrow_copy_constructible_v<BadInput>);
    static_assert(std::is_nothrow_copy_assignable_v<BadInput>);
    static_assert(std::is_nothrow_copy_constructible_v<CancelledError>);
    static_assert(std::is_nothrow_default_constructible_v<CancelledError>);
    BadInput original("text");
    BadInput copy = original;
    BOOST_TEST(&copy.message() == &original.message());
    copy.set_cause(ptr(OSError("disk")));
    BOOST_TEST(!original.cause());
    BOOST_TEST(str(copy.cause()) == "disk");
    BOOST_TEST(copy.message() == "text");
    BadInput moved = std::move(copy);
    BOOST_TEST(str(moved.cause()) == "disk");
    original = moved;
    BOOST_TEST(str(original.cause()) == "disk");
    original = *&original;
    BOOST_TEST(original.message() == "text");
}

BOOST_AUTO_TEST_CASE(cause_and_context_are_kept) {
    RuntimeError error("x");
    BOOST_TEST(!error.cause());
    BOOST_TEST(!error.context());
    error.set_context(ptr(ValueError("context")));
    BOOST_TEST(!error.suppress_context());
    error.set_cause(ptr(ValueError("cause")));
    BOOST_TEST(error.suppress_context());
    BOOST_TEST(str(error.context()) == "context");
    BOOST_TEST(error.message() == "x");
    BOOST_TEST(!error.has_message() == false);
    RuntimeError silent;
    silent.set_cause(nullptr);
    BOOST_TEST(silent.suppress_context());
    BOOST_TEST(!silent.has_message());
}

BOOST_AUTO_TEST_CASE(raise_from_throws_with_the_cause) {
    try {
        raise_from(BadInput("outer"), ptr(std::runtime_error("inner")));
    } catch (const ValueError& e) {
        BOOST_TEST(e.message() == "outer");
        BOOST_TEST(str(e.cause()) == "inner");
    }
}

BOOST_AUTO_TEST_CASE(a_copy_through_the_direct_base_keeps_the_message) {
    BOOST_TEST(Wrapper(ValueError("kept")).what() == "kept");
    BOOST_TEST(WrappedCancel(CancelledError("kept")).str() == "kept");
}

BOOST_AUTO_TEST_CASE(stream_errors_carry_their_fields) {
    const IncompleteReadError known("abc", 10);
    BOOST_TEST(known.str() == "3 bytes read on a total of 10 expected bytes");
    BOOST_TEST(known.partial == "abc");
    BOOST_TEST(known.expected.value() == 10u);
    const IncompleteReadError unknown("", std::nullopt);
    BOOST_TEST(unknown.str() == "0 bytes read on a total of undefined expected bytes");
    BOOST_TEST(!unknown.expected.has_value());
    const LimitOverrunError overrun("Separator is not found", 7);
    BOOST_TEST(overrun.consumed == 7u);
    BOOST_TEST(repr(overrun) == "LimitOverrunError('Separator is not found')");
    const auto stored = thrown(known);
    BOOST_TEST(exception_cast<IncompleteReadError>(stored)->partial == "abc");
}

BOOST_AUTO_TEST_CASE(system_exit_has_a_status_or_a_text) {
    BOOST_TEST(SystemExit().code() == 0);
    BOOST_TEST(repr(SystemExit()) == "SystemExit()");
    BOOST_TEST(SystemExit(3).code() == 3);
    BOOST_TEST(repr(SystemExit(3)) == "SystemExit(3)");
    BOOST_TEST(SystemExit(3).str() == "3");
    BOOST_TEST(SystemExit("bye").code() == 1);
    BOOST_TEST(repr(SystemExit("bye")) == "SystemExit('bye')");
    SystemExit assigned;
    assigned = SystemExit(4);
    BOOST_TEST(assigned.code() == 4);
}

// ERR-04
BOOST_AUTO_TEST_CASE(errors_cross_threads) {
    std::exception_ptr error;
    std::thread([&] { error = thrown(StatusError(7)); }).join();
    const StatusError original = *exception_cast<StatusError>(error);
    const Silent silent;
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i)
        readers.emplace_back([&error, &silent, copy = original] {
            for (int n = 0; n < 200; ++n) {
                StatusError own = copy;
                own.status = n % 3;
                if (own.what() != own.str() || str(error) != "status 7" ||
                    std::string(silent.what()) != "computed")
                    std::terminate();
                own.set_context(error);
            }
        });
    for (auto& reader : readers) reader.join();
    BOOST_TEST(original.what() == "status 7");
}

BOOST_AUTO_TEST_SUITE_END()
