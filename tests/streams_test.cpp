// open_connection and start_server: both ends of streams through the system.
#include <asyncio/asyncio.hpp>

#include "support/network.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio::StreamWriter;
using asyncio_test::port_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

// Both ends of a connection through the system.
struct Connection {
    asyncio::Server server;
    StreamReader reader;
    StreamWriter writer;
    StreamReader peer_reader;
    StreamWriter peer_writer;
};

Coroutine<Connection> connect() {
    asyncio::Queue<asyncio::StreamPair> accepted;
    auto server = co_await asyncio::start_server(
        [&accepted](StreamReader reader, StreamWriter writer) {
            accepted.put_nowait(asyncio::StreamPair(reader, writer));
        },
        "127.0.0.1", 0);
    auto client = co_await asyncio::open_connection("127.0.0.1", port_of(server));
    auto peer = co_await accepted.get();
    server.close();
    co_return Connection{server, client.first, client.second, peer.first, peer.second};
}

Coroutine<> finish(Connection connection) {
    connection.writer.close();
    connection.peer_writer.close();
    co_await connection.server.wait_closed();
    co_await ticks(2);
}

} // namespace

BOOST_AUTO_TEST_SUITE(streams)

// STR-18, TRN-11, TRN-12
BOOST_AUTO_TEST_CASE(a_half_closed_connection_goes_on_in_the_other_direction) {
    run([]() -> Coroutine<> {
        Connection c = co_await connect();
        c.writer.write("question");
        BOOST_TEST(c.writer.can_write_eof());
        c.writer.write_eof();
        BOOST_TEST(co_await c.peer_reader.read() == "question");
        BOOST_TEST(!c.peer_writer.is_closing());
        c.peer_writer.writelines({"ans", "wer"});
        co_await c.peer_writer.drain();
        c.peer_writer.close();
        BOOST_TEST(co_await c.reader.read() == "answer");
        BOOST_TEST(!c.writer.is_closing());
        co_await finish(c);
    });
}

// STR-14: real back-pressure, both ways
BOOST_AUTO_TEST_CASE(megabytes_pass_through_small_buffers) {
    run([]() -> Coroutine<> {
        Connection c = co_await connect();
        const std::string block(1 << 20, 'b');
        auto send = asyncio::create_task([&]() -> Coroutine<> {
            for (int i = 0; i < 16; ++i) {
                c.writer.write(block);
                co_await c.writer.drain();
            }
            c.writer.write_eof();
        });
        co_await ticks(50);
        BOOST_TEST(!send.done());
        std::size_t received = 0;
        for (;;) {
            const std::string part = co_await c.peer_reader.read(100'000);
            if (part.empty()) break;
            received += part.size();
        }
        co_await send;
        BOOST_TEST(received == 16u << 20);
        co_await finish(c);
    });
}

// STR-20
BOOST_AUTO_TEST_CASE(an_exception_of_a_client_task_is_reported_and_closes_the_connection) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Trace messages;
        asyncio::TaskRef handler;
        loop.set_exception_handler([&](auto&, const auto& context) {
            messages.push_back(context.message + ' ' + asyncio::repr(context.exception) +
                               (context.transport ? " transport" : ""));
        });
        auto serve = [&handler](StreamReader reader, StreamWriter writer) -> Coroutine<> {
            handler = asyncio::current_task();
            const std::string command = co_await reader.readline();
            if (command == "fail\n") throw asyncio::ValueError("bad command");
            writer.write("ok\n");
            co_await reader.read();
        };
        auto server = co_await asyncio::start_server(serve, "127.0.0.1", 0);
        const Trace commands = {"fail\n", "cancel\n"};
        for (const std::string& command : commands) {
            auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
            auto& [reader, writer] = pair;
            writer.write(command);
            const std::string answer = co_await reader.readline();
            if (command[0] == 'c') handler.cancel();
            const std::string rest = co_await reader.read();
            BOOST_TEST(answer == (command[0] == 'c' ? "ok\n" : ""));
            BOOST_TEST(rest == "");
            writer.close();
            co_await writer.wait_closed();
        }
        BOOST_TEST((messages == Trace{"Unhandled exception in client_connected_cb "
                                      "ValueError('bad command') transport"}));
        server.close();
        co_await server.wait_closed();
        loop.set_exception_handler({});
    });
}

// G-09: the callable lives as long as its tasks
BOOST_AUTO_TEST_CASE(a_capturing_client_callback_is_owned) {
    run([]() -> Coroutine<> {
        auto prefix = std::make_shared<std::string>("echo: ");
        std::weak_ptr<std::string> watched = prefix;
        asyncio::Server server;
        {
            auto serve = [prefix](StreamReader reader, StreamWriter writer) -> Coroutine<> {
                const std::string line = co_await reader.readline();
                co_await asyncio::sleep(0);
                writer.write(*prefix + line);
                writer.close();
            };
            server = co_await asyncio::start_server(serve, "127.0.0.1", 0);
        }
        prefix.reset();
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
        auto& [reader, writer] = pair;
        for (int i = 0; i < 20; ++i) co_await asyncio::sleep(0.001);
        server.close(); // the callback is running
        writer.write("hello\n");
        BOOST_TEST(co_await reader.read() == "echo: hello\n");
        writer.close();
        co_await writer.wait_closed();
        co_await server.wait_closed();
        co_await ticks(3);
        BOOST_TEST(watched.expired());
    });
}

// STR-23
BOOST_AUTO_TEST_CASE(extra_info_comes_from_the_transport) {
    run([]() -> Coroutine<> {
        Connection c = co_await connect();
        using asyncio::SocketAddress;
        const auto peer = c.writer.get_extra_info<SocketAddress>("peername");
        BOOST_TEST((peer == c.peer_writer.get_extra_info<SocketAddress>("sockname")));
        BOOST_TEST((c.writer.get_extra_info<SocketAddress>("sockname") ==
                    c.peer_writer.get_extra_info<SocketAddress>("peername")));
        BOOST_TEST(!c.writer.get_extra_info("no such key").has_value());
        BOOST_TEST(c.writer.get_extra_info<int>("no such key", 5) == 5);
        co_await finish(c);
        BOOST_TEST((c.writer.get_extra_info<SocketAddress>("peername") == peer));
    });
}

BOOST_AUTO_TEST_CASE(empty_handles_are_none) {
    const StreamReader reader;
    const StreamWriter writer;
    BOOST_TEST(!reader);
    BOOST_TEST(!writer);
    BOOST_TEST(reader.repr() == "None");
    BOOST_CHECK_THROW(reader.at_eof(), asyncio::RuntimeError);
    BOOST_CHECK_THROW(writer.write("x"), asyncio::RuntimeError);
}

BOOST_AUTO_TEST_SUITE_END()
