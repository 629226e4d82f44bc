// SocketAddress and TransportSocket.
// own loop only
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <memory>
#include <string>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using asyncio::SocketAddress;
using asyncio::TransportSocket;

BOOST_AUTO_TEST_SUITE(sockets)

BOOST_AUTO_TEST_CASE(addresses_print_as_pythons_tuples) {
    BOOST_TEST(SocketAddress("127.0.0.1", 80).str() == "('127.0.0.1', 80)");
    BOOST_TEST(SocketAddress("::1", 80, 1, 2).str() == "('::1', 80, 1, 2)");
    BOOST_TEST(SocketAddress::unix_path("/tmp/it's").str() == "\"/tmp/it's\"");
    BOOST_TEST(SocketAddress().str() == "None");
}

BOOST_AUTO_TEST_CASE(addresses_have_parts) {
    const SocketAddress four("10.1.2.3", 65535);
    BOOST_TEST(four.family() == AF_INET);
    BOOST_TEST(four.host() == "10.1.2.3");
    BOOST_TEST(four.port() == 65535);
    const SocketAddress six("2001:db8::1", 1, 5, 7);
    BOOST_TEST(six.family() == AF_INET6);
    BOOST_TEST(six.host() == "2001:db8::1");
    BOOST_TEST(six.flowinfo() == 5u);
    BOOST_TEST(six.scope_id() == 7u);
    BOOST_TEST(!SocketAddress());
    BOOST_TEST(SocketAddress().host() == "");
}

BOOST_AUTO_TEST_CASE(addresses_must_be_literal) {
    BOOST_CHECK_THROW(SocketAddress("localhost", 1), asyncio::ValueError);
    BOOST_CHECK_THROW(SocketAddress(std::string_view("127.0.0.1\0x", 11), 1), asyncio::ValueError);
    BOOST_CHECK_THROW(SocketAddress("127.0.0.1", 65536), asyncio::OverflowError);
    BOOST_CHECK_THROW(SocketAddress("127.0.0.1", -1), asyncio::OverflowError);
}

BOOST_AUTO_TEST_CASE(addresses_compare_by_value) {
    BOOST_TEST((SocketAddress("127.0.0.1", 1) == SocketAddress("127.0.0.1", 1)));
    BOOST_TEST((SocketAddress("127.0.0.1", 1) != SocketAddress("127.0.0.1", 2)));
    BOOST_TEST((SocketAddress("127.0.0.1", 1) != SocketAddress("127.0.0.2", 1)));
    BOOST_TEST((SocketAddress::unix_path("/a") == SocketAddress::unix_path("/a")));
    BOOST_TEST((SocketAddress::unix_path("/a") != SocketAddress::unix_path("/b")));
    BOOST_TEST((SocketAddress::unix_path("") != SocketAddress()));
}

BOOST_AUTO_TEST_CASE(addresses_survive_the_systems_form) {
    const SocketAddress all[] = {
        SocketAddress("127.0.0.1", 4242),
        SocketAddress("fe80::1", 80, 3, 4),
        SocketAddress::unix_path("/run/x.sock"),
        SocketAddress::unix_path(std::string("\0abstract", 9)),
    };
    for (const SocketAddress& address : all) {
        sockaddr_storage storage;
        const std::size_t size = address.to(&storage);
        BOOST_TEST((SocketAddress::from(&storage, size) == address), address.str());
    }
    const sockaddr unknown{};
    BOOST_TEST(!SocketAddress::from(&unknown, sizeof unknown));
    BOOST_TEST(SocketAddress().to(nullptr) == 0u);
}

namespace {

asyncio::Coroutine<TransportSocket> connected_socket(asyncio::Server server) {
    auto& loop = asyncio::get_running_loop();
    auto pair =
        co_await loop.create_connection([] { return std::make_shared<asyncio::Protocol>(); },
                                        "127.0.0.1", server.sockets().at(0).getsockname().port());
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
        auto& loop = asyncio::get_running_loop();
        auto server = co_await loop.create_server(
            [] { return std::make_shared<asyncio::Protocol>(); }, "127.0.0.1", 0);
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
