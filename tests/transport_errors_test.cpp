// Errors under and above a transport: of the socket, of the protocol, interrupts.
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>

#include "support/memory_wire.hpp"
#include "support/print.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>

using asyncio::Coroutine;
using asyncio_test::handled;
using asyncio_test::MemorySocket;
using asyncio_test::Recorder;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::Wire;

BOOST_AUTO_TEST_SUITE(transport_errors)

// TRN-09: an OSError breaks the connection silently
BOOST_AUTO_TEST_CASE(an_error_of_the_socket_ends_the_connection) {
    run([]() -> Coroutine<> {
        const Trace& messages = handled();
        const std::string reset = "lost ConnectionResetError(104, 'Connection reset by peer')";
        const std::string pipe = "lost BrokenPipeError(32, 'Broken pipe')";
        Wire reading;
        reading.socket->deliver_error(ECONNRESET);
        co_await ticks(4);
        BOOST_TEST((reading.log == Trace{"made", reset}));
        Wire writing;
        co_await ticks(2);
        writing.socket->fail_writes(EPIPE);
        writing.transport->write("x");
        BOOST_TEST(writing.transport->is_closing());
        co_await ticks(1);
        BOOST_TEST((writing.log == Trace{"made", pipe}));
        Wire later;
        co_await ticks(2);
        later.socket->allow(0);
        later.transport->write("x");
        later.socket->fail_writes(EPIPE);
        co_await ticks(2);
        BOOST_TEST((later.log == Trace{"made", pipe}));
        BOOST_TEST(later.transport->get_write_buffer_size() == 0u);
        BOOST_TEST(messages == Trace());
    });
}

// TRN-09: only debug mode tells
BOOST_AUTO_TEST_CASE(debug_mode_logs_an_error_of_the_socket) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_debug(true);
        loop.slow_callback_duration = 3600; // nothing else is logged
        const asyncio::LogCapture log;
        Wire reading;
        reading.socket->deliver_error(ECONNRESET);
        co_await ticks(4);
        Wire writing;
        co_await ticks(2);
        writing.socket->fail_writes(EPIPE);
        writing.transport->write("x");
        co_await ticks(1);
        const auto records = log.records();
        BOOST_REQUIRE(records.size() == 2);
        BOOST_TEST((records[0].level == asyncio::Level::Debug));
        BOOST_TEST(records[0].message.starts_with("<SocketTransport"));
        BOOST_TEST(records[0].message.ends_with(": Fatal read error on socket transport"));
        BOOST_TEST(asyncio::type_name(records[0].error) == "ConnectionResetError");
        BOOST_TEST(records[1].message.ends_with(": Fatal write error on socket transport"));
        BOOST_TEST(asyncio::type_name(records[1].error) == "BrokenPipeError");
    });
}

namespace {
struct Fragile : asyncio::Protocol {
    void data_received(std::string_view) override { throw asyncio::ValueError("data"); }
    void connection_lost(std::exception_ptr error) override {
        lost = asyncio::repr(error);
        throw asyncio::ValueError("lost");
    }
    std::string lost;
};
} // namespace

// TRN-09, TRN-10
BOOST_AUTO_TEST_CASE(an_exception_of_the_protocol_is_fatal_and_reported) {
    run([]() -> Coroutine<> {
        const Trace& messages = handled();
        const auto protocol = std::make_shared<Fragile>();
        Wire wire(protocol);
        wire.socket->deliver("x");
        co_await ticks(3);
        BOOST_TEST(wire.socket->closed);
        BOOST_TEST(protocol->lost == "ValueError('data')");
        BOOST_TEST((messages ==
                    Trace{"Fatal error: protocol.data_received() call failed. ValueError('data') "
                          "transport protocol",
                          "Exception in callback protocol.connection_lost() ValueError('lost') "
                          "transport protocol"}));
    });
}

namespace {
struct BadStart : Recorder {
    using Recorder::Recorder;
    void connection_made(std::shared_ptr<asyncio::Transport>) override {
        throw asyncio::ValueError("made");
    }
};
} // namespace

// EXH-01: as for any callback, the transport lives on
BOOST_AUTO_TEST_CASE(an_exception_of_connection_made_is_reported) {
    run([]() -> Coroutine<> {
        const Trace& messages = handled();
        const auto entries = std::make_shared<Trace>();
        Wire wire(std::make_shared<BadStart>(entries));
        wire.socket->deliver("x");
        co_await ticks(3);
        BOOST_TEST(messages.size() == 1u);
        BOOST_TEST(*entries == Trace{"data x"});
        wire.transport->close();
        co_await ticks(2);
    });
}

// G-06, TRN-09
BOOST_AUTO_TEST_CASE(an_interrupt_leaves_the_loop) {
    struct Interrupting : asyncio::Protocol {
        void data_received(std::string_view data) override {
            received += data;
            if (data == "stop") throw asyncio::KeyboardInterrupt();
        }
        std::string received;
    };
    const auto loop = asyncio::new_event_loop();
    const auto socket = asyncio::detail::make_ref<MemorySocket>(loop->core());
    const auto protocol = std::make_shared<Interrupting>();
    const auto transport = asyncio::detail::make_stream_transport(loop->core(), socket, protocol);
    socket->deliver("stop");
    BOOST_CHECK_THROW(loop->run_until_complete(ticks(5)), asyncio::KeyboardInterrupt);
    BOOST_TEST(!transport->is_closing());
    socket->deliver("more");
    loop->run_until_complete(ticks(3));
    BOOST_TEST(protocol->received == "stopmore");
    transport->close();
    loop->run_until_complete(ticks(2));
    for (const auto& task : asyncio::all_tasks(*loop)) task.cancel();
    loop->run_until_complete(ticks(2));
    loop->close();
}

BOOST_AUTO_TEST_SUITE_END()
