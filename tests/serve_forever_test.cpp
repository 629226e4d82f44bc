// Server: start_serving and serve_forever.
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"
#include "support/print.hpp"
#include "support/quiet_clients.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using asyncio::Coroutine;
using asyncio::Server;
using asyncio_test::client_of;
using asyncio_test::connect_pair;
using asyncio_test::ended;
using asyncio_test::port_of;
using asyncio_test::quiet_server;
using asyncio_test::run;
using asyncio_test::ServerPair;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

Coroutine<> serve(Server server, Trace& log) {
    try {
        co_await server.serve_forever();
    } catch (const asyncio::CancelledError&) {
        log.push_back("cancelled");
        throw;
    } catch (const asyncio::RuntimeError& error) {
        log.push_back(error.str());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(serve_forever)

// SRV-04
BOOST_AUTO_TEST_CASE(serve_forever_ends_by_cancellation_only) {
    run([]() -> Coroutine<> {
        Trace log;
        auto server = co_await quiet_server({.start_serving = false});
        BOOST_TEST(!server.is_serving());
        auto first = asyncio::create_task(serve, server, std::ref(log));
        co_await asyncio::sleep(0);
        BOOST_TEST(server.is_serving());
        co_await serve(server, log);
        BOOST_TEST(log.size() == 1u);
        BOOST_TEST(log.back().find("is already being awaited on serve_forever()") !=
                   std::string::npos);
        first.cancel();
        co_await ended(first);
        BOOST_TEST(first.cancelled());
        BOOST_TEST(log.back() == "cancelled");
        BOOST_TEST(!server.is_serving());
        co_await serve(server, log);
        BOOST_TEST(log.back() == "server <Server sockets=()> is closed");
    });
}

// SRV-04
BOOST_AUTO_TEST_CASE(close_cancels_serve_forever) {
    run([]() -> Coroutine<> {
        Trace log;
        auto server = co_await quiet_server();
        auto task = asyncio::create_task(serve, server, std::ref(log));
        co_await asyncio::sleep(0);
        server.close();
        co_await ended(task);
        BOOST_TEST(task.cancelled());
    });
}

// SRV-04: cancelling waits for the connections
BOOST_AUTO_TEST_CASE(a_cancelled_serve_forever_waits_for_connections) {
    run([]() -> Coroutine<> {
        Trace log;
        ServerPair pair = co_await connect_pair();
        auto task = asyncio::create_task(serve, pair.server, std::ref(log));
        co_await asyncio::sleep(0);
        task.cancel();
        co_await ticks(5);
        BOOST_TEST(!pair.server.is_serving());
        BOOST_TEST(!task.done());
        pair.client->transport->close();
        co_await ended(task);
        BOOST_TEST(task.cancelled());
    });
}

// SRV-05
BOOST_AUTO_TEST_CASE(a_server_may_be_bound_without_listening) {
    run([]() -> Coroutine<> {
        auto server = co_await quiet_server({.start_serving = false});
        bool refused = false;
        try {
            co_await client_of(port_of(server));
        } catch (const asyncio::ConnectionRefusedError&) {
            refused = true;
        }
        BOOST_TEST(refused);
        co_await server.start_serving();
        co_await server.start_serving();
        auto client = co_await client_of(port_of(server));
        client->transport->close();
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_SUITE_END()
