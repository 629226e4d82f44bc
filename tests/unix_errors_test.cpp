// create_unix_connection and create_unix_server: what they raise.
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

#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::bound_socket;
using asyncio_test::Directory;
using asyncio_test::plain;
using asyncio_test::repr_of;
using asyncio_test::run;
using namespace std::string_literals;

namespace {

namespace fs = std::filesystem;

} // namespace

BOOST_AUTO_TEST_SUITE(unix_errors)

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
