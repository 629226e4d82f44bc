// create_unix_connection and create_unix_server: paths and their files, abstract names, errors.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::repr_of;
using asyncio_test::run;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

namespace fs = std::filesystem;

// A directory of its own, removed with what is in it.
class Directory {
public:
    Directory() {
        std::string name = (fs::temp_directory_path() / "asyncio-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()));
        path = name;
    }
    Directory(const Directory&) = delete;
    ~Directory() { fs::remove_all(path); }
    std::string operator/(const char* name) const { return (path / name).string(); }
    fs::path path;
};

auto plain() {
    return [] { return std::make_shared<asyncio::Protocol>(); };
}

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

// A Unix stream socket bound by hand, without a server.
int bound_socket(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_storage storage;
    const auto size = static_cast<socklen_t>(asyncio::SocketAddress::unix_path(path).to(&storage));
    BOOST_REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&storage), size) == 0);
    return fd;
}

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

// CON-13: a stale path that cannot be removed is logged, and found again by the bind
BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_looked_at_is_logged) {
    asyncio::LogCapture captured;
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const std::string file = dir / "file";
        std::ofstream(file) << "text";
        const std::string below = file + "/s";
        const std::string error = co_await repr_of(loop.create_unix_server(plain(), below));
        BOOST_TEST(error == "NotADirectoryError(20, 'Not a directory')");
    });
    BOOST_TEST(captured.contains("Unable to check or remove stale UNIX socket '"));
    BOOST_TEST(captured.contains("file/s': NotADirectoryError(20, 'Not a directory')"));
}

// CON-07: the errors are the system's, and no socket is left
BOOST_AUTO_TEST_CASE(errors_are_the_systems) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        co_await asyncio::sleep(0);
        const int before = ::dup(0);
        ::close(before);
        const std::string missing = dir / "missing";
        const std::string no_directory = dir / "no/s";
        const std::string silent = dir / "silent";
        ::close(bound_socket(silent));
        const std::string absent = "FileNotFoundError(2, 'No such file or directory')";
        std::string error = co_await repr_of(loop.create_unix_connection(plain(), missing));
        BOOST_TEST(error == absent);
        error = co_await repr_of(loop.create_unix_server(plain(), no_directory));
        BOOST_TEST(error == absent);
        error = co_await repr_of(loop.create_unix_connection(plain(), silent));
        BOOST_TEST(error == "ConnectionRefusedError(111, 'Connection refused')");
        error = co_await repr_of(loop.create_unix_connection(plain(), ""));
        BOOST_TEST(error == "OSError(22, 'Invalid argument')");
        const int after = ::dup(0);
        ::close(after);
        BOOST_TEST(after == before);
    });
}

namespace {

// Takes the right to enter a directory from whoever runs the tests.
class Locked {
public:
    explicit Locked(const Directory& dir) : dir_(dir) {
        fs::permissions(dir_.path, fs::perms::none);
        if (user_ == 0) BOOST_REQUIRE(::seteuid(65534) == 0);
    }
    Locked(const Locked&) = delete;
    ~Locked() {
        if (user_ == 0) BOOST_REQUIRE(::seteuid(0) == 0);
        fs::permissions(dir_.path, fs::perms::owner_all);
    }

private:
    const Directory& dir_;
    const uid_t user_ = ::geteuid();
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_not_permitted_is_a_permission_error) {
    asyncio::LogCapture captured;
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const std::string path = dir / "s";
        const std::string denied = "PermissionError(13, 'Permission denied')";
        auto server = co_await loop.create_unix_server(plain(), path);
        {
            const Locked locked(dir);
            std::string error = co_await repr_of(loop.create_unix_connection(plain(), path));
            BOOST_TEST(error == denied);
            error = co_await repr_of(loop.create_unix_server(plain(), path));
            BOOST_TEST(error == denied);
            server.close();
        }
        BOOST_TEST(fs::is_socket(path));
    });
    const std::string why = "s': PermissionError(13, 'Permission denied')";
    BOOST_TEST(captured.contains("Unable to check or remove stale UNIX socket '"));
    BOOST_TEST(captured.contains("Unable to clean up listening UNIX socket '"));
    BOOST_TEST(captured.contains(why));
}

BOOST_AUTO_TEST_CASE(paths_that_the_system_would_cut_off_are_refused) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const std::string too_long = "OSError('AF_UNIX path too long')";
        const std::string with_nul = "ValueError('embedded null character in path')";
        const std::string long_path(108, 'x');
        std::string error = co_await repr_of(loop.create_unix_server(plain(), long_path));
        BOOST_TEST(error == too_long);
        error = co_await repr_of(loop.create_unix_connection(plain(), long_path));
        BOOST_TEST(error == too_long);
        const std::string two = "a\0b"s;
        error = co_await repr_of(loop.create_unix_server(plain(), two));
        BOOST_TEST(error == with_nul);
        error = co_await repr_of(loop.create_unix_connection(plain(), two));
        BOOST_TEST(error == with_nul);
        error = co_await repr_of(loop.create_unix_server(plain(), ""));
        BOOST_TEST(error == "ValueError('the path of a Unix server is empty')");
    });
}

// CON-01 and the extras of unix sockets
BOOST_AUTO_TEST_CASE(arguments_must_fit_together) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const asyncio::CreateUnixConnectionOptions nothing;
        std::string error = co_await repr_of(loop.create_unix_connection(plain(), nothing));
        BOOST_TEST(error == "ValueError('no path and sock were specified')");
        const asyncio::CreateUnixServerOptions none;
        error = co_await repr_of(loop.create_unix_server(plain(), none));
        BOOST_TEST(error == "ValueError('path was not specified, and no sock specified')");
        const std::string both =
            "ValueError('path and sock can not be specified at the same time')";
        error = co_await repr_of(loop.create_unix_connection(plain(), "x", {.sock = 0}));
        BOOST_TEST(error == both);
        error = co_await repr_of(loop.create_unix_server(plain(), "x", {.sock = 0}));
        BOOST_TEST(error == both);
        const int kinds[][2] = {{AF_INET, SOCK_STREAM}, {AF_UNIX, SOCK_DGRAM}};
        for (const auto& [family, type] : kinds) {
            const int fd = ::socket(family, type | SOCK_CLOEXEC, 0);
            error = co_await repr_of(loop.create_unix_connection(plain(), {.sock = fd}));
            const std::string expected =
                "A UNIX Domain Stream Socket was expected, got <asyncio.TransportSocket fd=";
            BOOST_TEST(error.find(expected) != error.npos, error);
            error = co_await repr_of(loop.create_unix_server(plain(), {.sock = fd}));
            BOOST_TEST(error.find(expected) != error.npos, error);
            ::close(fd);
        }
        error = co_await repr_of(loop.create_unix_connection(plain(), {.sock = 9999}));
        BOOST_TEST(error == "OSError(9, 'Bad file descriptor')");
    });
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

// Python takes the socket for a connected one.
BOOST_AUTO_TEST_CASE(a_full_backlog_blocks_nobody) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const Directory dir;
        const std::string path = dir / "s";
        const int busy = bound_socket(path);
        BOOST_REQUIRE(::listen(busy, 0) == 0);
        auto first = co_await loop.create_unix_connection(plain(), path);
        const std::string error = co_await repr_of(loop.create_unix_connection(plain(), path));
        BOOST_TEST(error == "BlockingIOError(11, 'Resource temporarily unavailable')");
        first.first->close();
        ::close(busy);
    });
}

BOOST_AUTO_TEST_SUITE_END()
