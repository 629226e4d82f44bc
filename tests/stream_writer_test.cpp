// StreamWriter: draining, closing, and what becomes of one that is forgotten.
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>

#include "support/memory_socket.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio::StreamWriter;
using asyncio_test::ended;
using asyncio_test::MemorySocket;
using asyncio_test::run;
using asyncio_test::ticks;

namespace {

// A writer over memory.
struct Wire {
    static asyncio::detail::LoopCore& core() { return asyncio::get_running_loop().core(); }
    StreamReader reader = StreamReader({.limit = 65536});
    std::shared_ptr<asyncio::StreamReaderProtocol> protocol =
        std::make_shared<asyncio::StreamReaderProtocol>(reader);
    asyncio::detail::Ref<MemorySocket> socket = asyncio::detail::make_ref<MemorySocket>(core());
    std::shared_ptr<asyncio::Transport> transport =
        asyncio::detail::make_stream_transport(core(), socket, protocol);
    StreamWriter writer{transport, protocol, reader, asyncio::get_running_loop()};
};

} // namespace

BOOST_AUTO_TEST_SUITE(stream_writer)

// STR-14
BOOST_AUTO_TEST_CASE(drain_waits_only_above_the_high_water_mark) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        bool other_ran = false;
        asyncio::get_running_loop().call_soon([&] { other_ran = true; });
        wire.writer.write("x");
        co_await wire.writer.drain();
        BOOST_TEST(!other_ran);
        wire.socket->allow(0);
        wire.writer.write(std::string(65537, 'x'));
        std::vector<asyncio::Task<>> drains;
        for (int i = 0; i < 3; ++i) drains.push_back(asyncio::create_task(wire.writer.drain()));
        co_await ticks(3);
        drains[1].cancel();
        co_await ticks(3);
        BOOST_TEST(!drains[0].done());
        BOOST_TEST(drains[1].cancelled());
        wire.socket->allow(1 << 20);
        co_await ticks(3);
        BOOST_TEST(drains[0].done());
        BOOST_TEST(drains[2].done());
        wire.writer.close();
        co_await wire.writer.wait_closed();
    });
}

// STR-15
BOOST_AUTO_TEST_CASE(drain_reports_a_lost_connection) {
    run([]() -> Coroutine<> {
        const auto drained = [](StreamWriter writer) -> Coroutine<std::string> {
            std::string text = "drained";
            try {
                co_await writer.drain();
            } catch (const asyncio::OSError& e) {
                text = asyncio::repr(e);
            }
            co_return text;
        };
        Wire closed;
        co_await ticks(2);
        closed.writer.close();
        // It yields once, so that connection_lost() can come.
        const std::string lost = co_await drained(closed.writer);
        BOOST_TEST(lost == "ConnectionResetError('Connection lost')");
        Wire broken;
        co_await ticks(2);
        broken.socket->deliver_error(ECONNRESET);
        co_await ticks(3);
        const std::string reset = co_await drained(broken.writer);
        BOOST_TEST(reset == "ConnectionResetError(104, 'Connection reset by peer')");
    });
}

// STR-16
BOOST_AUTO_TEST_CASE(a_lost_connection_wakes_who_drains) {
    run([]() -> Coroutine<> {
        for (int round = 0; round < 2; ++round) {
            Wire wire;
            co_await ticks(2);
            wire.socket->allow(0);
            wire.writer.write(std::string(65537, 'x'));
            auto drain = asyncio::create_task(wire.writer.drain());
            co_await ticks(2);
            if (round == 0)
                wire.transport->abort();
            else
                wire.socket->fail_writes(EPIPE);
            co_await ended(drain);
            const auto error = drain.exception();
            BOOST_TEST(asyncio::repr(error) ==
                       (round == 0 ? "None" : "BrokenPipeError(32, 'Broken pipe')"));
        }
    });
}

// STR-15: closing with something left to send
BOOST_AUTO_TEST_CASE(drain_of_a_closing_writer_waits_for_the_buffer) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        wire.socket->allow(0);
        wire.writer.write(std::string(65537, 'x'));
        wire.writer.close();
        auto drain = asyncio::create_task(wire.writer.drain());
        auto cancelled = asyncio::create_task(wire.writer.drain());
        co_await ticks(1);
        cancelled.cancel();
        co_await ticks(3);
        BOOST_TEST(cancelled.cancelled());
        BOOST_TEST(!drain.done());
        wire.socket->allow(1 << 20);
        co_await drain;
        co_await wire.writer.wait_closed();
    });
}

// STR-17
BOOST_AUTO_TEST_CASE(wait_closed_waits_and_throws_what_broke_the_connection) {
    asyncio::LogCapture captured;
    run([]() -> Coroutine<> {
        Wire clean;
        co_await ticks(2);
        auto first = asyncio::create_task(clean.writer.wait_closed());
        auto second = asyncio::create_task(clean.writer.wait_closed());
        co_await ticks(2);
        first.cancel();
        clean.writer.close();
        clean.writer.close();
        BOOST_TEST(clean.writer.is_closing());
        BOOST_TEST(!second.done());
        co_await second;
        BOOST_TEST(first.cancelled());
        co_await clean.writer.wait_closed();
        Wire broken;
        co_await ticks(2);
        broken.socket->deliver_error(ECONNRESET);
        co_await ticks(3);
        bool thrown = false;
        try {
            co_await broken.writer.wait_closed();
        } catch (const asyncio::ConnectionResetError&) {
            thrown = true;
        }
        BOOST_TEST(thrown);
        Wire ignored; // nobody asks for its error
        ignored.socket->deliver_error(ECONNRESET);
        co_await ticks(4);
    });
    BOOST_TEST(captured.size() == 0u);
}

// STR-19
BOOST_AUTO_TEST_CASE(a_forgotten_writer_closes_its_transport) {
    asyncio::warnings::Capture captured;
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        {
            const StreamWriter copy = wire.writer;
            wire.writer = StreamWriter();
            BOOST_TEST(!wire.transport->is_closing());
        }
        BOOST_TEST(wire.transport->is_closing());
        co_await ticks(2);
    });
    BOOST_TEST(captured.contains(asyncio::warnings::Category::ResourceWarning,
                                 "unclosed <StreamWriter transport=<SocketTransport fd=-1 "
                                 "read=polling write=<idle, bufsize=0>> reader=<StreamReader"));
}

// STR-19
BOOST_AUTO_TEST_CASE(a_writer_forgotten_after_its_loop_only_warns) {
    asyncio::warnings::Capture captured;
    asyncio::LogCapture logged;
    {
        const auto loop = asyncio::new_event_loop();
        loop->run_until_complete([]() -> Coroutine<> {
            asyncio::create_task([]() -> Coroutine<> {
                Wire wire;
                co_await asyncio::sleep(100);
            });
            co_await ticks(3);
        }());
        loop->close();
    }
    BOOST_TEST(captured.contains("loop is closed"));
    BOOST_TEST(captured.contains("unclosed transport"));
}

BOOST_AUTO_TEST_SUITE_END()
