// open_unix_connection and start_unix_server.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>

#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio::StreamWriter;
using asyncio_test::run;
using namespace std::string_literals;

namespace {

// No file, so nothing is left of it.
std::string abstract_name() { return "\0asyncio-streams-"s + std::to_string(::getpid()); }

Coroutine<> echo(StreamReader reader, StreamWriter writer) {
    const std::string line = co_await reader.readline();
    writer.write(line);
    writer.close();
    co_await writer.wait_closed();
}

Coroutine<std::string> talk(asyncio::StreamPair pair) {
    auto& [reader, writer] = pair;
    writer.write("line\n");
    const std::string answer = co_await reader.read();
    writer.close();
    co_await writer.wait_closed();
    co_return answer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(unix_streams)

BOOST_AUTO_TEST_CASE(streams_meet_at_a_path) {
    run([]() -> Coroutine<> {
        const std::string name = abstract_name();
        auto server = co_await asyncio::start_unix_server(echo, name);
        auto pair = co_await asyncio::open_unix_connection(name);
        const auto peer = pair.second.get_extra_info<asyncio::SocketAddress>("peername");
        BOOST_TEST(peer.host() == name);
        const std::string answer = co_await talk(pair);
        BOOST_TEST(answer == "line\n");
        server.close();
        co_await server.wait_closed();
    });
}

// STR-01, CON-01: the options are passed on
BOOST_AUTO_TEST_CASE(options_are_passed_on) {
    run([]() -> Coroutine<> {
        const std::string name = abstract_name();
        auto server =
            co_await asyncio::start_unix_server(echo, name, {.limit = 3, .start_serving = false});
        BOOST_TEST(!server.is_serving());
        std::string error = co_await asyncio_test::repr_of(asyncio::open_unix_connection(name));
        BOOST_TEST(error == "ConnectionRefusedError(111, 'Connection refused')");
        asyncio_test::Reports reports;
        co_await server.start_serving();
        auto cut = co_await asyncio::open_unix_connection(name);
        const std::string nothing = co_await talk(cut);
        BOOST_TEST(nothing == "");
        BOOST_REQUIRE(reports.size() == 1u);
        BOOST_TEST(reports[0].message == "Unhandled exception in client_connected_cb");
        BOOST_TEST(reports[0].error.starts_with("ValueError('Separator is found"));
        server.close();
        co_await server.wait_closed();
        error = co_await asyncio_test::repr_of(asyncio::open_unix_connection({.limit = 0}));
        BOOST_TEST(error == "ValueError('Limit cannot be <= 0')");
        error = co_await asyncio_test::repr_of(asyncio::open_unix_connection(name, {.sock = 0}));
        BOOST_TEST(error == "ValueError('path and sock can not be specified at the same time')");
        error = co_await asyncio_test::repr_of(
            asyncio::start_unix_server(echo, asyncio::StartUnixServerOptions()));
        BOOST_TEST(error == "ValueError('path was not specified, and no sock specified')");
    });
}

BOOST_AUTO_TEST_CASE(a_pair_of_sockets_becomes_streams) {
    run([]() -> Coroutine<> {
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        auto left = co_await asyncio::open_unix_connection({.sock = ends[0]});
        auto right = co_await asyncio::open_unix_connection({.sock = ends[1]});
        auto task = asyncio::create_task(echo, right.first, right.second);
        const std::string answer = co_await talk(left);
        BOOST_TEST(answer == "line\n");
        co_await task;
    });
}

BOOST_AUTO_TEST_SUITE_END()
