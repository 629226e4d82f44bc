// TLS transports over a scripted socket: handshake, shutdown, failing.
#include <asyncio/asyncio.hpp>
#include <asyncio/src/transport_ready.hpp>

#include "support/run.hpp"
#include "support/tls_wire.hpp"
#include "support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

namespace ssl = asyncio::ssl;
using asyncio::Coroutine;
using asyncio::detail::TransportReady;
using asyncio::detail::TlsState;
using asyncio_test::check_trace;
using asyncio_test::elapsed;
using asyncio_test::handled;
using asyncio_test::run;
using asyncio_test::run_virtual;
using asyncio_test::ticks;
using asyncio_test::TlsWire;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(tls_transport)

// TLS-05, TRN: connection_made() comes after the handshake, with everything known
BOOST_AUTO_TEST_CASE(the_protocol_is_called_after_the_handshake) {
    for (const bool server_side : {false, true}) {
        run([server_side]() -> Coroutine<> {
            TlsWire wire({.server_side = server_side});
            std::string version;
            wire.protocol->on = [&](const std::string& event) {
                if (event != "made") return;
                const auto& transport = *wire.protocol->transport;
                version = transport.get_extra_info<ssl::SSLObject>("ssl_object").version().value();
            };
            co_await ticks(3);
            check_trace(wire.trace, {});
            BOOST_TEST(!wire.transport->get_extra_info("cipher").has_value());
            BOOST_TEST(wire.transport->get_extra_info("sslcontext").has_value());
            co_await wire.carry();
            check_trace(wire.trace, {"made"});
            BOOST_TEST(version == "TLSv1.3");
            co_await TransportReady(wire.transport);
            co_await wire.say("hello");
            wire.transport->write("answer");
            co_await wire.carry();
            check_trace(wire.trace, {"made", "data hello"});
            BOOST_TEST(wire.peer.received == "answer");
            wire.transport->abort();
            co_await ticks(3);
        });
    }
}

// extra info of section 11
BOOST_AUTO_TEST_CASE(extra_info_tells_about_the_connection) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        const auto& transport = *wire.transport;
        const auto peer = transport.get_extra_info<ssl::Certificate>("peercert");
        BOOST_TEST(peer.subjectAltName.at(0).second == "localhost");
        BOOST_TEST(std::get<1>(transport.get_extra_info<ssl::Cipher>("cipher")) == "TLSv1.3");
        BOOST_TEST(!transport.get_extra_info("compression").has_value());
        BOOST_TEST(!transport.get_extra_info("nonsense").has_value());
        BOOST_TEST((transport.get_extra_info<ssl::SSLContext>("sslcontext") ==
                    transport.get_extra_info<ssl::SSLObject>("ssl_object").context()));
        wire.transport->abort();
        co_await ticks(3);
    });
}

BOOST_AUTO_TEST_CASE(lines_are_written_in_order) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.transport->writelines({});
        wire.transport->writelines({"one ", "two ", "three"});
        co_await wire.carry();
        BOOST_TEST(wire.peer.received == "one two three");
        wire.transport->abort();
        co_await ticks(3);
    });
}

// TLS-08
BOOST_AUTO_TEST_CASE(the_peer_closes) {
    run([]() -> Coroutine<> {
        asyncio::LogCapture log;
        TlsWire wire;
        wire.protocol->keep_open = true;
        co_await wire.carry();
        wire.peer.engine.write("last words");
        wire.peer.engine.shutdown();
        co_await wire.carry();
        check_trace(wire.trace, {"made", "data last words", "eof", "lost None"});
        BOOST_TEST((wire.peer.engine.end() == asyncio::detail::TlsEnd::closed));
        BOOST_TEST((wire.peer.engine.state() == TlsState::closed));
        BOOST_TEST(wire.socket->closed);
        BOOST_TEST(log.contains("returning true from eof_received() has no effect when using ssl"));
    });
}

// TLS-08, test_ssl: what was written is flushed after the peer's goodbye
BOOST_AUTO_TEST_CASE(data_written_before_the_peer_closed_is_sent) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.socket->allow(0);
        const std::string data(300'000, 'x');
        wire.transport->write(data);
        wire.peer.engine.shutdown();
        wire.socket->deliver(wire.peer.take());
        co_await ticks(4);
        check_trace(wire.trace, {"made", "eof"});
        wire.socket->allow(std::string::npos);
        co_await ticks(4);
        check_trace(wire.trace, {"made", "eof", "lost None"});
        BOOST_TEST(wire.socket->sent.size() > data.size());
    });
}

// TLS-09
BOOST_AUTO_TEST_CASE(an_end_without_goodbye_is_an_end) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.socket->deliver_eof();
        co_await wire.carry();
        check_trace(wire.trace, {"made", "eof", "lost None"});
        BOOST_TEST(wire.socket->sent.empty());
        BOOST_TEST(wire.socket->closed);
    });
}
BOOST_AUTO_TEST_CASE(an_end_without_goodbye_may_be_an_error) {
    run([]() -> Coroutine<> {
        TlsWire wire({.suppress_ragged_eofs = false});
        co_await wire.carry();
        wire.peer.engine.write("cut");
        wire.socket->deliver(wire.peer.take());
        wire.socket->deliver_eof();
        co_await wire.carry();
        BOOST_TEST(wire.trace.size() == 3u);
        BOOST_TEST(wire.trace.at(1) == "data cut");
        BOOST_TEST(wire.trace.at(2).starts_with("lost SSLEOFError("), wire.trace.at(2));

        TlsWire clean({.suppress_ragged_eofs = false});
        co_await clean.carry();
        clean.peer.engine.shutdown();
        co_await clean.carry();
        check_trace(clean.trace, {"made", "eof", "lost None"});
    });
}

// TLS-07: data, goodbye, the peer's goodbye, then the end; nothing is received meanwhile
BOOST_AUTO_TEST_CASE(close_waits_for_the_peer) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.transport->write("bye");
        wire.transport->close();
        wire.transport->close();
        BOOST_TEST(wire.transport->is_closing());
        BOOST_TEST(!wire.transport->is_reading());
        wire.peer.engine.write("too late");
        wire.socket->deliver(wire.peer.take());
        co_await ticks(5);
        check_trace(wire.trace, {"made"});
        BOOST_TEST(!wire.socket->closed);
        wire.peer.receive(std::exchange(wire.socket->sent, {}));
        BOOST_TEST(wire.peer.received == "bye");
        BOOST_TEST((wire.peer.engine.end() == asyncio::detail::TlsEnd::closed));
        wire.peer.engine.shutdown();
        co_await wire.carry();
        check_trace(wire.trace, {"made", "eof", "lost None"});
    });
}

// TLS-02, TLS-15: a peer that says nothing, and one that reads nothing
BOOST_AUTO_TEST_CASE(a_shutdown_times_out) {
    for (const bool stalled : {false, true}) {
        run_virtual([stalled]() -> Coroutine<> {
            TlsWire wire(
                {.shutdown_timeout = stalled ? std::optional<asyncio::Seconds>(5) : std::nullopt});
            co_await wire.carry();
            if (stalled) {
                wire.socket->allow(0);
                wire.transport->write(std::string(1'000'000, 'x'));
            }
            wire.transport->close();
            co_await asyncio::sleep(stalled ? 4.9 : 29.9);
            BOOST_TEST(!wire.socket->closed);
            co_await asyncio::sleep(0.2);
            BOOST_TEST(wire.trace.back() == "lost TimeoutError('SSL shutdown timed out')");
            BOOST_TEST(wire.socket->closed);
        });
    }
}

// TLS-02
BOOST_AUTO_TEST_CASE(a_handshake_times_out) {
    run_virtual([]() -> Coroutine<> {
        TlsWire wire;
        const std::string error = co_await asyncio_test::repr_of(TransportReady(wire.transport));
        BOOST_TEST(error == "ConnectionAbortedError('SSL handshake is taking longer than 60.0 "
                            "seconds: aborting the connection')");
        BOOST_TEST(elapsed() == 60);
        co_await ticks(3);
        check_trace(wire.trace, {});
        BOOST_TEST(wire.socket->closed);
    });
}

// TLS-03: no timer is left to keep anything alive
BOOST_AUTO_TEST_CASE(timers_end_with_their_phase) {
    run_virtual([]() -> Coroutine<> {
        std::weak_ptr<asyncio::detail::TlsTransport> transport;
        {
            TlsWire wire;
            transport = wire.transport;
            co_await wire.carry();
            wire.peer.engine.shutdown();
            co_await wire.carry();
            BOOST_TEST(wire.trace.back() == "lost None");
        }
        co_await ticks(2);
        BOOST_TEST(transport.expired());
        BOOST_TEST(elapsed() == 0);
    });
}

// TLS-02
BOOST_AUTO_TEST_CASE(timeouts_are_positive) {
    run([]() -> Coroutine<> {
        BOOST_TEST(asyncio_test::error_of([] { TlsWire wire({.handshake_timeout = 0}); }) ==
                   "ValueError('ssl_handshake_timeout should be a positive number, got 0.0')");
        BOOST_TEST(asyncio_test::error_of([] { TlsWire wire({.shutdown_timeout = -1.5}); }) ==
                   "ValueError('ssl_shutdown_timeout should be a positive number, got -1.5')");
        co_return;
    });
}

// TLS-04: the peer vanishes in the middle, in three ways
BOOST_AUTO_TEST_CASE(a_handshake_is_cut_off) {
    run([]() -> Coroutine<> {
        for (const int how : {0, 1, 2}) {
            TlsWire wire;
            co_await ticks(2);
            if (how == 0) wire.socket->deliver_eof();
            if (how == 1) wire.socket->deliver_error(ECONNRESET);
            if (how == 2) wire.transport->abort();
            const std::string error = co_await asyncio_test::repr_of(TransportReady(wire.transport));
            BOOST_TEST(error.starts_with("ConnectionResetError("), error);
            co_await ticks(3);
            check_trace(wire.trace, {});
            BOOST_TEST(wire.socket->closed);
        }
    });
}

// TLS-04
BOOST_AUTO_TEST_CASE(a_certificate_is_refused_and_the_peer_is_told) {
    run([]() -> Coroutine<> {
        const auto& reports = handled();
        TlsWire wire({.server_hostname = "example.org"});
        co_await ticks(2);
        for (int i = 0; i < 6; ++i) {
            wire.carry_once();
            co_await ticks(1);
        }
        std::string error;
        try {
            co_await TransportReady(wire.transport);
        } catch (const ssl::SSLCertVerificationError& e) {
            error = e.verify_message();
        }
        BOOST_TEST(error.find("Hostname mismatch") != std::string::npos, error);
        wire.peer.receive(std::exchange(wire.socket->sent, {}));
        BOOST_TEST(wire.peer.error().find("SSLV3_ALERT_BAD_CERTIFICATE") != std::string::npos,
                   wire.peer.error());
        check_trace(wire.trace, {});
        BOOST_TEST(wire.socket->closed);
        check_trace(reports, {}); // errors of the system are not reported
    });
}

// A server tells of failed handshakes in debug mode only (SRV-07, PRO-06)
BOOST_AUTO_TEST_CASE(failed_handshakes_of_a_server_are_reported_in_debug_mode) {
    for (const bool debug : {false, true}) {
        run([debug]() -> Coroutine<> {
            asyncio::LogCapture log;
            asyncio::get_running_loop().set_debug(debug);
            const auto& reports = handled();
            TlsWire wire({.server_side = true});
            wire.socket->deliver("GET / HTTP/1.1\r\n\r\n");
            co_await ticks(4);
            BOOST_TEST(wire.socket->closed);
            BOOST_TEST(reports.size() == (debug ? 1u : 0u));
            if (debug)
                BOOST_TEST(reports.at(0).starts_with(
                               "Error on transport creation for incoming connection SSLError(1, "),
                           reports.at(0));
            asyncio::get_running_loop().set_debug(false);
        });
    }
}

// A record that was tampered with
BOOST_AUTO_TEST_CASE(a_broken_record_breaks_the_connection) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.peer.engine.write("text");
        std::string bytes = wire.peer.take();
        bytes.back() = static_cast<char>(bytes.back() ^ 1);
        wire.socket->deliver(bytes);
        co_await ticks(4);
        BOOST_TEST(wire.trace.size() == 2u);
        BOOST_TEST(wire.trace.back().starts_with("lost SSLError(1, '[SSL: "), wire.trace.back());
        wire.peer.receive(std::exchange(wire.socket->sent, {}));
        BOOST_TEST(wire.peer.error().find("ALERT_BAD_RECORD_MAC") != std::string::npos,
                   wire.peer.error());
    });
}

// TLS-12, TRN-08
BOOST_AUTO_TEST_CASE(abort_is_immediate) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        co_await wire.carry();
        wire.socket->allow(0);
        wire.transport->write("lost");
        wire.transport->abort();
        wire.transport->abort();
        check_trace(wire.trace, {"made"});
        co_await ticks(2);
        check_trace(wire.trace, {"made", "lost None"});
        BOOST_TEST(wire.socket->closed);
        BOOST_TEST(wire.socket->sent.empty());
    });
}

// TLS-14, TRN-15: a loop that closes breaks the cycle of transport and protocol
BOOST_AUTO_TEST_CASE(a_loop_may_close_first) {
    std::weak_ptr<asyncio::Protocol> protocol;
    std::shared_ptr<asyncio::detail::TlsTransport> transport;
    asyncio::LogCapture log;
    asyncio::run([&]() -> Coroutine<> { // a guest would wait for the transport
        TlsWire wire;
        co_await wire.carry();
        transport = wire.transport;
        protocol = wire.protocol;
        transport->pause_reading();
    });
    BOOST_TEST(protocol.expired());
    BOOST_TEST(transport->is_closing());
    transport->write("nothing");
    transport->resume_reading();
    transport->set_write_buffer_limits({.high = 10});
    transport->set_protocol(std::make_shared<asyncio::Protocol>());
    transport->close();
    transport->abort();
    BOOST_TEST(!transport->get_protocol());
    BOOST_TEST(!transport->get_extra_info("peername").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
