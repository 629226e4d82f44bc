// Socket, and the loop's sock_* methods: fast paths, waiting, cancelling, errors.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cerrno>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio::SocketAddress;
using asyncio_test::error_of;
using asyncio_test::iterations_of;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;

namespace {

std::pair<Socket, Socket> pair_of(int type = SOCK_STREAM) {
    auto sockets = asyncio::socketpair(type);
    sockets.first.setblocking(false);
    sockets.second.setblocking(false);
    return sockets;
}

Socket udp() {
    Socket sock(AF_INET, SOCK_DGRAM);
    sock.setblocking(false);
    sock.bind(SocketAddress("127.0.0.1", 0));
    return sock;
}

Socket listening() {
    Socket sock(AF_INET, SOCK_STREAM);
    sock.setblocking(false);
    sock.bind(SocketAddress("127.0.0.1", 0));
    sock.listen();
    return sock;
}

Socket client() {
    Socket sock(AF_INET, SOCK_STREAM);
    sock.setblocking(false);
    return sock;
}

// Fills the buffers of the connection.
std::size_t clog(const Socket& sock) {
    const std::string block(1 << 16, 'x');
    std::size_t total = 0;
    try {
        for (;;) total += sock.send(block);
    } catch (const asyncio::BlockingIOError&) {
    }
    return total;
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(SocketAddress)

BOOST_AUTO_TEST_SUITE(raw_sockets)

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

// SCK-01
BOOST_AUTO_TEST_CASE(what_is_possible_at_once_does_not_suspend) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        there.send("hello");
        int count = co_await iterations_of([&] { return loop.sock_recv(here, 3); });
        BOOST_TEST(count == 0);
        const std::string rest = co_await loop.sock_recv(here, 100);
        BOOST_TEST(rest == "lo");
        count = co_await iterations_of([&] { return loop.sock_sendall(here, "answer"); });
        BOOST_TEST(count == 0);
        BOOST_TEST(there.recv(100) == "answer");
    });
}

BOOST_AUTO_TEST_CASE(sock_recv_waits_for_data_and_for_the_end) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        auto task = loop.create_task(loop.sock_recv(here, 100));
        co_await ticks(3);
        BOOST_TEST(!task.done());
        there.send("hello");
        const std::string text = co_await task;
        BOOST_TEST(text == "hello");
        auto last = loop.create_task(loop.sock_recv(here, 100));
        co_await ticks(3);
        there.close();
        const std::string end = co_await last;
        BOOST_TEST(end == "");
        // Nothing of it is left: the descriptor is free for a reader.
        BOOST_TEST(!loop.remove_reader(here));
    });
}

BOOST_AUTO_TEST_CASE(sock_recv_into_fills_the_callers_memory) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        std::array<std::byte, 4> buffer{};
        auto task = loop.create_task(loop.sock_recv_into(here, buffer));
        co_await ticks(3);
        there.send("hello");
        const std::size_t count = co_await task;
        BOOST_TEST(count == 4u);
        BOOST_TEST((buffer[0] == std::byte{'h'} && buffer[3] == std::byte{'l'}));
        const std::string rest = co_await loop.sock_recv(here, 10);
        BOOST_TEST(rest == "o");
    });
}

// SCK-03: a cancel comes at once, and nothing that arrives later is lost.
BOOST_AUTO_TEST_CASE(a_cancelled_receive_leaves_the_bytes) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        for (int turns = 0; turns < 4; ++turns) {
            auto task = loop.create_task(loop.sock_recv(here, 100));
            co_await ticks(turns);
            task.cancel();
            auto next = loop.create_task(loop.sock_recv(here, 100));
            co_await asyncio::wait(std::vector(1, task));
            BOOST_TEST(task.cancelled());
            BOOST_TEST(!next.done());
            there.send("hello");
            const std::string text = co_await next;
            BOOST_TEST(text == "hello");
        }
    });
}

// SCK-03: cancelled in each iteration between the arrival and the end of the wait.
BOOST_AUTO_TEST_CASE(a_receive_that_is_cancelled_while_data_arrives_loses_nothing) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        for (int turns = 0; turns < 6; ++turns) {
            auto task = loop.create_task(loop.sock_recv(here, 100));
            co_await ticks(2);
            there.send("hello");
            co_await ticks(turns);
            task.cancel();
            co_await asyncio::wait(std::vector(1, task));
            std::string text;
            if (task.cancelled())
                text = co_await loop.sock_recv(here, 100);
            else
                text = task.result();
            BOOST_TEST(text == "hello");
        }
    });
}

// FDW-01: as in Python the later operation takes the descriptor over.
BOOST_AUTO_TEST_CASE(reading_and_writing_wait_side_by_side) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        const std::size_t before = clog(here);
        auto reading = loop.create_task(loop.sock_recv(here, 100));
        auto writing = loop.create_task(loop.sock_sendall(here, "end"));
        co_await ticks(3);
        there.send("hello");
        const std::string text = co_await reading;
        BOOST_TEST(text == "hello");
        BOOST_TEST(!writing.done());
        std::string received;
        while (received.size() < before + 3) {
            const std::string piece = co_await loop.sock_recv(there, 1 << 20);
            received += piece;
        }
        co_await writing;
        BOOST_TEST(received.ends_with("xend"));
    });
}

BOOST_AUTO_TEST_CASE(sock_sendall_sends_more_than_the_system_takes) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        std::string big(3'000'000, '\0');
        for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>(i * 7 % 251);
        auto task = loop.create_task(loop.sock_sendall(here, big));
        std::string received;
        while (received.size() < big.size()) {
            const std::string piece = co_await loop.sock_recv(there, 100'000);
            received += piece;
        }
        co_await task;
        BOOST_TEST((received == big));
    });
}

BOOST_AUTO_TEST_CASE(sending_to_a_closed_peer_is_an_error_and_no_signal) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        there.close();
        std::string error = co_await repr_of(loop.sock_sendall(here, "x"));
        BOOST_TEST(error == "BrokenPipeError(32, 'Broken pipe')");
        auto others = pair_of();
        auto& [left, right] = others;
        clog(left);
        auto task = loop.create_task(loop.sock_sendall(left, "x"));
        co_await ticks(3);
        right.close();
        error = co_await repr_of(task);
        BOOST_TEST(error == "BrokenPipeError(32, 'Broken pipe')");
    });
}

// SCK-05, SCK-06
BOOST_AUTO_TEST_CASE(datagrams_are_received_with_their_address) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Socket one = udp();
        const Socket two = udp();
        auto task = loop.create_task(loop.sock_recvfrom(one, 100));
        co_await ticks(3);
        const std::size_t sent = co_await loop.sock_sendto(two, "hello", one.getsockname());
        BOOST_TEST(sent == 5u);
        auto got = co_await task;
        auto& [data, address] = got;
        BOOST_TEST(data == "hello");
        BOOST_TEST((address == two.getsockname()));
        std::array<std::byte, 8> buffer{};
        co_await loop.sock_sendto(two, "again", one.getsockname());
        auto filled = co_await loop.sock_recvfrom_into(one, buffer, 3);
        BOOST_TEST(filled.first == 3u); // the rest of the datagram is gone
        BOOST_TEST((filled.second == two.getsockname()));
        std::string error = co_await repr_of(loop.sock_recvfrom_into(one, buffer, 9));
        BOOST_TEST(error == "ValueError('nbytes is greater than the length of the buffer')");
        const SocketAddress deserted = one.getsockname();
        one.close();
        co_await loop.sock_connect(two, deserted);
        co_await loop.sock_sendall(two, "anybody?");
        error = co_await repr_of(loop.sock_recv(two, 100));
        BOOST_TEST(error == "ConnectionRefusedError(111, 'Connection refused')");
    });
}

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
        BOOST_TEST(error == "ConnectionRefusedError(111, \"Connect call failed " + address.str() +
                                "\")");
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
