// TransportSocket: what can be seen of the socket of a transport, and what is refused.
// own loop only
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <optional>
#include <string>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::TransportSocket;
using asyncio_test::plain;
using asyncio_test::plain_server;
using asyncio_test::port_of;

BOOST_AUTO_TEST_SUITE(sockets)

namespace {

asyncio::Coroutine<TransportSocket> connected_socket(asyncio::Server server) {
    auto& loop = asyncio::get_running_loop();
    auto pair = co_await loop.create_connection(plain(), "127.0.0.1", port_of(server));
    auto& [transport, protocol] = pair;
    const auto socket = transport->get_extra_info<TransportSocket>("socket");
    BOOST_TEST(socket.family() == AF_INET);
    BOOST_TEST(socket.type() == SOCK_STREAM);
    BOOST_TEST(socket.proto() == IPPROTO_TCP);
    // CON-09
    BOOST_TEST(socket.getsockopt(IPPROTO_TCP, TCP_NODELAY) == 1);
    BOOST_TEST((socket.getpeername() == server.sockets().at(0).getsockname()));
    BOOST_TEST(socket.repr() ==
               "<asyncio.TransportSocket fd=" + std::to_string(socket.fileno()) +
                   ", family=2, type=1, proto=6, laddr=" + socket.getsockname().str() +
                   ", raddr=" + socket.getpeername().str() + '>');
    socket.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1);
    BOOST_TEST(socket.getsockopt(SOL_SOCKET, SO_KEEPALIVE, sizeof(int)).at(0) == 1);
    // Every descriptor is close-on-exec.
    BOOST_TEST(!socket.get_inheritable());
    const int copy = socket.dup();
    BOOST_TEST(copy != socket.fileno());
    BOOST_TEST((::fcntl(copy, F_GETFD) & FD_CLOEXEC) != 0);
    ::close(copy);
    transport->close();
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    co_return socket;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_transports_socket_can_be_looked_at) {
    asyncio::run([]() -> asyncio::Coroutine<> {
        auto server = co_await plain_server();
        const auto listening = server.sockets().at(0);
        BOOST_TEST(!listening.get_inheritable());
        const TransportSocket closed = co_await connected_socket(server);
        // The number may belong to another descriptor by now.
        BOOST_TEST(closed.fileno() == -1);
        BOOST_CHECK_EXCEPTION(closed.getsockname(), asyncio::OSError,
                              [](const auto& e) { return e.err() == EBADF; });
        BOOST_TEST(closed.repr() == "<asyncio.TransportSocket fd=-1, family=2, type=1, proto=6>");
        server.close();
        BOOST_TEST(listening.fileno() == -1);
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(disturbing_operations_are_refused) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    const TransportSocket socket(asyncio::detail::make_ref<asyncio::detail::SocketView>(fd, 0));
    BOOST_TEST(socket.gettimeout().count() == 0);
    socket.settimeout(0);
    socket.setblocking(false);
    BOOST_CHECK_THROW(socket.settimeout(1), asyncio::ValueError);
    BOOST_CHECK_THROW(socket.settimeout(std::nullopt), asyncio::ValueError);
    BOOST_CHECK_THROW(socket.setblocking(true), asyncio::ValueError);
    BOOST_CHECK_THROW(socket.shutdown(SHUT_WR), asyncio::OSError);
    BOOST_CHECK_THROW(socket.getpeername(), asyncio::OSError);
    BOOST_CHECK_THROW(TransportSocket().fileno(), asyncio::RuntimeError);
    BOOST_TEST(!TransportSocket());
    ::close(fd);
}

BOOST_AUTO_TEST_SUITE_END()
