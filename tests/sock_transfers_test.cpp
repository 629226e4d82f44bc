// The loop's sock_recv and sock_sendall: fast paths, waiting, cancelling, datagrams.
#include <asyncio/asyncio.hpp>

#include "support/print.hpp"
#include "support/raw_sockets.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <sys/socket.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio::SocketAddress;
using asyncio_test::clog;
using asyncio_test::iterations_of;
using asyncio_test::pair_of;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::udp;

BOOST_AUTO_TEST_SUITE(sock_transfers)

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

BOOST_AUTO_TEST_SUITE_END()
