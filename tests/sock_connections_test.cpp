// The loop's sock_accept and sock_connect, and the sockets that the sock_* methods refuse.
#include <asyncio/asyncio.hpp>

#include "support/print.hpp"
#include "support/raw_sockets.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio::SocketAddress;
using asyncio_test::client;
using asyncio_test::listening;
using asyncio_test::pair_of;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;

BOOST_AUTO_TEST_SUITE(sock_connections)

// SCK-05
BOOST_AUTO_TEST_CASE(accept_and_connect_meet) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Socket server = listening();
        auto accepting = loop.create_task(loop.sock_accept(server));
        co_await ticks(2);
        const Socket here = client();
        co_await loop.sock_connect(here, server.getsockname());
        auto accepted = co_await accepting;
        auto& [there, address] = accepted;
        BOOST_TEST((address == here.getsockname()));
        BOOST_TEST(!there.getblocking());
        BOOST_TEST(::fcntl(there.fileno(), F_GETFD) == FD_CLOEXEC);
        co_await loop.sock_sendall(here, "hello");
        const std::string text = co_await loop.sock_recv(there, 100);
        BOOST_TEST(text == "hello");
        const Socket named = client();
        co_await loop.sock_connect(named, "localhost", server.getsockname().port());
        BOOST_TEST((named.getpeername() == server.getsockname()));
    });
}

// SCK-03
BOOST_AUTO_TEST_CASE(a_cancelled_accept_leaves_the_connection) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Socket server = listening();
        for (int turns = 0; turns < 5; ++turns) {
            auto accepting = loop.create_task(loop.sock_accept(server));
            co_await ticks(2);
            const Socket here = client();
            co_await loop.sock_connect(here, server.getsockname());
            co_await ticks(turns);
            accepting.cancel();
            co_await asyncio::wait(std::vector(1, accepting));
            Socket there;
            if (accepting.cancelled()) {
                auto accepted = co_await loop.sock_accept(server);
                there = accepted.first;
            } else {
                there = accepting.result().first;
            }
            BOOST_TEST((there.getpeername() == here.getsockname()));
        }
    });
}

// SCK-04
BOOST_AUTO_TEST_CASE(a_refused_connection_names_the_address) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Socket gone = listening();
        const SocketAddress address = gone.getsockname();
        gone.close();
        const std::string error = co_await repr_of(loop.sock_connect(client(), address));
        BOOST_TEST(error ==
                   "ConnectionRefusedError(111, \"Connect call failed " + address.str() + "\")");
    });
}

// SCK-02
BOOST_AUTO_TEST_CASE(in_debug_mode_a_blocking_socket_is_refused) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_debug(true);
        auto sockets = asyncio::socketpair();
        auto& [here, there] = sockets;
        const std::string refused = "ValueError('the socket must be non-blocking')";
        std::array<std::byte, 8> buffer{};
        std::string error = co_await repr_of(loop.sock_recv(here, 1));
        BOOST_TEST(error == refused);
        error = co_await repr_of(loop.sock_recv_into(here, buffer));
        BOOST_TEST(error == refused);
        error = co_await repr_of(loop.sock_recvfrom(here, 1));
        BOOST_TEST(error == refused);
        error = co_await repr_of(loop.sock_recvfrom_into(here, buffer));
        BOOST_TEST(error == refused);
        error = co_await repr_of(loop.sock_sendall(here, "x"));
        BOOST_TEST(error == refused);
        error = co_await repr_of(loop.sock_sendto(here, "x", SocketAddress("127.0.0.1", 9)));
        BOOST_TEST(error == refused);
        error = co_await repr_of(loop.sock_connect(here, SocketAddress("127.0.0.1", 9)));
        BOOST_TEST(error == refused);
        error = co_await repr_of(loop.sock_accept(here));
        BOOST_TEST(error == refused);
        loop.set_debug(false);
    });
}

// FDW-03
BOOST_AUTO_TEST_CASE(a_socket_of_a_transport_cannot_wait) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        auto made = co_await loop.create_connection(
            [] { return std::make_shared<asyncio::Protocol>(); }, {.sock = here.fileno()});
        auto& [transport, protocol] = made;
        const std::string error = co_await repr_of(loop.sock_recv(here, 1));
        BOOST_TEST(error.starts_with("RuntimeError('File descriptor "), error);
        here.detach(); // the transport's
        transport->abort();
        co_await ticks(2);
    });
}

BOOST_AUTO_TEST_CASE(a_closed_socket_is_an_error) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Socket sock = client();
        sock.close();
        const std::string error = co_await repr_of(loop.sock_recv(sock, 1));
        BOOST_TEST(error == "OSError(9, 'Bad file descriptor')");
    });
}

BOOST_AUTO_TEST_CASE(a_pending_wait_ends_with_its_loop) {
    const asyncio::LogCapture logged;
    auto sockets = pair_of();
    auto& [here, there] = sockets;
    const auto loop = asyncio::new_event_loop();
    auto task = loop->create_task(loop->sock_recv(here, 1));
    loop->run_until_complete(ticks(3));
    loop->close();
    BOOST_TEST(!task.done());
}

BOOST_AUTO_TEST_SUITE_END()
