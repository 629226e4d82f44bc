// create_server: the addresses it binds, the options of its sockets, addresses in use.
#include <asyncio/asyncio.hpp>

#include "support/failures.hpp"
#include "support/network.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

using asyncio::Coroutine;
using asyncio_test::fails;
using asyncio_test::fails_like;
using asyncio_test::open_descriptors;
using asyncio_test::plain;
using asyncio_test::plain_server;
using asyncio_test::port_of;
using asyncio_test::run;

BOOST_AUTO_TEST_SUITE(listening)

// CON-10
BOOST_AUTO_TEST_CASE(an_address_in_use_is_named) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await plain_server();
        const int port = port_of(server);
        const int before = open_descriptors();
        const std::string address = "('127.0.0.1', " + std::to_string(port) + ')';
        co_await fails(loop.create_server(plain(), "127.0.0.1", port),
                       "OSError: [Errno 98] error while attempting to bind on address " + address +
                           ": [errno 98] address already in use");
        co_await fails(loop.create_server(plain(), "192.0.2.1", 80),
                       "OSError: could not bind on any address out of [('192.0.2.1', 80)]");
        const std::vector<std::string> hosts = {"127.0.0.2", "127.0.0.1"};
        co_await fails_like(loop.create_server(plain(), hosts, port), "OSError: [Errno 98]");
        BOOST_TEST(open_descriptors() == before);
        server.close();
        co_await server.wait_closed();
    });
}

// CON-10, CON-12
BOOST_AUTO_TEST_CASE(several_hosts_are_bound_once_each) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const std::vector<std::string> hosts = {"127.0.0.2", "127.0.0.3", "127.0.0.2"};
        auto server = co_await loop.create_server(plain(), hosts, 0);
        BOOST_TEST(server.sockets().size() == 2u);
        BOOST_TEST(server.sockets().at(0).getsockname().host() == "127.0.0.2");
        BOOST_TEST(server.sockets().at(1).getsockname().host() == "127.0.0.3");
        server.close();
        const std::vector<std::optional<std::string>> everywhere_names = {std::nullopt, ""};
        for (const auto& everywhere : everywhere_names) {
            auto all = co_await loop.create_server(plain(), everywhere, 0);
            bool v4 = false;
            for (const auto& socket : all.sockets()) {
                v4 |= socket.getsockname().host() == "0.0.0.0";
                if (socket.family() == AF_INET6)
                    BOOST_TEST(socket.getsockopt(IPPROTO_IPV6, IPV6_V6ONLY) == 1);
            }
            BOOST_TEST(v4);
            all.close();
        }
        co_await server.wait_closed();
    });
}

// CON-10, CON-11
BOOST_AUTO_TEST_CASE(socket_options_are_set) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto option = [](const asyncio::Server& server, int which) {
            return server.sockets().at(0).getsockopt(SOL_SOCKET, which);
        };
        auto usual = co_await plain_server();
        BOOST_TEST(option(usual, SO_REUSEADDR) == 1);
        BOOST_TEST(option(usual, SO_REUSEPORT) == 0);
        BOOST_TEST(option(usual, SO_KEEPALIVE) == 0);
        auto other = co_await loop.create_server(
            plain(), "127.0.0.1", 0,
            {.reuse_address = false, .reuse_port = true, .keep_alive = true});
        BOOST_TEST(option(other, SO_REUSEADDR) == 0);
        BOOST_TEST(option(other, SO_REUSEPORT) == 1);
        BOOST_TEST(option(other, SO_KEEPALIVE) == 1);
        auto twin = co_await loop.create_server(plain(), "127.0.0.1", port_of(other),
                                                {.reuse_address = false, .reuse_port = true});
        BOOST_TEST(port_of(twin) == port_of(other));
        usual.close();
        other.close();
        twin.close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
