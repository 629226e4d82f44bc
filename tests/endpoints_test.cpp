// create_connection: what the caller gets, local addresses, sockets of the user, failures.
#include <asyncio/asyncio.hpp>

#include "support/failures.hpp"
#include "support/network.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <memory>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::ended;
using asyncio_test::fails;
using asyncio_test::fails_like;
using asyncio_test::open_descriptors;
using asyncio_test::plain;
using asyncio_test::plain_server;
using asyncio_test::port_of;
using asyncio_test::run;
using asyncio_test::ticks;

BOOST_AUTO_TEST_SUITE(endpoints)

// CON-08
BOOST_AUTO_TEST_CASE(a_connection_is_made_before_the_caller_goes_on) {
    struct Client : asyncio::Protocol {
        void connection_made(std::shared_ptr<asyncio::Transport> t) override { transport = t; }
        std::shared_ptr<asyncio::Transport> transport;
    };
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await plain_server();
        auto pair = co_await loop.create_connection([] { return std::make_shared<Client>(); },
                                                    "127.0.0.1", port_of(server));
        auto& [transport, protocol] = pair;
        static_assert(std::is_same_v<decltype(protocol), std::shared_ptr<Client>>);
        BOOST_TEST(protocol->transport == transport);
        BOOST_TEST((transport->get_extra_info<asyncio::SocketAddress>("peername") ==
                    server.sockets().at(0).getsockname()));
        BOOST_TEST(
            (transport->get_extra_info<asyncio::SocketAddress>("sockname").host() == "127.0.0.1"));
        BOOST_TEST(!transport->get_extra_info("no such key").has_value());
        transport->close();
        protocol->transport.reset();
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(a_ready_protocol_is_taken_as_it_is) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await plain_server();
        const auto mine = std::make_shared<asyncio::Protocol>();
        auto pair = co_await loop.create_connection(mine, "127.0.0.1", port_of(server));
        BOOST_TEST(pair.second == mine);
        pair.first->close();
        server.close();
        co_await server.wait_closed();
    });
}

// CON-04
BOOST_AUTO_TEST_CASE(a_refused_connection_names_the_address) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await plain_server();
        const int port = port_of(server);
        server.close();
        const std::string expected = "ConnectionRefusedError: [Errno 111] Connect call failed "
                                     "('127.0.0.1', " +
                                     std::to_string(port) + ')';
        co_await fails(loop.create_connection(plain(), "127.0.0.1", port), expected);
        co_await fails(loop.create_connection(plain(), "127.0.0.1", std::to_string(port)),
                       expected);
    });
}

// CON-01
BOOST_AUTO_TEST_CASE(arguments_must_fit_together) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        co_await fails(loop.create_connection(plain(), asyncio::CreateConnectionOptions()),
                       "ValueError: host and port was not specified and no sock specified");
        co_await fails(loop.create_server(plain(), asyncio::CreateServerOptions()),
                       "ValueError: Neither host/port nor sock were specified");
        const std::string both =
            "ValueError: host/port and sock can not be specified at the same time";
        co_await fails(loop.create_connection(plain(), "127.0.0.1", 1, {.sock = 0}), both);
        co_await fails(loop.create_server(plain(), nullptr, 1, {.sock = 0}), both);
        const int datagram = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        const std::string stream = "ValueError: A Stream Socket was expected, got ";
        co_await fails_like(loop.create_connection(plain(), {.sock = datagram}), stream);
        co_await fails_like(loop.create_server(plain(), {.sock = datagram}), stream);
        ::close(datagram);
    });
}

BOOST_AUTO_TEST_CASE(ports_out_of_range_overflow) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const std::string text = "(): port must be 0-65535.";
        const std::vector<int> ports = {-1, 65536, 70000};
        for (const int port : ports) {
            co_await fails(loop.create_connection(plain(), "127.0.0.1", port),
                           "OverflowError: connect" + text);
            co_await fails(loop.create_server(plain(), "::1", port), "OverflowError: bind" + text);
        }
        // Python cuts this one off and connects to another port.
        co_await fails(loop.create_connection(plain(), "localhost", 70000),
                       "OverflowError: connect" + text);
    });
}

// CON-06
BOOST_AUTO_TEST_CASE(a_client_may_choose_its_own_address) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await plain_server();
        const int port = port_of(server);
        auto pair = co_await loop.create_connection(plain(), "127.0.0.1", port,
                                                    {.local_addr = {{"127.0.0.9", 0}}});
        BOOST_TEST(
            (pair.first->get_extra_info<asyncio::SocketAddress>("sockname").host() == "127.0.0.9"));
        pair.first->close();
        co_await fails(
            loop.create_connection(plain(), "127.0.0.1", port, {.local_addr = {{"192.0.2.1", 0}}}),
            "OSError: [Errno 99] error while attempting to bind on address "
            "('192.0.2.1', 0): [errno 99] cannot assign requested address");
        co_await fails(
            loop.create_connection(plain(), "127.0.0.1", port, {.local_addr = {{"::1", 0}}}),
            "OSError: no matching local address with family=<AddressFamily.AF_INET: 2> "
            "found");
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(sockets_of_the_user_are_taken_over) {
    struct Collecting : asyncio::Protocol {
        void data_received(std::string_view data) override {
            received.set_result(std::string(data));
        }
        asyncio::Future<std::string> received =
            asyncio::get_running_loop().create_future<std::string>();
    };
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        auto left = co_await loop.create_connection(plain(), {.sock = ends[0]});
        auto right = co_await loop.create_connection([] { return std::make_shared<Collecting>(); },
                                                     {.sock = ends[1]});
        left.first->write("over a Unix socket");
        const std::string received = co_await right.second->received;
        BOOST_TEST(received == "over a Unix socket");
        left.first->close();
        right.first->close();
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_storage storage;
        const auto size =
            static_cast<socklen_t>(asyncio::SocketAddress("127.0.0.1", 0).to(&storage));
        BOOST_REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&storage), size) == 0);
        auto server = co_await loop.create_server(plain(), {.sock = fd});
        auto client = co_await loop.create_connection(plain(), "127.0.0.1", port_of(server));
        client.first->close();
        server.close();
        co_await server.wait_closed();
        BOOST_TEST(::fcntl(fd, F_GETFD) == -1);
    });
}

// CON-07, PRO-06
BOOST_AUTO_TEST_CASE(a_failed_connection_leaves_no_socket) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto server = co_await plain_server();
        const int port = port_of(server);
        co_await asyncio::sleep(0.01);
        const int before = open_descriptors();
        auto failing = []() -> std::shared_ptr<asyncio::Protocol> {
            throw asyncio::LookupError("factory");
        };
        co_await fails(loop.create_connection(failing, "127.0.0.1", port), "LookupError: factory");
        // Cancelled at each of its suspensions, whatever has happened until then.
        for (int turns = 0; turns < 6; ++turns) {
            auto task = asyncio::create_task(loop.create_connection(plain(), "127.0.0.1", port));
            co_await ticks(turns);
            if (task.cancel()) {
                co_await ended(task);
                BOOST_TEST(task.cancelled());
            } else {
                task.result().first->close();
            }
        }
        server.close_clients();
        server.close();
        co_await server.wait_closed();
        for (int i = 0; i < 20 && open_descriptors() > before - 1; ++i)
            co_await asyncio::sleep(0.001);
        BOOST_TEST(open_descriptors() == before - 1);
    });
}

BOOST_AUTO_TEST_SUITE_END()
