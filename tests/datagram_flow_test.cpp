// How a datagram transport holds back: buffering, pausing, closing with something left to send.
#include <asyncio/asyncio.hpp>

#include "support/datagram_ends.hpp"
#include "support/print.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::SocketAddress;
using asyncio_test::address_of;
using asyncio_test::bound;
using asyncio_test::connected_to;
using asyncio_test::DatagramRecorder;
using asyncio_test::endpoint;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

// A pair of Unix sockets of which the second is read by hand, so that the first one clogs.
struct Clog {
    Clog() {
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM, 0, fds) == 0);
        const int size = 4096;
        ::setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
        ::fcntl(fds[1], F_SETFL, O_NONBLOCK);
    }
    ~Clog() { ::close(fds[1]); }
    std::string read() {
        char text[4096];
        const auto size = ::recv(fds[1], text, sizeof text, 0);
        return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
    }
    // Sends until something is buffered; returns how many were sent.
    int fill(asyncio::DatagramTransport& transport) {
        int count = 0;
        for (; transport.get_write_buffer_size() == 0; ++count)
            transport.sendto("datagram " + std::to_string(count));
        return count;
    }
    int fds[2];
};

} // namespace

BOOST_AUTO_TEST_SUITE(datagram_flow)

// TRN-17, TRN-05: 8 bytes more for each datagram.
BOOST_AUTO_TEST_CASE(the_buffer_holds_back_the_writer) {
    run([]() -> Coroutine<> {
        Clog clog;
        auto end = co_await endpoint({.sock = clog.fds[0]});
        const int sent = clog.fill(*end->transport);
        const std::size_t size = end->transport->get_write_buffer_size();
        BOOST_TEST(size == ("datagram " + std::to_string(sent - 1)).size() + 8);
        end->transport->sendto("");
        BOOST_TEST(end->transport->get_write_buffer_size() == size + 8);
        BOOST_TEST((end->log == Trace{"made"}));
        end->transport->set_write_buffer_limits({.high = static_cast<int>(size) + 8, .low = 0});
        BOOST_TEST((end->transport->get_write_buffer_limits() ==
                    std::pair<std::size_t, std::size_t>(0, size + 8)));
        BOOST_TEST((end->log == Trace{"made"}));
        end->transport->sendto("");
        BOOST_TEST((end->log == Trace{"made", "pause"}));
        for (int i = 0; i < sent; ++i) {
            while (true) {
                const std::string text = clog.read();
                if (text != "nothing") {
                    BOOST_TEST(text == "datagram " + std::to_string(i));
                    break;
                }
                co_await asyncio::sleep(0);
            }
        }
        while (end->log.size() < 3) co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "pause", "resume"}));
        BOOST_TEST(end->transport->get_write_buffer_size() == 0u);
        BOOST_TEST(clog.read() == "");
        BOOST_TEST(clog.read() == "");
        BOOST_TEST(clog.read() == "nothing");
        end->transport->close();
    });
}

// TRN-08
BOOST_AUTO_TEST_CASE(close_sends_what_is_buffered) {
    run([]() -> Coroutine<> {
        Clog clog;
        auto end = co_await endpoint({.sock = clog.fds[0]});
        const int sent = clog.fill(*end->transport);
        end->transport->close();
        BOOST_TEST(end->transport->is_closing());
        co_await asyncio::sleep(0);
        BOOST_TEST((end->log == Trace{"made"}));
        for (int i = 0; i + 1 < sent; ++i)
            BOOST_TEST(clog.read() == "datagram " + std::to_string(i));
        co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "lost None"}));
        BOOST_TEST(clog.read() == "datagram " + std::to_string(sent - 1));
    });
}

// TRN-08, TRN-20
BOOST_AUTO_TEST_CASE(abort_drops_what_is_buffered) {
    run([]() -> Coroutine<> {
        Clog clog;
        auto end = co_await endpoint({.sock = clog.fds[0]});
        const int sent = clog.fill(*end->transport);
        auto transport = end->transport;
        transport->abort();
        BOOST_TEST(transport->get_write_buffer_size() == 0u);
        BOOST_TEST((end->log == Trace{"made"}));
        co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "lost None"}));
        for (int i = 0; i + 1 < sent; ++i) clog.read();
        BOOST_TEST(clog.read() == "nothing");
        transport->abort();
        transport->close();
        transport->sendto("late", SocketAddress("127.0.0.1", 9));
        BOOST_TEST(!transport->get_protocol());
    });
}

// TRN-18
BOOST_AUTO_TEST_CASE(writes_to_a_lost_connection_are_counted) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        const asyncio::LogCapture captured;
        client->transport->abort();
        for (int i = 0; i < 6; ++i) client->transport->sendto("x");
        BOOST_TEST(captured.size() == 2u);
        BOOST_TEST(captured.contains("socket.send() raised exception."));
        BOOST_TEST((server->log == Trace{"made"}));
        server->transport->close();
    });
}

// TRN-07, TRN-19, CON-08
BOOST_AUTO_TEST_CASE(pause_reading_leaves_datagrams_in_the_system) {
    run([]() -> Coroutine<> {
        auto server = std::make_shared<DatagramRecorder>();
        server->on_made = [&] { server->transport->pause_reading(); };
        auto made = co_await asyncio::get_running_loop().create_datagram_endpoint(
            server, {.local_addr = {"127.0.0.1", 0}});
        auto client = co_await connected_to(address_of(server));
        BOOST_TEST(!server->transport->is_reading());
        for (const char* text : {"one", "two", "three"}) client->transport->sendto(text);
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        BOOST_TEST((server->log == Trace{"made"}));
        server->on_datagram = [&] { server->transport->pause_reading(); };
        server->transport->resume_reading();
        server->transport->resume_reading();
        co_await server->next();
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        BOOST_TEST((server->log == Trace{"made", "datagram one"}));
        server->on_datagram = nullptr;
        server->transport->resume_reading();
        while (server->log.size() < 4) co_await server->next();
        BOOST_TEST(server->log.back() == "datagram three");
        server->on_made = nullptr;
        client->transport->close();
        server->transport->close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
