// Server: closing it, waiting for its clients, closing those.
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"
#include "support/print.hpp"
#include "support/quiet_clients.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

using asyncio::Coroutine;
using asyncio::Server;
using asyncio_test::client_of;
using asyncio_test::connect_pair;
using asyncio_test::port_of;
using asyncio_test::quiet_server;
using asyncio_test::run;
using asyncio_test::ServerPair;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

Coroutine<> wait_closed(Server server, std::string name, Trace& log) {
    co_await server.wait_closed();
    log.push_back(name);
}

} // namespace

BOOST_AUTO_TEST_SUITE(server)

// SRV-01
BOOST_AUTO_TEST_CASE(close_stops_listening_and_leaves_connections) {
    run([]() -> Coroutine<> {
        ServerPair pair = co_await connect_pair();
        const int port = port_of(pair.server);
        BOOST_TEST(pair.server.is_serving());
        BOOST_TEST(&pair.server.get_loop() == &asyncio::get_running_loop());
        pair.server.close();
        pair.server.close();
        BOOST_TEST(!pair.server.is_serving());
        BOOST_TEST(pair.server.sockets().empty());
        BOOST_TEST(pair.server.repr() == "<Server sockets=()>");
        bool refused = false;
        try {
            co_await client_of(port);
        } catch (const asyncio::ConnectionRefusedError&) {
            refused = true;
        }
        BOOST_TEST(refused);
        BOOST_TEST(!pair.accepted->lost.is_set());
        pair.client->transport->close();
        co_await pair.accepted->lost.wait();
    });
}

// SRV-02, SRV-03
BOOST_AUTO_TEST_CASE(wait_closed_waits_for_close_and_for_the_last_connection) {
    run([]() -> Coroutine<> {
        Trace log;
        ServerPair pair = co_await connect_pair();
        auto early =
            asyncio::create_task(wait_closed, pair.server, std::string("early"), std::ref(log));
        auto cancelled =
            asyncio::create_task(wait_closed, pair.server, std::string("never"), std::ref(log));
        co_await asyncio::sleep(0);
        pair.server.close();
        auto late =
            asyncio::create_task(wait_closed, pair.server, std::string("late"), std::ref(log));
        cancelled.cancel();
        co_await ticks(5);
        BOOST_TEST(cancelled.cancelled());
        BOOST_TEST(log.empty());
        pair.client->transport->close();
        co_await early;
        co_await late;
        BOOST_TEST((log == Trace{"early", "late"}));
        co_await pair.server.wait_closed();
    });
}

// SRV-02: as in 3.12.1, an idle server that is open has not ended
BOOST_AUTO_TEST_CASE(wait_closed_does_not_return_before_close) {
    run([]() -> Coroutine<> {
        Trace log;
        auto server = co_await quiet_server();
        auto waiting =
            asyncio::create_task(wait_closed, server, std::string("done"), std::ref(log));
        co_await ticks(5);
        BOOST_TEST(!waiting.done());
        server.close();
        co_await waiting;
    });
}

// SRV-08
BOOST_AUTO_TEST_CASE(clients_can_be_closed_and_aborted) {
    run([]() -> Coroutine<> {
        for (int round = 0; round < 2; ++round) {
            const bool abort = round == 1;
            ServerPair pair = co_await connect_pair();
            pair.accepted->transport->write("bye");
            if (abort)
                pair.server.abort_clients();
            else
                pair.server.close_clients();
            co_await pair.client->lost.wait();
            co_await pair.accepted->lost.wait();
            pair.server.close_clients();
            pair.server.close();
            co_await pair.server.wait_closed();
        }
    });
}

// SRV-02
BOOST_AUTO_TEST_CASE(shutdown_ends_a_server_whatever_its_clients_do) {
    run([]() -> Coroutine<> {
        ServerPair pair = co_await connect_pair();
        pair.client->transport->pause_reading();
        // More than the system buffers: close_clients() alone would wait for the client.
        pair.accepted->transport->write(std::string(16 << 20, 'x'));
        co_await pair.server.shutdown(0.01);
        BOOST_TEST(pair.accepted->lost.is_set());
        pair.client->transport->abort();
    });
}

BOOST_AUTO_TEST_CASE(async_with_closes_the_server) {
    run([]() -> Coroutine<> {
        auto server = co_await quiet_server();
        bool thrown = false;
        try {
            co_await asyncio::async_with(server, [](Server inside) -> Coroutine<> {
                BOOST_TEST(inside.is_serving());
                throw asyncio::ValueError("leave");
                co_return;
            });
        } catch (const asyncio::ValueError&) {
            thrown = true;
        }
        BOOST_TEST(thrown);
        BOOST_TEST(!server.is_serving());
    });
}

// TRN-15, SRV-09
BOOST_AUTO_TEST_CASE(closing_the_loop_closes_the_server) {
    asyncio::warnings::Capture captured;
    Server server;
    {
        const auto loop = asyncio::new_event_loop();
        loop->run_until_complete([&]() -> Coroutine<> {
            ServerPair pair = co_await connect_pair();
            server = pair.server;
        }());
        loop->close();
    }
    BOOST_TEST(!server.is_serving());
    BOOST_TEST(server.sockets().empty());
    server.close();
    server.close_clients();
    BOOST_TEST(captured.contains("unclosed transport"));
}

BOOST_AUTO_TEST_CASE(an_empty_handle_is_none) {
    const Server none;
    BOOST_TEST(!none);
    BOOST_TEST(none.repr() == "None");
    BOOST_CHECK_THROW(none.close(), asyncio::RuntimeError);
    BOOST_CHECK_THROW(static_cast<void>(none.wait_closed()), asyncio::RuntimeError);
}

BOOST_AUTO_TEST_SUITE_END()
