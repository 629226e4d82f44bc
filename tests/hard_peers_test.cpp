// Peers that reset, half-close, never read, send byte by byte or vanish in the handshake, for plain
// connections and for TLS; and callbacks that change their transport where the oracle errs.
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>

#include "support/memory_socket.hpp"
#include "support/run.hpp"
#include "support/tls_streams.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

namespace ssl = asyncio::ssl;
using asyncio::Coroutine;
using asyncio_test::client_context;
using asyncio_test::join;
using asyncio_test::MemorySocket;
using asyncio_test::port_of;
using asyncio_test::run;
using asyncio_test::server_context;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

struct Recorder : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        note("made");
    }
    void data_received(std::string_view data) override {
        received += data;
        ++pieces;
        note("data");
    }
    bool eof_received() override {
        note("eof");
        return keep_open;
    }
    void pause_writing() override { note("pause"); }
    void resume_writing() override { note("resume"); }
    void connection_lost(std::exception_ptr error) override {
        note("lost " + (error ? asyncio::repr(error) : "None"));
        transport.reset();
    }
    void note(std::string event) {
        if (event != "data" || trace.empty() || trace.back() != "data") trace.push_back(event);
        if (on) on(event);
        changed.set();
    }
    // Until `ready` holds; checked after each event.
    Coroutine<> until(std::function<bool()> ready) {
        while (!ready()) {
            changed.clear();
            co_await changed.wait();
        }
    }
    Coroutine<> lost() {
        co_await until([this] { return !trace.empty() && trace.back().starts_with("lost"); });
    }
    Trace trace;
    std::string received;
    int pieces = 0;
    bool keep_open = false;
    std::function<void(const std::string&)> on;
    std::shared_ptr<asyncio::Transport> transport;
    asyncio::Event changed;
};

// A server's connection and a client's, plain or over TLS.
struct Connection {
    Coroutine<> open(bool tls) {
        auto& loop = asyncio::get_running_loop();
        const auto theirs = tls ? server_context() : ssl::SSLContext();
        const auto ours = tls ? client_context() : ssl::SSLContext();
        const auto factory = [this] { return server; };
        listener = co_await loop.create_server(factory, "127.0.0.1", 0, {.ssl = theirs});
        const int port = port_of(listener);
        if (tls)
            co_await loop.create_connection(client, "127.0.0.1", port,
                                            {.ssl = ours, .server_hostname = "localhost"});
        else
            co_await loop.create_connection(client, "127.0.0.1", port);
        co_await server->until([this] { return server->transport != nullptr; });
    }
    // No FIN, no goodbye: the peer's system answers everything with a reset.
    static void reset(asyncio::Transport& transport) {
        const linger at_once{1, 0};
        transport.get_extra_info<asyncio::TransportSocket>("socket").setsockopt(
            SOL_SOCKET, SO_LINGER,
            std::string_view(reinterpret_cast<const char*>(&at_once), sizeof at_once));
        transport.abort();
    }
    std::shared_ptr<Recorder> server = std::make_shared<Recorder>();
    std::shared_ptr<Recorder> client = std::make_shared<Recorder>();
    asyncio::Server listener;
};

Coroutine<> close(asyncio::Server server) {
    server.close();
    co_await server.wait_closed();
}

const char* const reset_error = "lost ConnectionResetError(104, 'Connection reset by peer')";

} // namespace

BOOST_AUTO_TEST_SUITE(hard_peers)

// TRN-09
BOOST_AUTO_TEST_CASE(a_peer_resets_the_connection) {
    for (const bool tls : {false, true}) BOOST_TEST_CONTEXT((tls ? "TLS" : "plain"))
    run([tls]() -> Coroutine<> {
        Connection c;
        co_await c.open(tls);
        c.client->transport->write("hello");
        co_await c.server->until([&] { return c.server->received == "hello"; });
        Connection::reset(*c.client->transport);
        co_await c.server->lost();
        BOOST_TEST(c.server->trace.back() == reset_error);
        co_await c.client->lost();
        BOOST_TEST(c.client->trace.back() == "lost None");
        co_await close(c.listener);
    });
}

// While the other one writes without end
BOOST_AUTO_TEST_CASE(a_peer_resets_a_writer) {
    for (const bool tls : {false, true}) BOOST_TEST_CONTEXT((tls ? "TLS" : "plain"))
    run([tls]() -> Coroutine<> {
        Connection c;
        co_await c.open(tls);
        c.client->transport->pause_reading();
        c.server->transport->write(std::string(16 << 20, 'x'));
        BOOST_TEST(c.server->trace.back() == "pause");
        Connection::reset(*c.client->transport);
        co_await c.server->lost();
        // Which of the two errors the system gives depends on who sees it first.
        const std::string& error = c.server->trace.back();
        BOOST_TEST((error == reset_error || error.starts_with("lost BrokenPipeError")), error);
        co_await close(c.listener);
    });
}

// A peer that never reads holds up nobody who aborts.
BOOST_AUTO_TEST_CASE(a_peer_never_reads) {
    for (const bool tls : {false, true}) BOOST_TEST_CONTEXT((tls ? "TLS" : "plain"))
    run([tls]() -> Coroutine<> {
        Connection c;
        co_await c.open(tls);
        c.client->transport->pause_reading();
        c.server->transport->write(std::string(16 << 20, 'x'));
        c.server->transport->close();
        BOOST_TEST(c.server->transport->is_closing());
        co_await ticks(10);
        BOOST_TEST(join(c.server->trace) == "made, pause");
        BOOST_TEST(c.server->transport->get_write_buffer_size() > 0u);
        c.server->transport->abort();
        co_await c.server->lost();
        BOOST_TEST(c.server->trace.back() == "lost None");
        c.client->transport->abort();
        co_await close(c.listener);
    });
}

// Each byte is a write and a record of its own.
BOOST_AUTO_TEST_CASE(a_peer_sends_single_bytes) {
    for (const bool tls : {false, true}) BOOST_TEST_CONTEXT((tls ? "TLS" : "plain"))
    run([tls]() -> Coroutine<> {
        Connection c;
        co_await c.open(tls);
        std::string sent;
        for (int i = 0; i < 200; ++i) {
            sent += static_cast<char>('a' + i % 26);
            c.client->transport->write(std::string_view(sent).substr(sent.size() - 1));
            co_await c.server->until([&] { return c.server->received.size() == sent.size(); });
        }
        BOOST_TEST(c.server->received == sent);
        BOOST_TEST(c.server->pieces == 200);
        c.client->transport->close();
        co_await c.server->lost();
        BOOST_TEST(join(c.server->trace) == "made, data, eof, lost None");
        co_await close(c.listener);
    });
}

// TRN-11; TLS ends both directions at once.
BOOST_AUTO_TEST_CASE(a_peer_half_closes) {
    run([]() -> Coroutine<> {
        Connection c;
        co_await c.open(false);
        c.server->keep_open = true;
        c.client->transport->write("question");
        c.client->transport->write_eof();
        co_await c.server->until([&] { return c.server->trace.back() == "eof"; });
        c.server->transport->write("answer");
        co_await c.client->until([&] { return c.client->received == "answer"; });
        c.server->transport->close();
        co_await c.client->lost();
        BOOST_TEST(join(c.client->trace) == "made, data, eof, lost None");
        co_await close(c.listener);
    });
}

// TLS-04: at several places of the client's first message
BOOST_AUTO_TEST_CASE(a_peer_vanishes_in_the_handshake) {
    for (const bool reset : {false, true})
        for (const std::size_t size : {0, 1, 5, 100})
            BOOST_TEST_CONTEXT(size << " bytes, reset " << reset)
    run([reset, size]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto rules = server_context();
        const auto server = std::make_shared<Recorder>();
        auto listener =
            co_await loop.create_server([&] { return server; }, "127.0.0.1", 0, {.ssl = rules});
        const auto client = std::make_shared<Recorder>();
        co_await loop.create_connection(client, "127.0.0.1", port_of(listener));
        asyncio_test::TlsPair engines;
        engines.client.engine.start();
        client->transport->write(engines.client.take().substr(0, size));
        if (reset)
            Connection::reset(*client->transport);
        else
            client->transport->close();
        co_await client->lost();
        co_await close(listener); // returns when the server has let go of it
        BOOST_TEST(server->trace.empty());
    });
}

// ---- where CPython errs; the rest is the pair transport_callbacks
// ----------------------------------
namespace {
struct Wire {
    static asyncio::detail::LoopCore& core() { return asyncio::get_running_loop().core(); }
    std::shared_ptr<Recorder> protocol = std::make_shared<Recorder>();
    asyncio::detail::Ref<MemorySocket> socket = asyncio::detail::make_ref<MemorySocket>(core());
    std::shared_ptr<asyncio::Transport> transport =
        asyncio::detail::make_stream_transport(core(), socket, protocol);
};
} // namespace

BOOST_AUTO_TEST_CASE(closing_in_resume_writing_loses_the_connection_once) {
    for (const bool abort : {false, true})
        run([abort]() -> Coroutine<> {
            const asyncio_test::Reports reports;
            Wire wire;
            wire.protocol->on = [&](const std::string& event) {
                if (event == "resume") abort ? wire.transport->abort() : wire.transport->close();
            };
            co_await ticks(2);
            wire.transport->set_write_buffer_limits({.high = 0});
            wire.socket->allow(0);
            wire.transport->write("x");
            wire.socket->allow(100);
            co_await ticks(4);
            BOOST_TEST(join(wire.protocol->trace) == "made, pause, resume, lost None");
            BOOST_TEST(wire.socket->closed);
            BOOST_TEST(reports.size() == 0u);
        });
}

BOOST_AUTO_TEST_CASE(a_pause_in_connection_made_holds) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->on = [&](const std::string& event) {
            if (event == "made") wire.transport->pause_reading();
        };
        wire.socket->deliver("x");
        co_await ticks(4);
        BOOST_TEST(join(wire.protocol->trace) == "made");
        wire.transport->resume_reading();
        co_await ticks(4);
        BOOST_TEST(join(wire.protocol->trace) == "made, data");
        wire.transport->close();
        co_await ticks(3);
    });
}

BOOST_AUTO_TEST_CASE(the_end_is_told_once) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->keep_open = true;
        wire.protocol->on = [&](const std::string& event) {
            if (event == "eof") wire.transport->pause_reading();
        };
        wire.socket->deliver_eof();
        co_await ticks(4);
        wire.transport->resume_reading();
        co_await ticks(4);
        BOOST_TEST(join(wire.protocol->trace) == "made, eof");
        wire.transport->close();
        co_await ticks(3);
    });
}

// TRN-15: everything, after connection_lost() and after the loop is closed
BOOST_AUTO_TEST_CASE(a_lost_transport_does_nothing) {
    asyncio::LogCapture logged; // of writes that are dropped
    const auto use = [](const std::shared_ptr<asyncio::Transport>& transport) {
        transport->write("x");
        transport->writelines({"x", "y"});
        if (transport->can_write_eof()) transport->write_eof();
        transport->pause_reading();
        transport->resume_reading();
        transport->set_write_buffer_limits({.high = 10});
        transport->set_protocol(std::make_shared<Recorder>());
        transport->close();
        transport->abort();
        BOOST_TEST(transport->is_closing());
        BOOST_TEST(!transport->is_reading());
        BOOST_TEST(!transport->get_protocol());
        BOOST_TEST(transport->get_write_buffer_size() == 0u);
        BOOST_TEST(!transport->repr().empty());
        const auto socket = transport->get_extra_info<asyncio::TransportSocket>("socket");
        if (socket) BOOST_TEST(socket.fileno() == -1);
    };
    for (const bool tls : {false, true}) {
        std::vector<std::shared_ptr<asyncio::Transport>> kept;
        Connection c;
        run([&]() -> Coroutine<> {
            c = Connection();
            co_await c.open(tls);
            kept = {c.client->transport, c.server->transport};
            c.client->transport->close();
            co_await c.client->lost();
            co_await c.server->lost();
            co_await ticks(3);
            for (const auto& transport : kept) use(transport);
            BOOST_TEST(c.client->trace.back() == "lost None");
            co_await close(c.listener);
            c.listener = asyncio::Server();
        });
        for (const auto& transport : kept) use(transport); // its loop is closed
        c.client->changed = c.server->changed = asyncio::Event();
    }
}

BOOST_AUTO_TEST_SUITE_END()
