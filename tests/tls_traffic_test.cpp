// TLS transports over a scripted socket: data, flow control, and what callbacks may do.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tls_wire.hpp"

#include <boost/test/unit_test.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ssl = asyncio::ssl;
using asyncio::Coroutine;
using asyncio::detail::TlsState;
using asyncio_test::check_trace;
using asyncio_test::handled;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::TlsRecorder;
using asyncio_test::TlsWire;
using asyncio_test::Trace;

namespace {

struct Failure : asyncio::Exception {
    using asyncio::Exception::Exception;
};

// Receives into a small buffer of its own.
struct Collector : asyncio::BufferedProtocol {
    std::span<std::byte> get_buffer(std::ptrdiff_t sizehint) override {
        if (sizehint <= 0) ++bad_hints;
        return std::span(buffer).first(size);
    }
    void buffer_updated(std::size_t nbytes) override {
        received.append(reinterpret_cast<const char*>(buffer.data()), nbytes);
        ++updates;
    }
    bool eof_received() override {
        received += '$';
        return false;
    }
    void connection_lost(std::exception_ptr exc) override { lost = asyncio::repr(exc); }

    std::array<std::byte, 100> buffer;
    std::size_t size = 100;
    std::string received;
    std::string lost;
    int updates = 0;
    int bad_hints = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(tls_traffic)

// TLS-10: at the high mark, not above it; ciphertext counts
BOOST_AUTO_TEST_CASE(writing_is_paused_and_resumed) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        BOOST_TEST((wire.transport->get_write_buffer_limits() ==
                    std::pair<std::size_t, std::size_t>(128 * 1024, 512 * 1024)));
        wire.socket->allow(0);
        wire.transport->write(std::string(100'000, 'a')); // goes into the buffers below
        wire.transport->write(std::string(200'000, 'b'));
        check_trace(wire.trace, {"made"});
        const std::size_t size = wire.transport->get_write_buffer_size();
        BOOST_TEST(size > 100'000u);
        wire.transport->write(std::string(512 * 1024 - size - 1, 'c'));
        check_trace(wire.trace, {"made"});
        wire.transport->write("d");
        BOOST_TEST(wire.transport->get_write_buffer_size() == 512u * 1024);
        check_trace(wire.trace, {"made", "pause"});
        wire.socket->allow(std::string::npos);
        co_await wire.carry();
        check_trace(wire.trace, {"made", "pause", "resume"});
        BOOST_TEST(wire.transport->get_write_buffer_size() == 0u);
        BOOST_TEST(wire.peer.received.size() > 600'000u);
        BOOST_TEST(wire.peer.received.back() == 'd');
        wire.transport->abort();
        co_await ticks(3);
    });
}

// TLS-10, TRN-06
BOOST_AUTO_TEST_CASE(marks_can_be_set) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        auto& transport = *wire.transport;
        using Limits = std::pair<std::size_t, std::size_t>;
        transport.set_write_buffer_limits({.low = 100});
        BOOST_TEST((transport.get_write_buffer_limits() == Limits(100, 400)));
        transport.set_read_buffer_limits({.high = 4000});
        BOOST_TEST((transport.get_read_buffer_limits() == Limits(1000, 4000)));
        transport.set_read_buffer_limits({});
        BOOST_TEST((transport.get_read_buffer_limits() == Limits(64 * 1024, 256 * 1024)));
        for (const bool reading : {false, true}) {
            const std::string error = asyncio_test::error_of([&] {
                if (reading)
                    transport.set_read_buffer_limits({.high = 5, .low = 6});
                else
                    transport.set_write_buffer_limits({.high = 5, .low = 6});
            });
            BOOST_TEST(error == "ValueError('high (5) must be >= low (6) must be >= 0')");
        }
        // High 0 pauses whenever there is something, and never without.
        transport.set_write_buffer_limits({.high = 0});
        check_trace(wire.trace, {"made"});
        transport.abort();
        co_await ticks(3);
    });
}

// TLS-10, TLS-13, TLS-14: bounded buffers; data and the end come after resume_reading()
BOOST_AUTO_TEST_CASE(reading_is_paused_and_resumed) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.transport->pause_reading();
        wire.transport->pause_reading();
        BOOST_TEST(!wire.transport->is_reading());
        std::size_t largest = 0;
        const std::string text(100'000, 'x');
        for (int i = 0; i < 20; ++i) {
            wire.peer.engine.write(text);
            co_await wire.carry();
            largest = std::max(largest, wire.transport->get_read_buffer_size());
        }
        wire.peer.engine.shutdown();
        wire.socket->deliver(wire.peer.take());
        wire.socket->deliver_eof();
        co_await ticks(3);
        BOOST_TEST(largest >= 256u * 1024);
        BOOST_TEST(largest < 512u * 1024 + 1024);
        BOOST_TEST(wire.socket->unread() > 0u);
        check_trace(wire.trace, {"made"});
        wire.transport->resume_reading();
        check_trace(wire.trace, {"made"});
        co_await ticks(40);
        BOOST_TEST(wire.protocol->received.size() == 20 * text.size());
        BOOST_TEST(wire.trace.at(wire.trace.size() - 2) == "eof");
        BOOST_TEST(wire.trace.back() == "lost None");
    });
}

// TLS-13: the end is known, but the protocol has paused before it
BOOST_AUTO_TEST_CASE(eof_waits_while_reading_is_paused) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.protocol->on = [&](const std::string& event) {
            if (event == "data") wire.transport->pause_reading();
        };
        wire.peer.engine.write("last");
        wire.peer.engine.shutdown();
        co_await wire.carry();
        check_trace(wire.trace, {"made", "data last"});
        wire.transport->resume_reading();
        co_await wire.carry();
        check_trace(wire.trace, {"made", "data last", "eof", "lost None"});
    });
}

// CON-08: pause_reading() in connection_made() holds
BOOST_AUTO_TEST_CASE(reading_may_be_paused_from_the_beginning) {
    run([]() -> Coroutine<> {
        TlsWire wire({.server_side = true});
        wire.protocol->on = [&](const std::string& event) {
            if (event == "made") wire.transport->pause_reading();
        };
        wire.peer.engine.write("early");
        co_await wire.carry();
        check_trace(wire.trace, {"made"});
        wire.transport->resume_reading();
        co_await wire.carry();
        check_trace(wire.trace, {"made", "data early"});
        wire.transport->abort();
        co_await ticks(3);
    });
}

// TLS-11, TLS-12
BOOST_AUTO_TEST_CASE(writes_after_close_are_dropped) {
    run([]() -> Coroutine<> {
        asyncio::LogCapture log(asyncio::Level::Warning);
        TlsWire wire;
        co_await wire.carry();
        BOOST_TEST(!wire.transport->can_write_eof());
        BOOST_CHECK_THROW(wire.transport->write_eof(), asyncio::NotImplementedError);
        wire.transport->close();
        for (int i = 0; i < 5; ++i) wire.transport->write("x");
        BOOST_TEST(log.size() == 0u);
        wire.transport->write("");
        wire.transport->write("x");
        wire.transport->write("x");
        BOOST_TEST(log.size() == 2u);
        BOOST_TEST(log.contains("SSL connection is closed"));
        wire.transport->abort();
        co_await ticks(3);
    });
}

// PRO-03, PRO-04
BOOST_AUTO_TEST_CASE(buffered_protocols_receive_into_their_memory) {
    run([]() -> Coroutine<> {
        const auto collector = std::make_shared<Collector>();
        TlsWire wire({.protocol = collector});
        co_await wire.carry();
        std::string text;
        for (int i = 0; i < 1000; ++i) text += std::to_string(i);
        co_await wire.say(text);
        BOOST_TEST(collector->received == text);
        BOOST_TEST(collector->updates > 20);
        co_await wire.say(std::string(100, '!')); // fills the buffer exactly
        BOOST_TEST(collector->received == text + std::string(100, '!'));
        BOOST_TEST(collector->bad_hints == 0);
        wire.peer.engine.shutdown();
        co_await wire.carry();
        BOOST_TEST(collector->received.back() == '$');
        BOOST_TEST(collector->lost == "None");
    });
}

// PRO-03
BOOST_AUTO_TEST_CASE(an_empty_buffer_breaks_the_connection) {
    run([]() -> Coroutine<> {
        const auto& reports = handled();
        const auto collector = std::make_shared<Collector>();
        collector->size = 0;
        TlsWire wire({.protocol = collector});
        co_await wire.carry();
        co_await wire.say("text");
        BOOST_TEST(collector->lost == "RuntimeError('get_buffer() returned an empty buffer')");
        check_trace(reports, {"Fatal error on SSL protocol RuntimeError('get_buffer() returned an "
                              "empty buffer') transport protocol"});
    });
}

// TRN-16: also to the other kind, and from inside
BOOST_AUTO_TEST_CASE(the_protocol_may_be_replaced) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        const auto collector = std::make_shared<Collector>();
        wire.protocol->on = [&](const std::string& event) {
            if (event == "data") wire.transport->set_protocol(collector);
        };
        co_await wire.say("one");
        co_await wire.say("two");
        check_trace(wire.trace, {"made", "data one"});
        BOOST_TEST(collector->received == "two");
        BOOST_TEST(wire.transport->get_protocol() == collector);
        BOOST_CHECK_THROW(wire.transport->set_protocol(nullptr), asyncio::TypeError);
        wire.transport->abort();
        co_await ticks(3);
        BOOST_TEST(collector->lost == "None");
    });
}

// TRN-09, TRN-05: an error in each callback
BOOST_AUTO_TEST_CASE(callbacks_may_throw) {
    struct Case {
        std::string callback;
        std::string report;
        bool breaks;
    };
    const std::string both = " Failure('x') transport protocol";
    const std::vector<Case> cases{
        {"made", "Fatal error: protocol.buffer_updated() call failed." + both, true},
        {"data", "Fatal error on SSL protocol" + both, true},
        {"eof", "Error calling eof_received()" + both, true},
        {"lost", "Exception in callback protocol.connection_lost()" + both, false},
        {"pause", "protocol.pause_writing() failed" + both, false},
        {"resume", "protocol.resume_writing() failed" + both, false},
    };
    for (const Case& c : cases) {
        BOOST_TEST_CONTEXT(c.callback)
        run([&c]() -> Coroutine<> {
            const auto& reports = handled();
            TlsWire wire;
            wire.protocol->on = [&c](const std::string& event) {
                if (event == c.callback) throw Failure("x");
            };
            co_await wire.carry();
            wire.transport->set_write_buffer_limits({.high = 0});
            wire.socket->allow(0);
            wire.transport->write(std::string(200'000, 'x'));
            wire.socket->allow(std::string::npos);
            co_await wire.say("data");
            wire.peer.engine.shutdown();
            co_await wire.carry();
            check_trace(reports, {c.report});
            BOOST_TEST(wire.trace.back() == (c.breaks ? "lost Failure('x')" : "lost None"));
            BOOST_TEST(wire.socket->closed);
        });
    }
}

namespace {

// What is done in a callback.
void act(const std::string& action, TlsWire& wire) {
    auto& transport = *wire.transport;
    if (action == "close") transport.close();
    if (action == "abort") transport.abort();
    if (action == "pause_reading") transport.pause_reading();
    if (action == "write") transport.write(std::string(150'000, 'w'));
    if (action == "set_protocol") {
        auto other = std::make_shared<TlsRecorder>(wire.entries);
        other->on = wire.protocol->on;
        transport.set_protocol(other);
    }
}

// PRO-01: at most one of each, and the end is the last.
void check_order(const Trace& trace) {
    const auto count = [&](const std::string& start) {
        return std::count_if(trace.begin(), trace.end(),
                             [&](const auto& event) { return event.starts_with(start); });
    };
    BOOST_TEST(count("made") == 1);
    BOOST_TEST(count("eof") <= 1);
    BOOST_TEST(count("lost") == 1);
    BOOST_TEST(trace.front() == "made");
    BOOST_TEST(trace.back() == "lost None");
}

} // namespace

// Each method inside of each callback
BOOST_AUTO_TEST_CASE(callbacks_may_call_everything) {
    for (const std::string action : {"close", "abort", "pause_reading", "set_protocol", "write"})
        for (const std::string callback : {"made", "data", "eof", "lost", "pause", "resume"})
            BOOST_TEST_CONTEXT(action << " in " << callback)
    run([&]() -> Coroutine<> {
        const auto& reports = handled();
        TlsWire wire;
        bool done = false;
        wire.protocol->on = [&](const std::string& event) {
            if (event == callback && !std::exchange(done, true)) act(action, wire);
        };
        co_await wire.carry();
        wire.transport->set_write_buffer_limits({.high = 0});
        wire.socket->allow(0);
        wire.transport->write(std::string(200'000, 'x'));
        wire.socket->allow(std::string::npos);
        co_await wire.say(std::string(300'000, 'd'));
        wire.peer.engine.shutdown();
        co_await wire.carry();
        wire.transport->resume_reading();
        co_await wire.carry();
        check_order(wire.trace);
        check_trace(reports, {});
        BOOST_TEST(wire.socket->closed);
    });
}

// TLS-16: messages after the handshake are answered, and stop nothing
BOOST_AUTO_TEST_CASE(new_keys_may_be_demanded) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        SSL_key_update(wire.peer.native(), SSL_KEY_UPDATE_REQUESTED);
        co_await wire.say("one");
        wire.transport->write("two");
        co_await wire.carry();
        SSL_key_update(
            static_cast<SSL*>(
                wire.transport->get_extra_info<ssl::SSLObject>("ssl_object").native_handle()),
            SSL_KEY_UPDATE_REQUESTED);
        wire.transport->write("three");
        co_await wire.say("four");
        check_trace(wire.trace, {"made", "data one", "data four"});
        BOOST_TEST(wire.peer.received == "twothree");
        wire.transport->abort();
        co_await ticks(3);
    });
}

BOOST_AUTO_TEST_SUITE_END()
