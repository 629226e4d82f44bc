// Socket: ownership of the descriptor, blocking, sockets that talk without a loop.
// own loop only
#include <asyncio/asyncio.hpp>

#include "support/print.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

#include <fcntl.h>
#include <sys/socket.h>

using asyncio::Socket;
using asyncio::SocketAddress;
using asyncio_test::error_of;

// The name of the suite is also a function of the system, out here.
namespace cases {

BOOST_AUTO_TEST_SUITE(socket)

BOOST_AUTO_TEST_CASE(the_last_handle_closes_the_descriptor) {
    int fd = -1;
    {
        Socket copy;
        BOOST_TEST(!copy);
        {
            Socket sock(AF_INET, SOCK_STREAM);
            fd = sock.fileno();
            copy = sock;
            BOOST_TEST((copy == sock));
        }
        BOOST_TEST(::fcntl(fd, F_GETFD) == FD_CLOEXEC);
    }
    BOOST_TEST(::fcntl(fd, F_GETFD) == -1);
    BOOST_TEST(error_of([] { Socket().fileno(); }) == "RuntimeError('the Socket is None')");
}

BOOST_AUTO_TEST_CASE(a_detached_descriptor_is_the_callers) {
    Socket sock(AF_INET, SOCK_DGRAM);
    const int fd = sock.detach();
    BOOST_TEST(sock.fileno() == -1);
    BOOST_TEST(sock.detach() == -1);
    sock.close();
    {
        const Socket again = Socket::from_fileno(fd);
        BOOST_TEST(again.type() == SOCK_DGRAM);
        again.close();
        again.close();
        BOOST_TEST(again.repr().starts_with("<asyncio.Socket [closed] fd=-1, family=2, type=2"));
    }
    BOOST_TEST(error_of([&] { Socket::from_fileno(fd); }) == "OSError(9, 'Bad file descriptor')");
    BOOST_TEST(error_of([&] { sock.getsockname(); }) == "OSError(9, 'Bad file descriptor')");
}

BOOST_AUTO_TEST_CASE(a_socket_blocks_until_it_is_told_not_to) {
    Socket sock(AF_INET, SOCK_DGRAM);
    BOOST_TEST(sock.getblocking());
    BOOST_TEST(!sock.gettimeout().has_value());
    sock.setblocking(false);
    BOOST_TEST(!sock.getblocking());
    BOOST_TEST((sock.gettimeout() == asyncio::Seconds(0)));
    BOOST_TEST(error_of([&] { sock.recv(1); }).starts_with("BlockingIOError(11,"));
    sock.setblocking(true);
    BOOST_TEST(sock.getblocking());
}

BOOST_AUTO_TEST_CASE(sockets_talk_without_a_loop) {
    Socket server(AF_INET, SOCK_STREAM);
    server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1);
    BOOST_TEST(server.getsockopt(SOL_SOCKET, SO_REUSEADDR) == 1);
    server.bind(SocketAddress("127.0.0.1", 0));
    server.listen();
    Socket there(AF_INET, SOCK_STREAM);
    there.connect(server.getsockname());
    auto accepted = server.accept();
    auto& [here, address] = accepted;
    BOOST_TEST((address == there.getsockname()));
    BOOST_TEST((here.getpeername() == address));
    BOOST_TEST(there.send("hello") == 5u);
    BOOST_TEST(here.recv(100) == "hello");
    there.shutdown(SHUT_WR);
    BOOST_TEST(here.recv(100) == "");
    Socket one(AF_INET, SOCK_DGRAM);
    one.bind(SocketAddress("127.0.0.1", 0));
    Socket two(AF_INET, SOCK_DGRAM);
    two.sendto("datagram", one.getsockname());
    BOOST_TEST(one.recvfrom(100).first == "datagram");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cases
