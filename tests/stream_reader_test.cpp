// StreamReader: the kinds of reads, separators, limits, errors.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

// How a read ends, as text.
template <class Request>
Coroutine<std::string> ending(asyncio::StreamRead<Request> read) {
    std::string text;
    try {
        text = co_await std::move(read);
    } catch (const asyncio::IncompleteReadError& e) {
        text = "incomplete " + e.partial;
    } catch (const asyncio::Exception& e) {
        text = asyncio::type_name(e) + ": " + e.str();
    }
    co_return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stream_reader)

// STR-01
BOOST_AUTO_TEST_CASE(the_limit_must_be_positive) {
    run([]() -> Coroutine<> {
        BOOST_CHECK_THROW(StreamReader({.limit = 0}), asyncio::ValueError);
        BOOST_CHECK_THROW(StreamReader({.limit = -1}), asyncio::ValueError);
        bool refused = false;
        try {
            co_await asyncio::open_connection("127.0.0.1", 1, {.limit = 0});
        } catch (const asyncio::ValueError&) {
            refused = true;
        }
        BOOST_TEST(refused);
    });
}

// STR-06, section 0.1
BOOST_AUTO_TEST_CASE(a_read_of_buffered_data_does_not_suspend) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 65536});
        reader.feed_data("line\nexactly;until|rest");
        reader.feed_eof();
        bool other_ran = false;
        asyncio::get_running_loop().call_soon([&] { other_ran = true; });
        const std::string line = co_await reader.readline();
        const std::string exactly = co_await reader.readexactly(8);
        const std::string until = co_await reader.readuntil("|");
        const std::string some = co_await reader.read(2);
        const std::string all = co_await reader.read();
        BOOST_TEST((Trace{line, exactly, until, some, all} ==
                    Trace{"line\n", "exactly;", "until|", "re", "st"}));
        BOOST_TEST(!other_ran);
        BOOST_TEST(reader.at_eof());
        co_await ticks(1);
    });
}

// STR-04
BOOST_AUTO_TEST_CASE(a_second_read_is_refused_by_name) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 65536});
        auto first = asyncio::create_task(reader.read(1));
        co_await ticks(1);
        const std::string text = "() called while another coroutine is already waiting for "
                                 "incoming data";
        const std::string read = co_await ending(reader.read(5));
        const std::string exactly = co_await ending(reader.readexactly(5));
        const std::string until = co_await ending(reader.readuntil("x"));
        const std::string line = co_await ending(reader.readline());
        BOOST_TEST(read == "RuntimeError: read" + text);
        BOOST_TEST(exactly == "RuntimeError: readexactly" + text);
        BOOST_TEST(until == "RuntimeError: readuntil" + text);
        BOOST_TEST(line == "RuntimeError: readuntil" + text);
        reader.feed_data("1");
        BOOST_TEST(co_await first == "1");
    });
}

// STR-05
BOOST_AUTO_TEST_CASE(a_stored_exception_is_raised_by_every_read) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 65536});
        reader.feed_data("abc\n");
        auto blocked = asyncio::create_task(ending(reader.readexactly(10)));
        co_await ticks(1);
        BOOST_TEST(!reader.exception());
        reader.set_exception(asyncio::ValueError("broken"));
        BOOST_TEST(asyncio::repr(reader.exception()) == "ValueError('broken')");
        BOOST_TEST(co_await blocked == "ValueError: broken");
        const std::string some = co_await ending(reader.read(0));
        const std::string line = co_await ending(reader.readline());
        const std::string negative = co_await ending(reader.readexactly(-1));
        BOOST_TEST(some == "ValueError: broken");
        BOOST_TEST(line == "ValueError: broken");
        BOOST_TEST(negative == "ValueError: readexactly size can not be less than zero");
    });
}

// STR-12
BOOST_AUTO_TEST_CASE(nothing_may_be_fed_after_the_end) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 65536});
        reader.feed_data("");
        reader.feed_data("x");
        reader.feed_eof();
        reader.feed_eof();
        BOOST_TEST(!reader.at_eof());
        BOOST_CHECK_THROW(reader.feed_data("y"), asyncio::AssertionError);
        BOOST_TEST(co_await reader.read(5) == "x");
        BOOST_TEST(reader.at_eof());
        BOOST_TEST(co_await reader.read(5) == "");
        BOOST_TEST(co_await reader.readline() == "");
    });
}

// STR-09
BOOST_AUTO_TEST_CASE(readuntil_takes_several_separators) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 65536});
        reader.feed_data("a\r\nb\nc|");
        const std::vector<std::string> list = {"\n", "|"};
        BOOST_TEST(co_await reader.readuntil("\r\n", "\n") == "a\r\n");
        BOOST_TEST(co_await reader.readuntil(list) == "b\n");
        BOOST_TEST(co_await reader.readuntil(std::string("|")) == "c|");
        const std::string none = co_await ending(reader.readuntil(std::vector<std::string>()));
        const std::string empty = co_await ending(reader.readuntil(""));
        BOOST_TEST(none == "ValueError: Separator should contain at least one element");
        BOOST_TEST(empty == "ValueError: Separator should be at least one-byte string");
    });
}

BOOST_AUTO_TEST_CASE(lines_can_be_iterated) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 65536});
        reader.feed_data("one\ntwo\nthree");
        reader.feed_eof();
        Trace lines;
        for (;;) {
            std::optional<std::string> line = co_await reader.next();
            if (!line) break;
            lines.push_back(*line);
        }
        BOOST_TEST((lines == Trace{"one\n", "two\n", "three"}));
    });
}

BOOST_AUTO_TEST_CASE(readers_describe_themselves) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 10});
        reader.feed_data("12345");
        BOOST_TEST(reader.repr() == "<StreamReader 5 bytes limit=10>");
        reader.feed_eof();
        BOOST_TEST(reader.repr() == "<StreamReader 5 bytes eof limit=10>");
        BOOST_TEST((reader == StreamReader(reader)));
        BOOST_TEST((reader != StreamReader({.limit = 10})));
        co_return;
    });
}

BOOST_AUTO_TEST_SUITE_END()
