// create_unix_connection and create_unix_server: paths and their files, abstract names.
#include <asyncio/asyncio.hpp>

#include "support/directory.hpp"
#include "support/network.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::bound_socket;
using asyncio_test::Directory;
using asyncio_test::plain;
using asyncio_test::repr_of;
using asyncio_test::run;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

namespace fs = std::filesystem;

asyncio::SocketAddress info(const asyncio::Transport& transport, const char* name) {
    return transport.get_extra_info<asyncio::SocketAddress>(name);
}

struct Echo : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override { transport = t; }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    void data_received(std::string_view data) override { transport->write(data); }
    std::shared_ptr<asyncio::Transport> transport;
};

struct Collecting : asyncio::Protocol {
    void data_received(std::string_view data) override { received.set_result(std::string(data)); }
    asyncio::Future<std::string> received =
        asyncio::get_running_loop().create_future<std::string>();
};

Coroutine<> echoes(asyncio::PathArg path) {
    // The argument is a view: it is copied before the first suspension.
    return [](Coroutine<std::pair<std::shared_ptr<asyncio::Transport>, std::shared_ptr<Collecting>>>
                  connecting) -> Coroutine<> {
        auto pair = co_await std::move(connecting);
        auto& [transport, protocol] = pair;
        transport->write("ping");
        const std::string received = co_await protocol->received;
        BOOST_TEST(received == "ping");
        transport->close();
    }(asyncio::get_running_loop().create_unix_connection(
                                  [] { return std::make_shared<Collecting>(); }, path));
}

} // namespace

BOOST_AUTO_TEST_SUITE(unix_endpoints)

BOOST_AUTO_TEST_CASE(paths_are_text_or_paths) {
    using asyncio::PathArg;
    BOOST_TEST(PathArg().none());
    BOOST_TEST(PathArg(std::nullopt).none());
    BOOST_TEST(PathArg(static_cast<const char*>(nullptr)).none());
    BOOST_TEST(*PathArg("/a").text() == "/a");
    BOOST_TEST(*PathArg("\0a"sv).text() == "\0a"s);
    const std::string text = "/b";
    BOOST_TEST(*PathArg(text).text() == "/b");
    const fs::path path = "/c";
    BOOST_TEST(*PathArg(path).text() == "/c");
}

// CON-08, CON-13
BOOST_AUTO_TEST_CASE(a_server_and_its_clients_meet_at_a_path) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const fs::path path = dir.path / "echo";
        auto server =
            co_await loop.create_unix_server([] { return std::make_shared<Echo>(); }, path);
        BOOST_TEST(fs::is_socket(path));
        BOOST_TEST(server.sockets().at(0).getsockname().str() == '\'' + path.string() + '\'');
        BOOST_TEST(server.repr() == "<Server sockets=(<asyncio.TransportSocket fd=" +
                                        std::to_string(server.sockets().at(0).fileno()) +
                                        ", family=1, type=1, proto=0, laddr=" + path.string() +
                                        ">,)>");
        co_await echoes(path);
        co_await echoes(path.string());
        co_await echoes(path.c_str());
        server.close();
        co_await server.wait_closed();
    });
}

// The addresses are those of the socket module: a path, and '' for a client without a name.
BOOST_AUTO_TEST_CASE(addresses_are_paths) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const std::string path = dir / "s";
        const auto accepted = std::make_shared<Echo>();
        auto server = co_await loop.create_unix_server(accepted, path);
        auto pair = co_await loop.create_unix_connection(plain(), path);
        BOOST_TEST(info(*pair.first, "peername").str() == '\'' + path + '\'');
        BOOST_TEST(info(*pair.first, "sockname").str() == "''");
        while (!accepted->transport) co_await asyncio::sleep(0);
        BOOST_TEST(info(*accepted->transport, "peername").str() == "''");
        BOOST_TEST(info(*accepted->transport, "sockname").host() == path);
        pair.first->close();
        server.close();
        co_await server.wait_closed();
    });
}

// CON-13
BOOST_AUTO_TEST_CASE(abstract_names_have_no_file) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const std::string name = "\0asyncio-test-"s + std::to_string(::getpid());
        auto server =
            co_await loop.create_unix_server([] { return std::make_shared<Echo>(); }, name);
        const std::string shown = "'\\x00" + name.substr(1) + '\'';
        BOOST_TEST(server.sockets().at(0).getsockname().str() == 'b' + shown);
        co_await echoes(name);
        std::string error;
        try {
            co_await loop.create_unix_server(plain(), name);
        } catch (const asyncio::OSError& e) {
            error = e.str();
        }
        BOOST_TEST(error == "[Errno 98] Address " + shown + " is already in use");
        server.close();
        co_await server.wait_closed();
        const std::string gone = co_await repr_of(loop.create_unix_connection(plain(), name));
        BOOST_TEST(gone == "ConnectionRefusedError(111, 'Connection refused')");
        // As long as the system allows, and no longer
        const std::string longest = name + std::string(108 - name.size(), 'x');
        auto full =
            co_await loop.create_unix_server([] { return std::make_shared<Echo>(); }, longest);
        BOOST_TEST(full.sockets().at(0).getsockname().host() == longest);
        co_await echoes(longest);
        full.close();
        co_await full.wait_closed();
    });
}

// CON-13
BOOST_AUTO_TEST_CASE(a_stale_socket_is_replaced_and_another_file_is_not) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const std::string path = dir / "s";
        ::close(bound_socket(path));
        BOOST_TEST(fs::is_socket(path));
        auto server =
            co_await loop.create_unix_server([] { return std::make_shared<Echo>(); }, path);
        co_await echoes(path);
        server.close();
        co_await server.wait_closed();
        const std::string file = dir / "file";
        std::ofstream(file) << "text";
        const std::string error = co_await repr_of(loop.create_unix_server(plain(), file));
        BOOST_TEST(error == "OSError(98, \"Address '" + file + "' is already in use\")");
        BOOST_TEST(fs::file_size(file) == 4u);
    });
}

// CON-13
BOOST_AUTO_TEST_CASE(closing_removes_the_path) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const std::string path = dir / "s";
        auto usual = co_await loop.create_unix_server(plain(), path);
        usual.close();
        BOOST_TEST(!fs::exists(path));
        usual.close();
        auto kept = co_await loop.create_unix_server(plain(), path, {.cleanup_socket = false});
        kept.close();
        BOOST_TEST(fs::is_socket(path));
        // A server that took the path meanwhile keeps it, and nothing happens to another file.
        auto first = co_await loop.create_unix_server(plain(), path);
        auto second =
            co_await loop.create_unix_server([] { return std::make_shared<Echo>(); }, path);
        first.close();
        co_await echoes(path);
        fs::remove(path);
        std::ofstream(path) << "text";
        second.close();
        BOOST_TEST(fs::is_regular_file(path));
        fs::remove(path);
        auto gone = co_await loop.create_unix_server(plain(), path);
        fs::remove(path);
        gone.close();
        co_await second.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(closing_the_loop_removes_the_path) {
    const Directory dir;
    const std::string path = dir / "s";
    const auto loop = asyncio::new_event_loop();
    loop->run_until_complete(loop->create_unix_server(plain(), path));
    BOOST_TEST(fs::is_socket(path));
    loop->close();
    BOOST_TEST(!fs::exists(path));
}

BOOST_AUTO_TEST_CASE(sockets_of_the_user_are_taken_over) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const std::string path = dir / "s";
        const int fd = bound_socket(path);
        auto server = co_await loop.create_unix_server([] { return std::make_shared<Echo>(); },
                                                       {.sock = fd, .start_serving = false});
        BOOST_TEST(!server.is_serving());
        co_await server.start_serving();
        co_await echoes(path);
        server.close();
        co_await server.wait_closed();
        BOOST_TEST(!fs::exists(path));
        BOOST_TEST(::fcntl(fd, F_GETFD) == -1);
        int ends[2];
        BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        auto left = co_await loop.create_unix_connection(plain(), {.sock = ends[0]});
        auto right = co_await loop.create_unix_connection(
            [] { return std::make_shared<Collecting>(); }, {.sock = ends[1]});
        left.first->write("text");
        const std::string received = co_await right.second->received;
        BOOST_TEST(received == "text");
        left.first->close();
        right.first->close();
    });
}

BOOST_AUTO_TEST_SUITE_END()
