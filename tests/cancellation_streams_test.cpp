// The generic cancellation test (support/cancelling.hpp) over streams, transports and pipes.
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio::StreamReader;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;

namespace {

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }

// A stream over one end of a socket pair; the test has the other end.
struct Stream : Scene {
    Coroutine<> set_up() override {
        auto pair = asyncio::socketpair();
        peer = pair.second;
        peer.setblocking(false);
        pair.first.setblocking(false);
        stream = co_await asyncio::open_connection({.sock = pair.first.detach()});
    }
    Coroutine<> tear_down() override {
        stream.second.transport()->abort();
        const auto closed =
            co_await asyncio::catching<asyncio::OSError>(Coroutine<>(stream.second.wait_closed()));
        peer.close();
        stream = {};
    }
    Socket peer;
    asyncio::StreamPair stream;
};

// All that was sent arrives, in the wait or afterwards.
template <class Read>
struct Reading : Stream {
    static constexpr const char* sent = "a line\nand another one\n";
    Coroutine<> wait() override { text = co_await Read()(stream.first); }
    Coroutine<> complete() override {
        peer.send(sent);
        peer.shutdown(SHUT_WR);
        co_return;
    }
    Coroutine<> check(bool ended) override {
        BOOST_TEST(text.empty() != ended);
        text += co_await stream.first.read();
        BOOST_TEST(text == sent);
        BOOST_TEST(stream.first.at_eof());
    }
    std::string text;
};

struct Some {
    auto operator()(const StreamReader& reader) const { return reader.read(100); }
};
struct Everything {
    auto operator()(const StreamReader& reader) const { return reader.read(); }
};
struct Line {
    auto operator()(const StreamReader& reader) const { return reader.readline(); }
};
struct Exactly {
    auto operator()(const StreamReader& reader) const { return reader.readexactly(9); }
};
struct Until {
    auto operator()(const StreamReader& reader) const { return reader.readuntil("and"); }
};

// The first part is there when it is cancelled. Python loses it.
struct RestOfTheStream : Reading<Everything> {
    Coroutine<> set_up() override {
        co_await Stream::set_up();
        peer.send("a part, ");
        while (stream.first.ref()->buffer_.empty()) co_await asyncio::sleep(0);
    }
    Coroutine<> check(bool ended) override {
        BOOST_TEST(text.empty() != ended);
        text += co_await stream.first.read();
        BOOST_TEST(text.substr(0, 8) == "a part, ");
        BOOST_TEST(text.substr(8) == sent);
    }
};

struct NextLine : Reading<Line> {
    Coroutine<> wait() override {
        auto line = co_await stream.first.next();
        text = line.value();
    }
};

// Nothing that was written is lost or sent twice, whatever becomes of who waits.
struct Draining : Stream {
    static constexpr std::size_t size = 1 << 20;
    Coroutine<> set_up() override {
        co_await Stream::set_up();
        stream.second.write(std::string(size, 'x'));
    }
    Coroutine<> wait() override { co_await stream.second.drain(); }
    Coroutine<> complete() override {
        while (received < size) {
            const std::string data = co_await loop().sock_recv(peer, size);
            received += data.size();
        }
    }
    Coroutine<> check(bool) override {
        BOOST_TEST(received == size);
        stream.second.write("more");
        co_await stream.second.drain();
        const std::string more = co_await loop().sock_recv(peer, size);
        BOOST_TEST(more == "more");
    }
    std::size_t received = 0;
};

struct WaitingForTheEnd : Stream {
    Coroutine<> wait() override { co_await stream.second.wait_closed(); }
    Coroutine<> complete() override {
        stream.second.close();
        co_return;
    }
    Coroutine<> check(bool) override { co_await stream.second.wait_closed(); }
};

struct Sendfile : Stream {
    static constexpr std::size_t size = 1 << 20;
    Sendfile() : file(::memfd_create("file", MFD_CLOEXEC)) {
        BOOST_REQUIRE(::ftruncate(file, size) == 0);
    }
    ~Sendfile() override { ::close(file); }
    Coroutine<> wait() override {
        co_await loop().sendfile(stream.second.transport(), asyncio::FileArg(file));
    }
    Coroutine<> complete() override {
        if (!reader) reader = asyncio::create_task(read_all());
        co_return;
    }
    Coroutine<> read_all() {
        std::string data = "more";
        while (!data.empty()) {
            data = co_await loop().sock_recv(peer, size);
            received += data.size();
        }
    }
    Coroutine<> check(bool ended) override {
        stream.second.write("the end");
        stream.second.write_eof();
        co_await reader;
        const auto sent = static_cast<std::size_t>(::lseek(file, 0, SEEK_CUR));
        BOOST_TEST(received == sent + 7);
        if (ended) BOOST_TEST(sent == size);
    }
    asyncio::Task<> reader;
    std::size_t received = 0;
    const int file;
};

// What a pipe becomes: cancelled, the pipe is closed if the transport had taken it.
template <bool for_reading>
struct ConnectingAPipe : Scene {
    ConnectingAPipe() {
        int ends[2];
        BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        mine = ends[for_reading ? 0 : 1];
        peer = ends[for_reading ? 1 : 0];
    }
    Coroutine<> wait() override {
        const auto protocol = std::make_shared<asyncio::Protocol>();
        const int fd = std::exchange(mine, -1);
        if constexpr (for_reading) {
            const auto made = co_await loop().connect_read_pipe(protocol, fd);
            transport = made.first;
        } else {
            const auto made = co_await loop().connect_write_pipe(protocol, fd);
            transport = made.first;
        }
    }
    Coroutine<> tear_down() override {
        if (transport) transport->close();
        transport.reset();
        co_await asyncio_test::ticks(2);
    }
    ~ConnectingAPipe() override {
        if (mine >= 0) ::close(mine);
        ::close(peer);
    }
    int mine;
    int peer;
    std::shared_ptr<asyncio::Transport> transport;
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_streams)

BOOST_AUTO_TEST_CASE(read) { cancel_in_every_way<Reading<Some>>(); }
BOOST_AUTO_TEST_CASE(read_everything) { cancel_in_every_way<Reading<Everything>>(); }
BOOST_AUTO_TEST_CASE(read_the_rest) { cancel_in_every_way<RestOfTheStream>(); }
BOOST_AUTO_TEST_CASE(readline) { cancel_in_every_way<Reading<Line>>(); }
BOOST_AUTO_TEST_CASE(readexactly) { cancel_in_every_way<Reading<Exactly>>(); }
BOOST_AUTO_TEST_CASE(readuntil) { cancel_in_every_way<Reading<Until>>(); }
BOOST_AUTO_TEST_CASE(next_line) { cancel_in_every_way<NextLine>(); }
BOOST_AUTO_TEST_CASE(drain) { cancel_in_every_way<Draining>(); }
BOOST_AUTO_TEST_CASE(wait_closed) { cancel_in_every_way<WaitingForTheEnd>(); }
BOOST_AUTO_TEST_CASE(sendfile) { cancel_in_every_way<Sendfile>(); }
BOOST_AUTO_TEST_CASE(connect_read_pipe) { cancel_in_every_way<ConnectingAPipe<true>>(); }
BOOST_AUTO_TEST_CASE(connect_write_pipe) { cancel_in_every_way<ConnectingAPipe<false>>(); }

BOOST_AUTO_TEST_SUITE_END()
