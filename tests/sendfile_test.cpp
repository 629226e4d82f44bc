// loop.sendfile and loop.sock_sendfile: by the system, by the fallback, interrupted.
#include <asyncio/asyncio.hpp>

#include "support/print.hpp"
#include "support/raw_sockets.hpp"
#include "support/recorder.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio::Socket;
using asyncio_test::error_of;
using asyncio_test::pair_of;
using asyncio_test::Recorder;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

std::string content(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 % 251);
    return text;
}

struct File {
    explicit File(const std::string& text) : fd(::memfd_create("file", MFD_CLOEXEC)) {
        BOOST_REQUIRE(::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
        ::lseek(fd, 0, SEEK_SET);
    }
    ~File() { ::close(fd); }
    int fileno() const { return fd; }
    off_t tell() const { return ::lseek(fd, 0, SEEK_CUR); }
    int fd;
};

// What has no place in the system's page cache: sendfile() refuses it.
struct PipeFile {
    explicit PipeFile(const std::string& text) {
        BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) ==
                      static_cast<ssize_t>(text.size()));
        ::close(ends[1]);
    }
    ~PipeFile() { ::close(ends[0]); }
    int fileno() const { return ends[0]; }
    int ends[2];
};

// A transport, and a socket at the other end.
struct Wire {
    Coroutine<> open() {
        auto sockets = asyncio::socketpair();
        peer = sockets.second;
        peer.setblocking(false);
        co_await asyncio::get_running_loop().create_connection(protocol,
                                                               {.sock = sockets.first.detach()});
        transport = protocol->transport;
    }
    Coroutine<std::string> read(std::size_t size) {
        std::string got;
        while (got.size() < size) {
            const std::string piece =
                co_await asyncio::get_running_loop().sock_recv(peer, size - got.size());
            if (piece.empty()) break;
            got += piece;
        }
        co_return got;
    }
    // Starts sending.
    template <class F>
    asyncio::Task<std::uint64_t> send(const F& file, asyncio::SendfileOptions options = {}) {
        auto& loop = asyncio::get_running_loop();
        return loop.create_task(loop.sendfile(transport, file, options));
    }
    std::shared_ptr<Recorder> protocol = std::make_shared<Recorder>();
    std::shared_ptr<asyncio::Transport> transport;
    Socket peer;
};

// Runs the body with a wire that is open, and ends it.
void run_on_wire(std::function<Coroutine<>(Wire&)> body) {
    run([&body]() -> Coroutine<> {
        Wire wire;
        co_await wire.open();
        co_await body(wire);
        wire.transport->abort();
        co_await ticks(2);
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(sendfile)

// SNF-01, SNF-04: what was written before and after keeps its place.
BOOST_AUTO_TEST_CASE(a_file_goes_between_what_is_written_before_and_after) {
    run_on_wire([](Wire& wire) -> Coroutine<> {
        const std::string before(1'000'000, 'b');
        const std::string text = content(2'000'000);
        File file(text);
        wire.transport->write(std::string_view(before));
        BOOST_TEST(wire.transport->get_write_buffer_size() > 0u);
        auto task = wire.send(file);
        co_await ticks(3);
        BOOST_TEST(!wire.transport->is_reading());
        BOOST_TEST(error_of([&] { wire.transport->write("x"); }) ==
                   "RuntimeError('unable to write; sendfile is in progress')");
        BOOST_TEST(error_of([&] { wire.transport->writelines({"x"}); }) ==
                   "RuntimeError('unable to writelines; sendfile is in progress')");
        const std::string first = co_await wire.read(before.size());
        BOOST_TEST((first == before));
        const std::string second = co_await wire.read(text.size());
        BOOST_TEST((second == text));
        const std::uint64_t sent = co_await task;
        BOOST_TEST(sent == text.size());
        BOOST_TEST(file.tell() == static_cast<off_t>(text.size()));
        BOOST_TEST(wire.transport->is_reading());
        wire.transport->write("after");
        const std::string last = co_await wire.read(5);
        BOOST_TEST(last == "after");
        wire.peer.send("answer");
        while (wire.protocol->log.back() != "data answer") co_await asyncio::sleep(0);
    });
}

// SNF-01, SNF-02, SNF-07
BOOST_AUTO_TEST_CASE(a_part_of_a_file) {
    run_on_wire([](Wire& wire) -> Coroutine<> {
        File file("0123456789");
        std::uint64_t sent = co_await wire.send(file, {.offset = 2, .count = 3});
        BOOST_TEST(sent == 3u);
        BOOST_TEST(file.tell() == 5);
        std::string got = co_await wire.read(3);
        BOOST_TEST(got == "234");
        sent = co_await wire.send(file, {.offset = 8, .count = 100});
        BOOST_TEST(sent == 2u);
        got = co_await wire.read(2);
        BOOST_TEST(got == "89");
        File empty("");
        sent = co_await wire.send(empty);
        BOOST_TEST(sent == 0u);
        std::string error = co_await repr_of(wire.send(file, {.count = 0}));
        BOOST_TEST(error == "ValueError('count must be a positive integer (got 0)')");
        error = co_await repr_of(wire.send(file, {.offset = -1}));
        BOOST_TEST(error == "ValueError('offset must be a non-negative integer (got -1)')");
        wire.transport->close();
        error = co_await repr_of(wire.send(file));
        BOOST_TEST(error == "RuntimeError('Transport is closing')");
    });
}

// SNF-03, SNF-06
BOOST_AUTO_TEST_CASE(what_the_system_cannot_send_is_read_and_written) {
    run_on_wire([](Wire& wire) -> Coroutine<> {
        const std::string text = content(50'000);
        PipeFile file(text);
        auto task = wire.send(file, {.count = 50'000});
        const std::string got = co_await wire.read(text.size());
        BOOST_TEST((got == text));
        const std::uint64_t sent = co_await task;
        BOOST_TEST(sent == text.size());
        BOOST_TEST((wire.transport->get_protocol() == wire.protocol));
        BOOST_TEST(wire.transport->is_reading());
        PipeFile other("x");
        const std::string error =
            co_await repr_of(wire.send(other, {.count = 1, .fallback = false}));
        BOOST_TEST(error == "SendfileNotAvailableError('os.sendfile call failed')");
    });
}

// SNF-06: the protocol hears of the pause that is left in the end, and of nothing else.
BOOST_AUTO_TEST_CASE(the_fallback_honours_flow_control) {
    run_on_wire([](Wire& wire) -> Coroutine<> {
        wire.transport->set_write_buffer_limits({.high = 1000});
        const int size = 4096;
        wire.transport->get_extra_info<asyncio::TransportSocket>("socket").setsockopt(
            SOL_SOCKET, SO_SNDBUF, size);
        const std::string text = content(60'000);
        PipeFile file(text);
        auto task = wire.send(file, {.count = 60'000});
        const std::string got = co_await wire.read(text.size());
        BOOST_TEST((got == text));
        co_await task;
        while (wire.transport->get_write_buffer_size() > 0) co_await asyncio::sleep(0);
        BOOST_TEST((wire.protocol->log == Trace{"made"} ||
                    wire.protocol->log == Trace{"made", "pause", "resume"}));
    });
}

// SNF-05
BOOST_AUTO_TEST_CASE(a_peer_that_goes_away_in_the_middle_is_an_error) {
    run_on_wire([](Wire& wire) -> Coroutine<> {
        File file(content(5'000'000));
        auto task = wire.send(file);
        co_await wire.read(1000);
        wire.peer.close();
        const std::string error = co_await repr_of(task);
        BOOST_TEST((error.starts_with("BrokenPipeError(32") ||
                    error.starts_with("ConnectionResetError(104")),
                   error);
        BOOST_TEST(file.tell() >= 1000);
    });
}

BOOST_AUTO_TEST_CASE(a_transport_that_is_closed_in_the_middle_ends_it) {
    run_on_wire([](Wire& wire) -> Coroutine<> {
        File file(content(5'000'000));
        auto task = wire.send(file);
        co_await ticks(3);
        wire.transport->abort();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "ConnectionError('Connection is closed by peer')");
    });
}

// SNF-01: cancelled at once; the position tells what was sent, and the transport goes on.
BOOST_AUTO_TEST_CASE(a_cancelled_sendfile_leaves_the_position) {
    run_on_wire([](Wire& wire) -> Coroutine<> {
        const std::string text = content(5'000'000);
        File file(text);
        auto task = wire.send(file);
        co_await ticks(3);
        task.cancel();
        const std::string error = co_await repr_of(task);
        BOOST_TEST(error == "CancelledError()");
        const auto sent = static_cast<std::size_t>(file.tell());
        BOOST_TEST(sent > 0u);
        wire.transport->write("after");
        const std::string got = co_await wire.read(sent + 5);
        BOOST_TEST((got == text.substr(0, sent) + "after"));
        BOOST_TEST(wire.transport->is_reading());
    });
}

// SNF-02, SNF-03
BOOST_AUTO_TEST_CASE(a_socket_of_ones_own_sends_files_too) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto sockets = pair_of();
        auto& [here, there] = sockets;
        const std::string text = content(3'000'000);
        File file(text);
        auto task = loop.create_task(loop.sock_sendfile(here, file));
        std::string got;
        while (got.size() < text.size()) {
            const std::string piece = co_await loop.sock_recv(there, 100'000);
            got += piece;
        }
        BOOST_TEST((got == text));
        std::uint64_t sent = co_await task;
        BOOST_TEST(sent == text.size());
        BOOST_TEST(file.tell() == static_cast<off_t>(text.size()));
        PipeFile pipe("through a pipe");
        sent = co_await loop.sock_sendfile(here, pipe, {.count = 100});
        BOOST_TEST(sent == 14u);
        got = co_await loop.sock_recv(there, 100);
        BOOST_TEST(got == "through a pipe");
        PipeFile other("x");
        std::string error =
            co_await repr_of(loop.sock_sendfile(here, other, {.count = 1, .fallback = false}));
        BOOST_TEST(error == "SendfileNotAvailableError('os.sendfile call failed')");
        const Socket udp(AF_INET, SOCK_DGRAM);
        udp.setblocking(false);
        error = co_await repr_of(loop.sock_sendfile(udp, file));
        BOOST_TEST(error == "ValueError('only SOCK_STREAM type sockets are supported')");
    });
}

// SNF-03
BOOST_AUTO_TEST_CASE(a_pipe_transport_sends_no_file) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        int ends[2];
        BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        auto made = co_await loop.connect_write_pipe(std::make_shared<Recorder>(), ends[1]);
        auto& [transport, protocol] = made;
        File file("x");
        const std::string error = co_await repr_of(loop.sendfile(transport, file));
        BOOST_TEST(error.starts_with("RuntimeError('sendfile is not supported for transport "),
                   error);
        transport->abort();
        co_await ticks(2);
        ::close(ends[0]);
    });
}

BOOST_AUTO_TEST_SUITE_END()
