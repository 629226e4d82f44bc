// Transports over a scripted socket: the events a protocol gets, and in which order.
#include <asyncio/asyncio.hpp>

#include "support/memory_wire.hpp"
#include "support/print.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio_test::handled;
using asyncio_test::Recorder;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;
using asyncio_test::Wire;

BOOST_AUTO_TEST_SUITE(transports)

// PRO-01, PRO-02, TRN-11
BOOST_AUTO_TEST_CASE(events_come_in_order) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.socket->deliver("before anybody reads");
        BOOST_TEST(wire.log == Trace());
        co_await ticks(1);
        BOOST_TEST(wire.log == Trace{"made"});
        co_await ticks(1);
        wire.socket->deliver("a");
        wire.socket->deliver("b");
        wire.socket->deliver_eof();
        co_await ticks(5);
        BOOST_TEST((wire.log == Trace{"made", "data before anybody reads", "data a", "data b",
                                      "eof", "lost None"}));
        BOOST_TEST(wire.socket->closed);
    });
}

// TRN-11: a true result keeps the write side; the event comes once
BOOST_AUTO_TEST_CASE(eof_may_keep_the_transport_open) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->keep_open = true;
        wire.socket->deliver_eof();
        co_await ticks(4);
        BOOST_TEST(!wire.transport->is_closing());
        BOOST_TEST(!wire.socket->reading());
        wire.transport->pause_reading();
        wire.transport->resume_reading();
        wire.transport->write("answer");
        BOOST_TEST(wire.socket->sent == "answer");
        wire.transport->close();
        co_await ticks(2);
        BOOST_TEST((wire.log == Trace{"made", "eof", "lost None"}));
    });
}

// TRN-07, CON-08
BOOST_AUTO_TEST_CASE(a_paused_transport_delivers_nothing) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.transport->pause_reading();
        wire.socket->deliver("x");
        co_await ticks(4);
        BOOST_TEST(wire.log == Trace{"made"});
        BOOST_TEST(!wire.transport->is_reading());
        BOOST_TEST(wire.socket->unread() == 1u);
        wire.transport->resume_reading();
        wire.transport->resume_reading();
        co_await ticks(2);
        BOOST_TEST((wire.log == Trace{"made", "data x"}));
        // Paused with readiness on its way: the event is dropped, the data stays.
        wire.socket->deliver("y");
        wire.transport->pause_reading();
        co_await ticks(3);
        BOOST_TEST(wire.log.size() == 2u);
        wire.transport->resume_reading();
        co_await ticks(2);
        BOOST_TEST(wire.log.back() == "data y");
        wire.transport->close();
        wire.transport->resume_reading();
        BOOST_TEST(!wire.transport->is_reading());
        co_await ticks(2);
    });
}

// TRN-07: from inside the callback
BOOST_AUTO_TEST_CASE(pausing_in_data_received_works_at_once) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->on_data = [&] { wire.transport->pause_reading(); };
        wire.socket->deliver("1");
        wire.socket->deliver("2");
        co_await ticks(4);
        BOOST_TEST((wire.log == Trace{"made", "data 1"}));
        wire.transport->resume_reading();
        co_await ticks(3);
        BOOST_TEST((wire.log == Trace{"made", "data 1", "data 2"}));
        wire.transport->abort();
        co_await ticks(2);
    });
}

BOOST_AUTO_TEST_CASE(a_protocol_must_be_one_of_streams) {
    run([]() -> Coroutine<> {
        Wire wire;
        BOOST_CHECK_THROW(wire.transport->set_protocol(nullptr), asyncio::TypeError);
        BOOST_CHECK_THROW(wire.transport->set_protocol(std::make_shared<asyncio::BaseProtocol>()),
                          asyncio::TypeError);
        wire.transport->abort();
        co_await ticks(2);
    });
}

// TRN-16
BOOST_AUTO_TEST_CASE(the_next_event_goes_to_the_new_protocol) {
    run([]() -> Coroutine<> {
        const auto second = std::make_shared<Trace>();
        Wire wire;
        auto next = std::make_shared<Recorder>(second);
        wire.protocol->on_data = [&] {
            wire.transport->set_protocol(next);
            wire.protocol.reset(); // only the call itself keeps it
        };
        wire.socket->deliver("1");
        co_await ticks(3);
        wire.socket->deliver("2");
        co_await ticks(2);
        BOOST_TEST(wire.transport->get_protocol() == next);
        wire.transport->close();
        co_await ticks(2);
        BOOST_TEST((wire.log == Trace{"made", "data 1"}));
        BOOST_TEST((*second == Trace{"data 2", "lost None"}));
        wire.transport->set_protocol(nullptr); // nobody listens any more
    });
}

namespace {
struct Filling : asyncio::BufferedProtocol {
    std::span<std::byte> get_buffer(std::ptrdiff_t hint) override {
        hints.push_back(hint);
        return std::span(buffer).first(size);
    }
    void buffer_updated(std::size_t count) override {
        received.append(reinterpret_cast<const char*>(buffer.data()), count);
    }
    void connection_lost(std::exception_ptr error) override {
        lost = error ? asyncio::repr(error) : "None";
    }
    std::vector<std::byte> buffer = std::vector<std::byte>(16);
    std::size_t size = 3;
    std::vector<std::ptrdiff_t> hints;
    std::string received;
    std::string lost;
};
} // namespace

// PRO-03
BOOST_AUTO_TEST_CASE(a_buffered_protocol_receives_into_its_own_memory) {
    run([]() -> Coroutine<> {
        const Trace& messages = handled();
        const auto protocol = std::make_shared<Filling>();
        Wire wire(protocol);
        wire.socket->deliver("0123456789");
        co_await ticks(8);
        BOOST_TEST(protocol->received == "0123456789");
        for (const auto hint : protocol->hints) BOOST_TEST(hint == -1);
        protocol->size = 0;
        wire.socket->deliver("x");
        co_await ticks(3);
        BOOST_TEST(protocol->lost == "RuntimeError('get_buffer() returned an empty buffer')");
        BOOST_TEST(messages.front() ==
                   "Fatal error: protocol.get_buffer() call failed. RuntimeError('get_buffer() "
                   "returned an empty buffer') transport protocol");
    });
}

// G-02, G-03: what is there is read once an iteration
BOOST_AUTO_TEST_CASE(a_busy_connection_starves_nobody) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await ticks(2);
        wire.socket->deliver(std::string(3 * 256 * 1024, 'x'));
        for (std::size_t reads = 1; reads <= 3; ++reads) {
            co_await ticks(1);
            BOOST_TEST(wire.log.size() == 1 + reads);
        }
        wire.transport->close();
        co_await ticks(2);
    });
}

// SCH-09: callbacks run in the context in which the transport was made
BOOST_AUTO_TEST_CASE(callbacks_run_in_the_makers_context) {
    static asyncio::ContextVar<std::string> name{"name", "none"};
    struct Named : asyncio::Protocol {
        void connection_made(std::shared_ptr<asyncio::Transport>) override {
            seen.push_back(name.get());
            name.set("changed");
        }
        void data_received(std::string_view) override { seen.push_back(name.get()); }
        void connection_lost(std::exception_ptr) override { seen.push_back(name.get()); }
        Trace seen;
    };
    run([]() -> Coroutine<> {
        name.set("maker");
        const auto protocol = std::make_shared<Named>();
        Wire wire(protocol);
        name.set("later");
        wire.socket->deliver("x");
        co_await ticks(3);
        wire.transport->close();
        co_await ticks(2);
        BOOST_TEST((protocol->seen == Trace{"maker", "maker", "maker"}));
    });
}

BOOST_AUTO_TEST_CASE(what_a_transport_does_not_support_is_not_implemented) {
    struct Half : asyncio::Transport {
        void write(std::string_view data) override { written += data; }
        std::string written;
    };
    Half half;
    BOOST_CHECK_THROW(half.pause_reading(), asyncio::NotImplementedError);
    BOOST_CHECK_THROW(half.close(), asyncio::NotImplementedError);
    BOOST_CHECK_THROW(half.get_write_buffer_size(), asyncio::NotImplementedError);
    BOOST_TEST(half.get_extra_info<int>("anything", 7) == 7);
    asyncio::WriteTransport& base = half;
    base.writelines({"a", "b"});
    base.write(std::string("c"));
    BOOST_TEST(half.written == "abc");
}

BOOST_AUTO_TEST_SUITE_END()
