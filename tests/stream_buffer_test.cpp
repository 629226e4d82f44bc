// The stream buffer without loops and sockets: requests over every way to cut the input.
#include <asyncio/detail/stream_buffer.hpp>
#include <asyncio/exceptions.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

using asyncio::detail::ReadExactly;
using asyncio::detail::ReadLine;
using asyncio::detail::ReadSome;
using asyncio::detail::ReadUntil;
using asyncio::detail::StreamBuffer;

namespace {

using Chunks = std::vector<std::string>;

// How a request ends when the chunks arrive one after another, and then EOF.
struct Ending {
    std::string text; // the result, or the error
    std::string left; // what the buffer holds then
    friend bool operator==(const Ending&, const Ending&) = default;
    friend std::ostream& operator<<(std::ostream& out, const Ending& ending) {
        return out << ending.text << " | " << ending.left;
    }
};

template <class Request>
Ending feed(Request request, const Chunks& chunks, std::int64_t limit = 1 << 16) {
    StreamBuffer buffer(limit);
    std::size_t next = 0;
    std::string text;
    try {
        request.validate();
        while (!request.attempt(buffer, text)) {
            if (next < chunks.size())
                buffer.feed(chunks[next++]);
            else
                buffer.feed_eof();
        }
    } catch (const asyncio::IncompleteReadError& error) {
        text = "incomplete " + error.partial;
        if (error.expected) text += " of " + std::to_string(*error.expected);
    } catch (const asyncio::LimitOverrunError& error) {
        text = "overrun " + error.str() + ' ' + std::to_string(error.consumed);
    } catch (const asyncio::ValueError& error) {
        text = "ValueError " + error.str();
    }
    std::string left(buffer.view());
    while (next < chunks.size()) left += chunks[next++];
    return {text, left};
}

// The text cut in two, at every place, and into single bytes.
std::vector<Chunks> cuts(const std::string& text) {
    std::vector<Chunks> all = {{text}};
    for (std::size_t i = 1; i < text.size(); ++i)
        all.push_back({text.substr(0, i), text.substr(i)});
    Chunks single;
    for (const char c : text) single.emplace_back(1, c);
    all.push_back(single);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stream_buffer)

// STR-01
BOOST_AUTO_TEST_CASE(limit_must_be_positive) {
    for (const std::int64_t limit : {0, -1})
        BOOST_CHECK_EXCEPTION(StreamBuffer{limit}, asyncio::ValueError,
                              [](const auto& e) { return e.str() == "Limit cannot be <= 0"; });
    BOOST_TEST(StreamBuffer().limit() == 65536u);
}

BOOST_AUTO_TEST_CASE(bytes_are_taken_in_order_of_arrival) {
    StreamBuffer buffer;
    std::string expected, taken;
    for (int i = 0; i < 2000; ++i) {
        const std::string piece = std::to_string(i * 7919) + ',';
        buffer.feed(piece);
        expected += piece;
        if (i % 3 == 0) taken += buffer.take(static_cast<std::size_t>(i % 11));
        if (i % 500 == 0) taken += buffer.take(buffer.size());
    }
    taken += buffer.take(buffer.size() + 5);
    BOOST_TEST(taken == expected);
    BOOST_TEST(buffer.empty());
}

BOOST_AUTO_TEST_CASE(bytes_set_aside_survive_what_comes_behind_them) {
    StreamBuffer buffer;
    buffer.feed("abcdef");
    BOOST_TEST(buffer.take(2) == "ab");
    buffer.set_aside();
    BOOST_TEST(buffer.empty());
    const std::string much(10'000, 'x');
    buffer.feed(much);
    BOOST_TEST(buffer.view() == much);
    buffer.set_aside();
    buffer.feed("gh");
    BOOST_TEST(buffer.take(1) == "g");
    buffer.put_back();
    BOOST_TEST(buffer.size() == 10'005u);
    BOOST_TEST(buffer.take(4) == "cdef");
    buffer.set_aside();
    BOOST_TEST(buffer.take_aside() == much + "h");
    BOOST_TEST(buffer.empty());
    BOOST_TEST(buffer.take_aside() == "");
}

// STR-06
BOOST_AUTO_TEST_CASE(read_gives_what_is_there) {
    BOOST_TEST(feed(ReadSome(0), {}) == (Ending{"", ""}));
    BOOST_TEST(feed(ReadSome(10), {"abc", "def"}) == (Ending{"abc", "def"}));
    BOOST_TEST(feed(ReadSome(2), {"abc"}) == (Ending{"ab", "c"}));
    BOOST_TEST(feed(ReadSome(1), {}) == (Ending{"", ""}));
}

// STR-06: beyond the limit
BOOST_AUTO_TEST_CASE(read_to_the_end_ignores_the_limit) {
    for (const Chunks& chunks : cuts("some text"))
        BOOST_TEST(feed(ReadSome(-1), chunks, 2) == (Ending{"some text", ""}));
}

// STR-13
BOOST_AUTO_TEST_CASE(a_read_that_is_given_up_returns_what_it_took) {
    StreamBuffer buffer;
    ReadSome all(-1);
    buffer.feed("first ");
    std::string result;
    BOOST_TEST(!all.attempt(buffer, result));
    buffer.feed("second ");
    BOOST_TEST(!all.attempt(buffer, result));
    buffer.feed("third");
    all.give_back(buffer);
    BOOST_TEST(buffer.view() == "first second third");
}

BOOST_AUTO_TEST_CASE(only_the_read_that_took_bytes_returns_them) {
    StreamBuffer buffer;
    ReadSome all(-1);
    ReadSome other(4);
    std::string result;
    buffer.feed("abc");
    BOOST_TEST(!all.attempt(buffer, result));
    buffer.feed("def");
    BOOST_TEST(other.attempt(buffer, result));
    BOOST_TEST(result == "def");
    other.give_back(buffer);
    BOOST_TEST(buffer.empty());
    all.give_back(buffer);
    all.give_back(buffer);
    BOOST_TEST(buffer.view() == "abc");
}

// STR-07
BOOST_AUTO_TEST_CASE(readexactly_is_exact) {
    for (const Chunks& chunks : cuts("123456789")) {
        BOOST_TEST(feed(ReadExactly(6), chunks, 1) == (Ending{"123456", "789"}));
        BOOST_TEST(feed(ReadExactly(9), chunks) == (Ending{"123456789", ""}));
        BOOST_TEST(feed(ReadExactly(10), chunks) == (Ending{"incomplete 123456789 of 10", ""}));
        BOOST_TEST(feed(ReadExactly(0), chunks) == (Ending{"", "123456789"}));
    }
    BOOST_TEST(feed(ReadExactly(-1), {}).text ==
               "ValueError readexactly size can not be less than zero");
}

// STR-08, STR-10
BOOST_AUTO_TEST_CASE(readuntil_finds_a_separator_across_chunks) {
    for (const Chunks& chunks : cuts("dataEENDrest")) {
        BOOST_TEST(feed(ReadUntil("END"), chunks) == (Ending{"dataEEND", "rest"}));
        BOOST_TEST(feed(ReadUntil("DONE"), chunks) == (Ending{"incomplete dataEENDrest", ""}));
    }
}

// STR-08: the limit counts the bytes before the separator, and the data stays
BOOST_AUTO_TEST_CASE(readuntil_obeys_the_limit) {
    const std::string found = "overrun Separator is found, but chunk is longer than limit ";
    const std::string missing = "overrun Separator is not found, and chunk exceed the limit ";
    BOOST_TEST(feed(ReadUntil("\n"), {"1234\n"}, 4) == (Ending{"1234\n", ""}));
    BOOST_TEST(feed(ReadUntil("\n"), {"12345\n"}, 4) == (Ending{found + '5', "12345\n"}));
    BOOST_TEST(feed(ReadUntil("\n"), {"12345"}, 4) == (Ending{missing + '5', "12345"}));
    BOOST_TEST(feed(ReadUntil("ab"), {"12345a"}, 4) == (Ending{missing + '5', "12345a"}));
    BOOST_TEST(feed(ReadUntil("ab"), {"1234a", "b"}, 4) == (Ending{"1234ab", ""}));
}

// STR-09
BOOST_AUTO_TEST_CASE(of_several_separators_the_match_that_ends_first_wins) {
    using Strings = std::vector<std::string>;
    for (const Chunks& chunks : cuts("one\r\ntwo\nthree")) {
        BOOST_TEST(feed(ReadUntil(Strings{"\n", "\r\n"}), chunks) ==
                   (Ending{"one\r\n", "two\nthree"}));
        BOOST_TEST(feed(ReadUntil(Strings{"three", "wo"}), chunks) ==
                   (Ending{"one\r\ntwo", "\nthree"}));
    }
    // The shortest of those that end together defines where the match starts.
    BOOST_TEST(feed(ReadUntil(Strings{"longend", "end"}), {"1longend"}, 4).text ==
               "overrun Separator is found, but chunk is longer than limit 5");
    BOOST_TEST(feed(ReadUntil(Strings{}), {"a"}).text ==
               "ValueError Separator should contain at least one element");
    BOOST_TEST(feed(ReadUntil(Strings{"a", ""}), {"a"}).text ==
               "ValueError Separator should be at least one-byte string");
}

// STR-11
BOOST_AUTO_TEST_CASE(readline_gives_the_partial_line_at_the_end) {
    for (const Chunks& chunks : cuts("line\nrest"))
        BOOST_TEST(feed(ReadLine(), chunks) == (Ending{"line\n", "rest"}));
    for (const Chunks& chunks : cuts("line"))
        BOOST_TEST(feed(ReadLine(), chunks) == (Ending{"line", ""}));
    BOOST_TEST(feed(ReadLine(), {}) == (Ending{"", ""}));
}

// STR-11: the line that is too long is dropped
BOOST_AUTO_TEST_CASE(readline_drops_what_is_too_long) {
    BOOST_TEST(feed(ReadLine(), {"12345\nnext\n"}, 4) ==
               (Ending{"ValueError Separator is found, but chunk is longer than limit", "next\n"}));
    BOOST_TEST(feed(ReadLine(), {"12345"}, 4) ==
               (Ending{"ValueError Separator is not found, and chunk exceed the limit", ""}));
    BOOST_TEST(feed(ReadLine(), {"1234", "\nx"}, 4) == (Ending{"1234\n", "x"}));
}

// STR-10: a line that grows by small pieces is scanned once
BOOST_AUTO_TEST_CASE(a_long_search_is_linear) {
    StreamBuffer buffer(1 << 24);
    ReadUntil until("0123456789");
    until.validate();
    const std::string piece(16, 'x');
    std::string result;
    for (int i = 0; i < 200'000; ++i) {
        buffer.feed(piece);
        BOOST_REQUIRE(!until.attempt(buffer, result));
    }
    buffer.feed("0123456789");
    BOOST_TEST(until.attempt(buffer, result));
    BOOST_TEST(result.size() == 200'000u * 16 + 10);
}

BOOST_AUTO_TEST_SUITE_END()
