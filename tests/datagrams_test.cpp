// create_datagram_endpoint and its transport: addresses, errors, flow control, closing.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::SocketAddress;
using asyncio_test::repr_of;
using asyncio_test::Reports;
using asyncio_test::run;

namespace {

using Log = std::vector<std::string>;
using Options = asyncio::CreateDatagramEndpointOptions;

struct Recorder : asyncio::DatagramProtocol {
    void connection_made(std::shared_ptr<asyncio::DatagramTransport> t) override {
        log.push_back("made");
        transport = std::move(t);
        if (on_made) on_made();
    }
    void datagram_received(std::string_view data, const SocketAddress& addr) override {
        log.push_back("datagram " + std::string(data));
        from = addr;
        if (on_datagram) on_datagram();
        event.set();
    }
    void error_received(std::exception_ptr error) override {
        log.push_back("error " + asyncio::repr(error));
        event.set();
    }
    void connection_lost(std::exception_ptr error) override {
        log.push_back("lost " + (error ? asyncio::repr(error) : "None"));
        transport.reset();
        event.set();
    }
    void pause_writing() override { log.push_back("pause"); }
    void resume_writing() override {
        log.push_back("resume");
        event.set();
    }

    // Waits for the next event.
    Coroutine<> next() {
        event.clear();
        co_await event.wait();
    }

    Log log;
    asyncio::Event event;
    SocketAddress from;
    std::shared_ptr<asyncio::DatagramTransport> transport;
    std::function<void()> on_made;
    std::function<void()> on_datagram;
};

Coroutine<std::shared_ptr<Recorder>> endpoint(Options options) {
    auto made = co_await asyncio::get_running_loop().create_datagram_endpoint(
        std::make_shared<Recorder>(), options);
    auto& [transport, protocol] = made;
    co_return protocol;
}
// Bound to a free port.
Coroutine<std::shared_ptr<Recorder>> bound() { return endpoint({.local_addr = {"127.0.0.1", 0}}); }
SocketAddress address_of(const std::shared_ptr<Recorder>& end) {
    return end->transport->get_extra_info<SocketAddress>("sockname");
}
Coroutine<std::shared_ptr<Recorder>> connected_to(SocketAddress address) {
    const std::string host = address.host();
    auto end = co_await endpoint({.remote_addr = {host, address.port()}});
    co_return end;
}
// A port of the loopback interface where nobody listens.
Coroutine<SocketAddress> deserted() {
    auto end = co_await bound();
    const SocketAddress address = address_of(end);
    end->transport->close();
    co_await end->next();
    co_return address;
}
Coroutine<std::string> failure(Options options) {
    auto text = co_await repr_of(endpoint(options));
    co_return text;
}

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

BOOST_TEST_DONT_PRINT_LOG_VALUE(Log)
BOOST_TEST_DONT_PRINT_LOG_VALUE(SocketAddress)

BOOST_AUTO_TEST_SUITE(datagrams)

// CON-15, CON-08
BOOST_AUTO_TEST_CASE(an_unconnected_endpoint_answers_whoever_writes) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        server->on_datagram = [server = server.get()] {
            server->transport->sendto("answer", server->from);
        };
        auto client = co_await connected_to(address_of(server));
        BOOST_TEST((client->log == Log{"made"}));
        client->transport->sendto("question");
        co_await client->next();
        BOOST_TEST((server->log == Log{"made", "datagram question"}));
        BOOST_TEST((client->log == Log{"made", "datagram answer"}));
        BOOST_TEST((client->from == address_of(server)));
        BOOST_TEST((server->from == address_of(client)));
        server->on_datagram = nullptr;
        client->transport->close();
        server->transport->close();
        co_await server->next();
    });
}

// TRN-17
BOOST_AUTO_TEST_CASE(extra_info_tells_both_ends) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        BOOST_TEST((client->transport->get_extra_info<SocketAddress>("peername") ==
                    address_of(server)));
        BOOST_TEST(!server->transport->get_extra_info("peername").has_value());
        BOOST_TEST(!server->transport->get_extra_info("what").has_value());
        const auto socket = client->transport->get_extra_info<asyncio::TransportSocket>("socket");
        BOOST_TEST(socket.type() == SOCK_DGRAM);
        BOOST_TEST(client->transport->repr().starts_with("<DatagramTransport fd="));
        BOOST_TEST((client->transport->get_protocol() == client));
        client->transport->abort();
        co_await client->next();
        BOOST_TEST(socket.fileno() == -1);
        server->transport->abort();
    });
}

// TRN-17: an empty datagram is sent and received, in order, each in a call of its own.
BOOST_AUTO_TEST_CASE(datagrams_keep_their_borders_and_their_order) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        for (const char* text : {"one", "", "three", ""}) client->transport->sendto(text);
        while (server->log.size() < 5) co_await server->next();
        BOOST_TEST((server->log ==
                    Log{"made", "datagram one", "datagram ", "datagram three", "datagram "}));
        client->transport->close();
        server->transport->close();
    });
}

BOOST_AUTO_TEST_CASE(a_burst_arrives_whole) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        Log expected{"made"};
        for (int round = 0; round < 20; ++round) {
            for (int i = 0; i < 7; ++i) {
                const std::string text = std::to_string(round) + '.' + std::to_string(i);
                client->transport->sendto(text);
                expected.push_back("datagram " + text);
            }
            while (server->log.size() < expected.size()) co_await server->next();
        }
        BOOST_TEST((server->log == expected));
        client->transport->close();
        server->transport->close();
    });
}

// TRN-17: the transport lives on.
BOOST_AUTO_TEST_CASE(a_connected_endpoint_is_told_that_nobody_listens) {
    run([]() -> Coroutine<> {
        const SocketAddress nowhere = co_await deserted();
        auto client = co_await connected_to(nowhere);
        const std::string refused =
            "error ConnectionRefusedError(111, 'Connection refused')";
        client->transport->sendto("hello");
        co_await client->next();
        BOOST_TEST((client->log == Log{"made", refused}));
        BOOST_TEST(!client->transport->is_closing());
        client->transport->sendto("again");
        co_await client->next();
        BOOST_TEST((client->log == Log{"made", refused, refused}));
        client->transport->close();
        co_await client->next();
        BOOST_TEST(client->log.back() == "lost None");
    });
}

// TRN-17
BOOST_AUTO_TEST_CASE(a_connected_endpoint_sends_to_its_peer_only) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        const std::string error = asyncio_test::error_of(
            [&] { client->transport->sendto("x", SocketAddress("127.0.0.1", 9)); });
        BOOST_TEST(error == "ValueError(\"Invalid address: must be None or " +
                                address_of(server).str() + "\")");
        client->transport->sendto("named", address_of(server));
        co_await server->next();
        BOOST_TEST(server->log.back() == "datagram named");
        client->transport->close();
        server->transport->close();
    });
}

// TRN-17: not an OSError, so it breaks the connection, as in Python.
BOOST_AUTO_TEST_CASE(an_unconnected_endpoint_needs_an_address) {
    run([]() -> Coroutine<> {
        Reports reports;
        auto end = co_await bound();
        end->transport->sendto("where?");
        co_await end->next();
        BOOST_TEST(end->log.back().starts_with("lost TypeError("), end->log.back());
        BOOST_TEST((reports.messages() == Log{"Fatal write error on datagram transport"}));
    });
}

BOOST_AUTO_TEST_CASE(sending_to_another_family_is_an_error_of_the_protocol) {
    run([]() -> Coroutine<> {
        auto end = co_await bound();
        end->transport->sendto("x", SocketAddress("::1", 9));
        BOOST_TEST(end->log.back() ==
                   "error OSError(97, 'Address family not supported by protocol')");
        BOOST_TEST(!end->transport->is_closing());
        end->transport->close();
    });
}

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
        BOOST_TEST((end->log == Log{"made"}));
        end->transport->set_write_buffer_limits({.high = static_cast<int>(size) + 8, .low = 0});
        BOOST_TEST((end->transport->get_write_buffer_limits() ==
                    std::pair<std::size_t, std::size_t>(0, size + 8)));
        BOOST_TEST((end->log == Log{"made"}));
        end->transport->sendto("");
        BOOST_TEST((end->log == Log{"made", "pause"}));
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
        BOOST_TEST((end->log == Log{"made", "pause", "resume"}));
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
        BOOST_TEST((end->log == Log{"made"}));
        for (int i = 0; i + 1 < sent; ++i) BOOST_TEST(clog.read() == "datagram " + std::to_string(i));
        co_await end->next();
        BOOST_TEST((end->log == Log{"made", "lost None"}));
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
        BOOST_TEST((end->log == Log{"made"}));
        co_await end->next();
        BOOST_TEST((end->log == Log{"made", "lost None"}));
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
        BOOST_TEST((server->log == Log{"made"}));
        server->transport->close();
    });
}

// TRN-07, TRN-19, CON-08
BOOST_AUTO_TEST_CASE(pause_reading_leaves_datagrams_in_the_system) {
    run([]() -> Coroutine<> {
        auto server = std::make_shared<Recorder>();
        server->on_made = [&] { server->transport->pause_reading(); };
        auto made = co_await asyncio::get_running_loop().create_datagram_endpoint(
            server, {.local_addr = {"127.0.0.1", 0}});
        auto client = co_await connected_to(address_of(server));
        BOOST_TEST(!server->transport->is_reading());
        for (const char* text : {"one", "two", "three"}) client->transport->sendto(text);
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        BOOST_TEST((server->log == Log{"made"}));
        server->on_datagram = [&] { server->transport->pause_reading(); };
        server->transport->resume_reading();
        server->transport->resume_reading();
        co_await server->next();
        for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
        BOOST_TEST((server->log == Log{"made", "datagram one"}));
        server->on_datagram = nullptr;
        server->transport->resume_reading();
        while (server->log.size() < 4) co_await server->next();
        BOOST_TEST(server->log.back() == "datagram three");
        server->on_made = nullptr;
        client->transport->close();
        server->transport->close();
    });
}

BOOST_AUTO_TEST_CASE(an_error_of_the_protocol_is_reported_and_the_transport_lives_on) {
    run([]() -> Coroutine<> {
        Reports reports;
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        server->on_datagram = [] { throw asyncio::ValueError("mine"); };
        client->transport->sendto("one");
        while (reports.size() == 0) co_await asyncio::sleep(0);
        BOOST_TEST(reports[0].error == "ValueError('mine')");
        BOOST_TEST(reports[0].message.starts_with("Exception in callback "));
        server->on_datagram = nullptr;
        client->transport->sendto("two");
        co_await server->next();
        BOOST_TEST(server->log.back() == "datagram two");
        client->transport->close();
        server->transport->close();
    });
}

// TRN-16
BOOST_AUTO_TEST_CASE(the_protocol_may_be_replaced) {
    run([]() -> Coroutine<> {
        auto server = co_await bound();
        auto client = co_await connected_to(address_of(server));
        auto other = std::make_shared<Recorder>();
        server->transport->set_protocol(other);
        BOOST_CHECK_THROW(server->transport->set_protocol(std::make_shared<asyncio::Protocol>()),
                          asyncio::TypeError);
        client->transport->sendto("one");
        co_await other->next();
        BOOST_TEST((other->log == Log{"datagram one"}));
        client->transport->close();
        server->transport->close();
        co_await other->next();
        BOOST_TEST(other->log.back() == "lost None");
    });
}

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
        char directory[] = "/tmp/asyncio-datagrams-XXXXXX";
        BOOST_REQUIRE(::mkdtemp(directory));
        const std::string here = std::string(directory) + "/server";
        const std::string there = std::string(directory) + "/client";
        auto server = co_await endpoint({.local_addr = here, .family = AF_UNIX});
        server->transport->close();
        co_await server->next();
        // The stale socket is no obstacle.
        server = co_await endpoint({.local_addr = here, .family = AF_UNIX});
        server->on_datagram = [server = server.get()] {
            server->transport->sendto("answer", server->from);
        };
        auto client = co_await endpoint(
            {.local_addr = there, .remote_addr = here, .family = AF_UNIX});
        client->transport->sendto("question");
        co_await client->next();
        BOOST_TEST(client->log.back() == "datagram answer");
        BOOST_TEST(server->from.host() == there);
        server->on_datagram = nullptr;
        server->transport->close();
        client->transport->close();
        ::unlink(here.c_str());
        ::unlink(there.c_str());
        ::rmdir(directory);
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
