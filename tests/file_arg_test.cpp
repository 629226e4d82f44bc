// FileArg: what tells its descriptor, and what is refused.
// own loop only
#include <asyncio/asyncio.hpp>

#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <type_traits>

#include <sys/socket.h>

using asyncio::FileArg;
using asyncio_test::error_of;

namespace {

struct ByName {
    int fileno() const { return 7; }
};

// As Asio's descriptors.
struct Native {
    int native_handle() { return 8; }
};

// fileno() is Python's name: it comes first.
struct Both {
    int fileno() const { return 9; }
    int native_handle() { return 10; }
};

struct Neither {};

} // namespace

static_assert(std::is_trivially_destructible_v<FileArg>);
static_assert(!std::is_constructible_v<FileArg, Neither>);
static_assert(!std::is_constructible_v<FileArg, const char*>);
static_assert(std::is_convertible_v<ByName, FileArg>);

BOOST_AUTO_TEST_SUITE(file_arg)

BOOST_AUTO_TEST_CASE(a_file_tells_its_descriptor) {
    BOOST_TEST(FileArg(0).fileno() == 0);
    BOOST_TEST(FileArg(ByName()).fileno() == 7);
    Native native;
    BOOST_TEST(FileArg(native).fileno() == 8);
    BOOST_TEST(FileArg(Both()).fileno() == 9);
    const asyncio::Socket socket(AF_INET, SOCK_STREAM);
    BOOST_TEST(FileArg(socket).fileno() == socket.fileno());
}

// As selectors._fileobj_to_fd
BOOST_AUTO_TEST_CASE(a_negative_descriptor_is_refused) {
    BOOST_TEST(error_of([] { FileArg(-1).fileno(); }) ==
               "ValueError('Invalid file descriptor: -1')");
    const asyncio::Socket socket(AF_INET, SOCK_STREAM);
    socket.close();
    BOOST_TEST(error_of([&] { FileArg(socket).fileno(); }) ==
               "ValueError('Invalid file descriptor: -1')");
}

// It owns nothing, and is read when it is made.
BOOST_AUTO_TEST_CASE(it_keeps_the_number) {
    const asyncio::Socket socket(AF_INET, SOCK_STREAM);
    const int fd = socket.fileno();
    {
        const FileArg first(socket);
        const FileArg copy = first;
        BOOST_TEST(copy.fileno() == fd);
    }
    BOOST_TEST(socket.fileno() == fd);
    const FileArg before(socket);
    socket.close();
    BOOST_TEST(before.fileno() == fd);
}

BOOST_AUTO_TEST_SUITE_END()
