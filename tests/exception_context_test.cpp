// What becomes of errors that nobody catches. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/open_loop.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <stdexcept>
#include <string>

using asyncio::ExceptionContext;
using asyncio_test::join;
using asyncio_test::Reports;
using asyncio_test::Trace;

namespace {

using Fixture = asyncio_test::OpenLoop<>;

void broken() { throw asyncio::ValueError("broken"); }

// A loop with a default handler of its own.
struct FailingDefault : asyncio::EventLoop {
    void default_exception_handler(const ExceptionContext& context) override {
        seen.push_back(context.message);
        throw asyncio::LookupError("default handler");
    }
    Trace seen;
};

} // namespace

BOOST_AUTO_TEST_SUITE(exception_context)

// EXH-01
BOOST_FIXTURE_TEST_CASE(a_throwing_callback_is_reported_and_the_loop_goes_on, Fixture) {
    const Reports reports(loop);
    bool next = false;
    loop.call_soon(broken);
    loop.call_soon([&] { next = true; });
    iterate();
    BOOST_TEST(next);
    BOOST_REQUIRE(reports.size() == 1);
    BOOST_TEST(reports[0].message.starts_with("Exception in callback <Handle "));
    BOOST_TEST(reports[0].error == "ValueError('broken')");
    BOOST_TEST(join(reports[0].keys) == "exception, handle, message");
}

// EXH-01, G-07: an error that is no Exception of Python's
BOOST_FIXTURE_TEST_CASE(foreign_errors_are_reported_too, Fixture) {
    const Reports reports(loop);
    loop.call_soon([] { throw std::runtime_error("std"); });
    loop.call_soon([] { throw 42; });
    loop.call_soon([] { throw asyncio::CancelledError(); });
    iterate();
    BOOST_REQUIRE(reports.size() == 3);
    BOOST_TEST(reports[0].error == "runtime_error('std')");
    BOOST_TEST(reports[2].error == "CancelledError()");
}

// EXH-02
BOOST_FIXTURE_TEST_CASE(the_default_handler_logs_one_record, Fixture) {
    const asyncio::LogCapture log;
    ExceptionContext context{.message = "it broke",
                             .exception = std::make_exception_ptr(asyncio::ValueError("x"))};
    context.socket = "<socket>";
    context.asyncgen = "<generator>";
    context.source_traceback = "file.cpp:7";
    context.extra["zoo"] = "last";
    loop.call_exception_handler(context);
    BOOST_REQUIRE(log.size() == 1);
    const auto record = log.records()[0];
    BOOST_TEST((record.level == asyncio::Level::Error));
    BOOST_TEST(asyncio::repr(record.error) == "ValueError('x')");
    BOOST_TEST(record.message == "it broke\nasyncgen: <generator>\nsocket: <socket>\n"
                                 "source_traceback: Object created at (most recent call last):\n"
                                 "file.cpp:7\nzoo: last");
}

// EXH-02
BOOST_FIXTURE_TEST_CASE(a_context_without_message_gets_the_default_one, Fixture) {
    const asyncio::LogCapture log;
    loop.call_exception_handler(ExceptionContext{});
    BOOST_REQUIRE(log.size() == 1);
    BOOST_TEST(log.records()[0].message == "Unhandled exception in event loop");
}

BOOST_FIXTURE_TEST_CASE(the_keys_are_those_of_pythons_dictionary, Fixture) {
    ExceptionContext context{.message = "m"};
    BOOST_TEST(join(context.keys()) == "message");
    context.handle = loop.call_soon([] {});
    context.future = loop.create_future();
    context.extra["context"] = "c";
    BOOST_TEST(join(context.keys()) == "context, future, handle, message");
    BOOST_TEST(context.details().starts_with("context: c\nfuture: <Future pending"));
}

// EXH-03
BOOST_FIXTURE_TEST_CASE(an_error_of_the_handler_goes_to_the_default_handler, Fixture) {
    const asyncio::LogCapture log;
    loop.set_exception_handler([](asyncio::AbstractEventLoop&, const ExceptionContext&) {
        throw asyncio::LookupError("handler");
    });
    loop.call_soon(broken);
    iterate();
    BOOST_REQUIRE(log.size() == 1);
    const auto record = log.records()[0];
    BOOST_TEST(record.message.starts_with(
        "Unhandled error in exception handler\ncontext: {'message': 'Exception in callback "));
    BOOST_TEST(record.message.find("'handle': <Handle ") != std::string::npos);
    BOOST_TEST(record.message.find("ValueError('broken')") != std::string::npos);
    BOOST_TEST(asyncio::repr(record.error) == "LookupError('handler')");
}

// EXH-03
BOOST_AUTO_TEST_CASE(an_error_of_both_handlers_is_logged_and_goes_no_further) {
    const asyncio::LogCapture log;
    const auto loop = std::make_shared<FailingDefault>();
    loop->call_exception_handler({.message = "first"});
    loop->set_exception_handler([](asyncio::AbstractEventLoop&, const ExceptionContext&) {
        throw asyncio::ValueError("handler");
    });
    loop->call_exception_handler({.message = "second"});
    loop->close();
    BOOST_TEST(join(loop->seen) == "first, Unhandled error in exception handler");
    BOOST_REQUIRE(log.size() == 2);
    BOOST_TEST(log.records()[0].message == "Exception in default exception handler");
    BOOST_TEST(log.records()[1].message ==
               "Exception in default exception handler while handling an unexpected error in "
               "custom exception handler");
    BOOST_TEST(asyncio::repr(log.records()[1].error) == "LookupError('default handler')");
}

// EXH-04
BOOST_FIXTURE_TEST_CASE(interrupts_leave_handlers_and_the_loop, Fixture) {
    loop.set_exception_handler([](asyncio::AbstractEventLoop&, const ExceptionContext&) {
        throw asyncio::KeyboardInterrupt();
    });
    loop.call_soon(broken);
    BOOST_CHECK_THROW(loop.run_forever(), asyncio::KeyboardInterrupt);
    loop.set_exception_handler(
        [](asyncio::AbstractEventLoop&, const ExceptionContext&) { throw asyncio::SystemExit(1); });
    BOOST_CHECK_THROW(loop.call_exception_handler({.message = "m"}), asyncio::SystemExit);
}

// EXH-05
BOOST_FIXTURE_TEST_CASE(the_handler_runs_in_the_context_of_what_failed, Fixture) {
    const asyncio::ContextVar<std::string> variable("variable", "outside");
    loop.set_exception_handler([&](asyncio::AbstractEventLoop&, const ExceptionContext&) {
        trace.push_back(variable.get());
    });
    const asyncio::Context context;
    context.run([&] { variable.set("inside"); });
    loop.call_soon({.context = &context}, broken);
    const auto fail = []() -> asyncio::Coroutine<> {
        co_await asyncio::sleep(0);
        throw asyncio::ValueError("task");
    };
    loop.create_task(fail(), {.context = &context});
    iterate(3);
    loop.call_exception_handler({.message = "m"});
    BOOST_TEST(join(trace) == "inside, inside, outside");
}

// EXH-06
BOOST_FIXTURE_TEST_CASE(an_empty_handler_restores_the_default, Fixture) {
    BOOST_TEST(!loop.get_exception_handler());
    int calls = 0;
    loop.set_exception_handler(
        [&](asyncio::AbstractEventLoop&, const ExceptionContext&) { ++calls; });
    BOOST_TEST(!!loop.get_exception_handler());
    loop.call_exception_handler({.message = "m"});
    loop.set_exception_handler(nullptr);
    const asyncio::LogCapture log;
    loop.call_exception_handler({.message = "m"});
    BOOST_TEST(calls == 1);
    BOOST_TEST(log.size() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_handler_may_replace_itself, Fixture) {
    int calls = 0;
    loop.set_exception_handler([&](asyncio::AbstractEventLoop& self, const ExceptionContext&) {
        self.set_exception_handler(nullptr);
        ++calls;
    });
    loop.call_exception_handler({.message = "m"});
    BOOST_TEST(calls == 1);
}

// FUT-04
BOOST_FIXTURE_TEST_CASE(a_throwing_done_callback_is_reported_with_its_handle, Fixture) {
    const Reports reports(loop);
    const auto future = loop.create_future<>();
    bool next = false;
    future.add_done_callback(broken);
    future.add_done_callback([&] { next = true; });
    future.set_result();
    iterate();
    BOOST_TEST(next);
    BOOST_REQUIRE(reports.size() == 1);
    BOOST_TEST(reports[0].message.starts_with("Exception in callback <Handle "));
    BOOST_TEST(reports[0].error == "ValueError('broken')");
    BOOST_TEST(join(reports[0].keys) == "exception, handle, message");
}

BOOST_AUTO_TEST_SUITE_END()
