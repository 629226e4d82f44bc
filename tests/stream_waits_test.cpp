// Reads that wait: what wakes them, what pauses the transport, what a cancelled one leaves.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio_test::ended;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

// What pauses and resumes it.
struct FakeTransport : asyncio::Transport {
    void pause_reading() override { log.push_back("pause"); }
    void resume_reading() override { log.push_back("resume"); }
    Trace log;
};

} // namespace

BOOST_AUTO_TEST_SUITE(stream_waits)

// Section 0.1, G-04: feeding runs nobody; the read takes what there is when its turn comes
BOOST_AUTO_TEST_CASE(a_blocked_read_resumes_in_the_second_iteration) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto reader = StreamReader({.limit = 65536});
        Trace log;
        auto task = asyncio::create_task([&]() -> Coroutine<> {
            const std::string data = co_await reader.read(100);
            log.push_back("read " + data);
        });
        co_await ticks(1);
        loop.call_soon([&] {
            reader.feed_data("a");
            log.push_back("fed");
            loop.call_soon([&] { log.push_back("next"); });
        });
        loop.call_soon([&] { reader.feed_data("b"); });
        co_await task;
        BOOST_TEST((log == Trace{"fed", "read ab", "next"}));
    });
}

// STR-06, STR-07, STR-10: what is not enough leaves the task asleep
BOOST_AUTO_TEST_CASE(a_blocked_read_waits_for_all_it_needs) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 65536});
        auto exactly = asyncio::create_task(reader.readexactly(5));
        co_await ticks(1);
        const Trace too_few = {"1", "23", "4"};
        for (const std::string& piece : too_few) {
            reader.feed_data(piece);
            co_await ticks(3);
            BOOST_TEST(!exactly.done());
        }
        reader.feed_data("5x");
        BOOST_TEST(co_await exactly == "12345");
        auto until = asyncio::create_task(reader.readuntil("END"));
        co_await ticks(1);
        const Trace cut = {"yE", "N", "D!"};
        for (const std::string& piece : cut) {
            reader.feed_data(piece);
            co_await ticks(2);
        }
        BOOST_TEST(co_await until == "xyEND");
        auto all = asyncio::create_task(reader.read());
        co_await ticks(1);
        reader.feed_data("a");
        co_await ticks(2);
        reader.feed_data("b");
        co_await ticks(2);
        reader.feed_eof();
        BOOST_TEST(co_await all == "!ab");
    });
}

// STR-02
BOOST_AUTO_TEST_CASE(a_full_reader_pauses_its_transport) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 4});
        const auto transport = std::make_shared<FakeTransport>();
        reader.set_transport(transport);
        BOOST_CHECK_THROW(reader.set_transport(transport), asyncio::AssertionError);
        reader.feed_data("12345678");
        BOOST_TEST(transport->log.empty());
        reader.feed_data("9");
        reader.feed_data("0");
        BOOST_TEST((transport->log == Trace{"pause"}));
        co_await reader.readexactly(5);
        BOOST_TEST((transport->log == Trace{"pause"}));
        co_await reader.readexactly(1);
        BOOST_TEST((transport->log == Trace{"pause", "resume"}));
        // A read that needs more than fits resumes it: otherwise it would wait for ever.
        reader.feed_data("abcdef");
        auto task = asyncio::create_task(reader.readexactly(14));
        co_await ticks(1);
        BOOST_TEST((transport->log == Trace{"pause", "resume", "pause", "resume"}));
        reader.feed_data("gh");
        BOOST_TEST(transport->log.back() == "pause");
        co_await ticks(2);
        BOOST_TEST(transport->log.back() == "resume");
        BOOST_TEST(!task.done());
        reader.feed_data("ij");
        BOOST_TEST(co_await task == "7890abcdefghij");
    });
}

namespace {
struct Unpausable : asyncio::Transport {
    void pause_reading() override {
        ++attempts;
        throw asyncio::NotImplementedError();
    }
    int attempts = 0;
};
} // namespace

// STR-03
BOOST_AUTO_TEST_CASE(a_transport_that_cannot_pause_is_asked_once) {
    run([]() -> Coroutine<> {
        auto reader = StreamReader({.limit = 1});
        const auto transport = std::make_shared<Unpausable>();
        reader.set_transport(transport);
        for (int i = 0; i < 5; ++i) reader.feed_data("123");
        BOOST_TEST(transport->attempts == 1);
        BOOST_TEST(co_await reader.readexactly(15) == "123123123123123");
    });
}

// STR-13
BOOST_AUTO_TEST_CASE(cancelling_a_read_loses_no_data) {
    run([]() -> Coroutine<> {
        // When the data comes: before the cancel, in the same iteration, after it.
        for (int when = 0; when < 4; ++when) {
            auto reader = StreamReader({.limit = 65536});
            auto task = asyncio::create_task(reader.readexactly(4));
            auto all = asyncio::Task<std::string>();
            co_await ticks(1);
            if (when == 0) reader.feed_data("12");
            if (when == 0) co_await ticks(3);
            if (when == 1) reader.feed_data("1234");
            task.cancel();
            if (when == 2) reader.feed_data("1234");
            co_await ended(task);
            BOOST_TEST(task.cancelled());
            if (when == 0) reader.feed_data("34");
            if (when == 3) reader.feed_data("1234");
            BOOST_TEST(co_await reader.readexactly(4) == "1234");
            // read() to the end has taken data already: it gives it back.
            all = asyncio::create_task(reader.read());
            co_await ticks(1);
            reader.feed_data("abc");
            co_await ticks(3);
            all.cancel();
            reader.feed_data("def");
            co_await ended(all);
            BOOST_TEST(all.cancelled());
            reader.feed_eof();
            BOOST_TEST(co_await reader.read() == "abcdef");
        }
    });
}

BOOST_AUTO_TEST_SUITE_END()
