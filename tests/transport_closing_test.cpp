// How a transport ends: close, abort, the end of its loop, and what is left of it.
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>

#include "support/memory_wire.hpp"
#include "support/print.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

using asyncio::Coroutine;
using asyncio_test::MemorySocket;
using asyncio_test::Recorder;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::Wire;

BOOST_AUTO_TEST_SUITE(transport_closing)

// TRN-08
BOOST_AUTO_TEST_CASE(close_flushes_and_comes_later) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        wire.socket->allow(0);
        wire.transport->write("data");
        wire.transport->close();
        wire.transport->close();
        wire.socket->deliver("nobody reads this");
        co_await ticks(3);
        BOOST_TEST(wire.transport->is_closing());
        BOOST_TEST(wire.log == Trace{"made"});
        wire.transport->write("+"); // TRN-04: still appended
        wire.socket->allow(100);
        co_await ticks(1);
        BOOST_TEST(wire.socket->sent == "data+");
        BOOST_TEST((wire.log == Trace{"made", "lost None"}));
    });
}

// TRN-08
BOOST_AUTO_TEST_CASE(connection_lost_never_comes_from_inside_close) {
    run([]() -> Coroutine<> {
        for (int round = 0; round < 2; ++round) {
            const bool abort = round == 1;
            Wire wire;
            co_await ticks(2);
            if (abort)
                wire.transport->abort();
            else
                wire.transport->close();
            BOOST_TEST(wire.log == Trace{"made"});
            wire.transport->abort();
            co_await ticks(1);
            BOOST_TEST((wire.log == Trace{"made", "lost None"}));
            co_await ticks(3);
            BOOST_TEST(wire.log.size() == 2u);
            BOOST_TEST(!wire.transport->get_protocol());
        }
    });
}

// TRN-08, TRN-20
BOOST_AUTO_TEST_CASE(abort_drops_the_buffer) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        wire.socket->allow(0);
        wire.transport->write("data");
        wire.transport->abort();
        BOOST_TEST(wire.transport->get_write_buffer_size() == 0u);
        co_await ticks(2);
        BOOST_TEST(wire.socket->sent == "");
        BOOST_TEST(wire.log.back() == "lost None");
    });
}

// TRN-10: no cycle is left
BOOST_AUTO_TEST_CASE(a_lost_connection_releases_its_protocol) {
    run([]() -> Coroutine<> {
        std::weak_ptr<asyncio::Transport> transport;
        std::weak_ptr<Recorder> protocol;
        {
            Wire wire;
            transport = wire.transport;
            protocol = wire.protocol;
        }
        co_await ticks(2);
        BOOST_TEST(!transport.expired()); // the loop keeps it
        transport.lock()->close();
        co_await ticks(2);
        BOOST_TEST(transport.expired());
        BOOST_TEST(protocol.expired());
    });
}

// TRN-15: the loop is closed under an open transport
BOOST_AUTO_TEST_CASE(closing_the_loop_closes_transports_without_a_call) {
    asyncio::warnings::Capture captured;
    asyncio::LogCapture logged;
    const auto entries = std::make_shared<Trace>();
    std::shared_ptr<asyncio::Transport> transport;
    std::weak_ptr<Recorder> released;
    const auto loop = asyncio::new_event_loop();
    const auto socket = asyncio::detail::make_ref<MemorySocket>(loop->core());
    {
        const auto protocol = std::make_shared<Recorder>(entries);
        released = protocol;
        transport = asyncio::detail::make_stream_transport(loop->core(), socket, protocol);
    }
    loop->run_until_complete(ticks(2));
    loop->close();
    BOOST_TEST(captured.contains(asyncio::warnings::Category::ResourceWarning,
                                 "unclosed transport <SocketTransport"));
    BOOST_TEST(socket->closed);
    BOOST_TEST(released.expired());
    BOOST_TEST(*entries == Trace{"made"});
    // All of it is safe, and quiet but for the count of writes.
    transport->write("x");
    transport->close();
    transport->abort();
    transport->pause_reading();
    transport->resume_reading();
    transport->write_eof();
    BOOST_TEST(transport->is_closing());
    BOOST_TEST(!transport->is_reading());
    BOOST_TEST(!transport->get_protocol());
    BOOST_TEST(logged.size() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
