// What is written to a transport: order, buffering, water marks, the end of writing.
#include <asyncio/asyncio.hpp>

#include "support/memory_wire.hpp"
#include "support/print.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio_test::handled;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::Wire;

BOOST_AUTO_TEST_SUITE(transport_writes)

// TRN-01, TRN-02
BOOST_AUTO_TEST_CASE(write_sends_at_once_and_copies_the_rest) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        wire.transport->write("");
        BOOST_TEST(wire.socket->writes == 0);
        wire.socket->allow(4);
        std::string data = "123456";
        wire.transport->write(std::string_view(data));
        data = "......";
        wire.transport->write("78");
        BOOST_TEST(wire.socket->sent == "1234");
        BOOST_TEST(wire.socket->writes == 1);
        BOOST_TEST(wire.transport->get_write_buffer_size() == 4u);
        wire.socket->allow(3);
        co_await ticks(2);
        BOOST_TEST(wire.socket->sent == "1234567");
        wire.socket->allow(100);
        co_await ticks(2);
        BOOST_TEST(wire.socket->sent == "12345678");
        BOOST_TEST(!wire.socket->writing());
        wire.transport->close();
        co_await ticks(2);
    });
}

// TRN-13
BOOST_AUTO_TEST_CASE(pieces_keep_their_order_whatever_is_taken) {
    run([]() -> Coroutine<> {
        for (std::size_t room = 0; room < 14; ++room) {
            Wire wire;
            co_await ticks(2);
            wire.transport->writelines(std::vector<std::string>());
            wire.socket->allow(room);
            wire.transport->writelines({"ab", "", "cdef", "g"});
            wire.transport->write(std::string("hij"));
            wire.transport->writelines(std::vector<std::string>{"", "kl"});
            BOOST_TEST(wire.socket->sent == std::string("abcdefghijkl").substr(0, room));
            for (int i = 0; i < 13; ++i) {
                wire.socket->allow(1);
                co_await ticks(1);
            }
            BOOST_TEST(wire.socket->sent == "abcdefghijkl");
            wire.transport->close();
            co_await ticks(2);
        }
    });
}

// TRN-13: more pieces than one system call takes
BOOST_AUTO_TEST_CASE(many_pieces_are_sent_without_buffering) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        std::vector<std::string> lines;
        std::string all;
        for (int i = 0; i < 1000; ++i) all += lines.emplace_back(std::to_string(i) + ';');
        wire.transport->writelines(lines);
        BOOST_TEST(wire.socket->sent == all);
        BOOST_TEST(wire.transport->get_write_buffer_size() == 0u);
        wire.transport->close();
        co_await ticks(2);
    });
}

// TRN-03, TRN-12
BOOST_AUTO_TEST_CASE(write_eof_waits_for_the_buffer) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        wire.socket->allow(0);
        wire.transport->write("data");
        wire.transport->write_eof();
        wire.transport->write_eof();
        BOOST_TEST(wire.transport->can_write_eof());
        BOOST_TEST(!wire.socket->shut_down);
        BOOST_CHECK_EXCEPTION(
            wire.transport->write("more"), asyncio::RuntimeError,
            [](const auto& e) { return e.str() == "Cannot call write() after write_eof()"; });
        BOOST_CHECK_EXCEPTION(
            wire.transport->writelines({"more"}), asyncio::RuntimeError,
            [](const auto& e) { return e.str() == "Cannot call writelines() after write_eof()"; });
        wire.socket->allow(100);
        co_await ticks(2);
        BOOST_TEST(wire.socket->sent == "data");
        BOOST_TEST(wire.socket->shut_down);
        BOOST_TEST(!wire.transport->is_closing());
        wire.transport->close();
        co_await ticks(2);
    });
}

// TRN-06
BOOST_AUTO_TEST_CASE(water_marks_follow_one_another) {
    run([]() -> Coroutine<> {
        Wire wire;
        const auto limits = [&](asyncio::WriteBufferLimits wanted) {
            wire.transport->set_write_buffer_limits(wanted);
            const auto [low, high] = wire.transport->get_write_buffer_limits();
            return std::to_string(low) + ' ' + std::to_string(high);
        };
        BOOST_TEST(limits({}) == "16384 65536");
        BOOST_TEST(limits({.high = 1000}) == "250 1000");
        BOOST_TEST(limits({.low = 100}) == "100 400");
        BOOST_TEST(limits({.high = 7, .low = 7}) == "7 7");
        BOOST_TEST(limits({.high = 0}) == "0 0");
        BOOST_CHECK_EXCEPTION(
            limits({.high = 10, .low = 11}), asyncio::ValueError,
            [](const auto& e) { return e.str() == "high (10) must be >= low (11) must be >= 0"; });
        BOOST_CHECK_EXCEPTION(limits({.low = -1}), asyncio::ValueError, [](const auto& e) {
            return e.str() == "high (-4) must be >= low (-1) must be >= 0";
        });
        BOOST_TEST(wire.transport->get_write_buffer_limits().second == 0u);
        wire.transport->close();
        co_await ticks(3);
    });
}

// TRN-05, TRN-06
BOOST_AUTO_TEST_CASE(pausing_and_resuming_alternate) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        wire.log.clear();
        wire.socket->allow(0);
        wire.transport->set_write_buffer_limits({.high = 10, .low = 4});
        wire.transport->write("0123456789");
        BOOST_TEST(wire.log == Trace());
        wire.transport->write("a");
        BOOST_TEST(wire.log == Trace{"pause"});
        wire.transport->write("b");
        wire.transport->set_write_buffer_limits({.high = 1000});
        BOOST_TEST(wire.log == Trace{"pause"});
        wire.transport->set_write_buffer_limits({.high = 10, .low = 4});
        wire.socket->allow(7);
        co_await ticks(2);
        BOOST_TEST(wire.log == Trace{"pause"}); // five are left
        wire.socket->allow(1);
        co_await ticks(2);
        BOOST_TEST((wire.log == Trace{"pause", "resume"}));
        wire.transport->set_write_buffer_limits({.high = 0});
        BOOST_TEST((wire.log == Trace{"pause", "resume", "pause"}));
        wire.socket->allow(100);
        co_await ticks(2);
        BOOST_TEST((wire.log == Trace{"pause", "resume", "pause", "resume"}));
        wire.transport->close();
        co_await ticks(2);
    });
}

namespace {
struct BadFlow : asyncio::Protocol {
    void pause_writing() override { throw asyncio::ValueError("pause"); }
    void resume_writing() override { throw asyncio::ValueError("resume"); }
};
} // namespace

// TRN-05
BOOST_AUTO_TEST_CASE(errors_of_flow_control_are_reported_only) {
    run([]() -> Coroutine<> {
        const Trace& messages = handled();
        Wire wire(std::make_shared<BadFlow>());
        co_await ticks(2);
        wire.socket->allow(0);
        wire.transport->set_write_buffer_limits({.high = 0});
        wire.transport->write("data");
        BOOST_TEST(
            (messages == Trace{"protocol.pause_writing() failed ValueError('pause') transport "
                               "protocol"}));
        wire.socket->allow(100);
        co_await ticks(2);
        BOOST_TEST(messages.back() ==
                   "protocol.resume_writing() failed ValueError('resume') transport protocol");
        BOOST_TEST(wire.socket->sent == "data");
        BOOST_TEST(!wire.transport->is_closing());
        wire.transport->close();
        co_await ticks(2);
    });
}

// TRN-04
BOOST_AUTO_TEST_CASE(writes_to_a_lost_connection_are_counted) {
    run([]() -> Coroutine<> {
        asyncio::LogCapture captured;
        Wire wire;
        co_await ticks(2);
        wire.transport->abort();
        for (int i = 0; i < 4; ++i) wire.transport->write("x");
        BOOST_TEST(captured.size() == 0u);
        wire.transport->write("x");
        BOOST_TEST(captured.contains("socket.send() raised exception."));
        co_await ticks(2);
        wire.transport->write("x");
        wire.transport->write_eof();
        wire.transport->pause_reading();
        wire.transport->set_write_buffer_limits({.high = 0});
        BOOST_TEST(captured.size() == 2u);
        BOOST_TEST(wire.socket->writes == 0);
    });
}

BOOST_AUTO_TEST_SUITE_END()
