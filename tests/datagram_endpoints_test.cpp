// create_datagram_endpoint: its arguments, options of the socket, Unix sockets, forgotten
// endpoints.
#include <asyncio/asyncio.hpp>

#include "support/datagram_ends.hpp"
#include "support/directory.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::address_of;
using asyncio_test::bound;
using asyncio_test::Directory;
using asyncio_test::endpoint;
using asyncio_test::failure;
using asyncio_test::run;

BOOST_AUTO_TEST_SUITE(datagram_endpoints)

// CON-15: the socket is not connected, so that answers of others arrive.
BOOST_AUTO_TEST_CASE(with_allow_broadcast_the_socket_is_not_connected) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto other = co_await bound();
        const int port = address_of(server).port();
        auto client = co_await endpoint({.local_addr = {"127.0.0.1", 0},
                                         .remote_addr = {"127.0.0.1", port},
                                         .allow_broadcast = true});
        BOOST_TEST(!client->transport->get_extra_info("peername").has_value());
        const auto socket = client->transport->get_extra_info<asyncio::TransportSocket>("socket");
        BOOST_TEST(socket.getsockopt(SOL_SOCKET, SO_BROADCAST) == 1);
        client->transport->sendto("to the remote address");
        co_await server->next();
        other->transport->sendto("from elsewhere", address_of(client));
        co_await client->next();
        BOOST_TEST(client->log.back() == "datagram from elsewhere");
        for (const auto& end : {client, server, other}) end->transport->close();
    });
}

BOOST_AUTO_TEST_CASE(two_endpoints_share_a_port_with_reuse_port) {
    run([]() -> Coroutine<> {
        auto first = co_await endpoint({.local_addr = {"127.0.0.1", 0}, .reuse_port = true});
        const int port = address_of(first).port();
        auto second = co_await endpoint({.local_addr = {"127.0.0.1", port}, .reuse_port = true});
        const std::string error = co_await failure({.local_addr = {"127.0.0.1", port}});
        BOOST_TEST(error == "OSError(98, 'Address already in use')");
        first->transport->close();
        second->transport->close();
    });
}

// CON-15
BOOST_AUTO_TEST_CASE(unix_sockets_are_bound_to_paths) {
    run([]() -> Coroutine<> {
        const Directory directory;
        const std::string here = directory / "server";
        const std::string there = directory / "client";
        auto server = co_await endpoint({.local_addr = here, .family = AF_UNIX});
        server->transport->close();
        co_await server->next();
        // The stale socket is no obstacle.
        server = co_await endpoint({.local_addr = here, .family = AF_UNIX});
        server->on_datagram = [server = server.get()] {
            server->transport->sendto("answer", server->from);
        };
        auto client =
            co_await endpoint({.local_addr = there, .remote_addr = here, .family = AF_UNIX});
        client->transport->sendto("question");
        co_await client->next();
        BOOST_TEST(client->log.back() == "datagram answer");
        BOOST_TEST(server->from.host() == there);
        server->on_datagram = nullptr;
        server->transport->close();
        client->transport->close();
    });
}

// CON-15
BOOST_AUTO_TEST_CASE(arguments_that_do_not_fit_are_errors) {
    run([]() -> Coroutine<> {
        std::string error = co_await failure({});
        BOOST_TEST(error == "ValueError('unexpected address family')");
        error = co_await failure({.local_addr = {"127.0.0.1", 0}, .remote_addr = {"::1", 9}});
        BOOST_TEST(error == "ValueError('can not get address information')");
        error = co_await failure({.local_addr = "path"});
        BOOST_TEST(error == "TypeError('2-tuple is expected')");
        error = co_await failure({.local_addr = {"127.0.0.1", 0}, .family = AF_UNIX});
        BOOST_TEST(error == "TypeError('string is expected')");
        error = co_await failure({.local_addr = {"127.0.0.1", 65536}});
        BOOST_TEST(error == "OverflowError('bind(): port must be 0-65535.')");
        const int stream = ::socket(AF_INET, SOCK_STREAM, 0);
        error = co_await failure({.sock = stream});
        BOOST_TEST(error.starts_with("ValueError(\"A datagram socket was expected, got <"), error);
        ::close(stream);
        const int sock = ::socket(AF_INET, SOCK_DGRAM, 0);
        error = co_await failure(
            {.local_addr = {"127.0.0.1", 0}, .family = AF_INET, .reuse_port = true, .sock = sock});
        BOOST_TEST(error == "ValueError(\"socket modifier keyword arguments can not be used when "
                            "sock is specified. (local_addr=('127.0.0.1', 0), family=2, "
                            "reuse_port=True)\")");
        BOOST_TEST(::close(sock) == 0); // still the caller's
    });
}

BOOST_AUTO_TEST_CASE(an_endpoint_without_addresses_has_a_family) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await endpoint({.family = AF_INET});
        client->transport->sendto("hello", address_of(server));
        co_await server->next();
        BOOST_TEST(server->log.back() == "datagram hello");
        client->transport->close();
        server->transport->close();
    });
}

// TRN-15
BOOST_AUTO_TEST_CASE(an_endpoint_that_is_left_open_is_reported_and_closed) {
    asyncio::warnings::Capture captured;
    int fd = -1;
    const auto leave_open = [&]() -> Coroutine<> {
        auto end = co_await bound();
        fd = end->transport->get_extra_info<asyncio::TransportSocket>("socket").fileno();
        end->transport.reset();
    };
    asyncio::run(leave_open);
    BOOST_TEST(::fcntl(fd, F_GETFD) == -1);
    BOOST_TEST(captured.contains(asyncio::warnings::Category::ResourceWarning,
                                 "unclosed transport <DatagramTransport fd="));
}

BOOST_AUTO_TEST_SUITE_END()
