// connect_read_pipe and connect_write_pipe: pipes, sockets, terminals, and what goes wrong.
#include <asyncio/asyncio.hpp>

#include "support/print.hpp"
#include "support/recorder.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::Recording;
using asyncio_test::Reports;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

struct Recorder : Recording<asyncio::Protocol> {
    void data_received(std::string_view data) override {
        text += data;
        if (fail_with_data) throw asyncio::ValueError("mine");
        event.set();
    }
    bool eof_received() override {
        log.push_back("eof"); // nobody waits for it
        return true;          // changes nothing
    }

    std::string text;
    bool fail_with_data = false;
};

// The test's own end of a pipe.
struct End {
    explicit End(int descriptor) : fd(descriptor) { ::fcntl(fd, F_SETFL, O_NONBLOCK); }
    End(End&& other) noexcept : fd(std::exchange(other.fd, -1)) {}
    ~End() { close(); }
    void close() {
        if (fd >= 0) ::close(std::exchange(fd, -1));
    }
    void write(std::string_view data) const {
        BOOST_REQUIRE(::write(fd, data.data(), data.size()) == static_cast<ssize_t>(data.size()));
    }
    std::string read(std::size_t size = 1 << 20) const {
        std::string data(size, '\0');
        const auto got = ::read(fd, data.data(), size);
        return got < 0 ? "nothing" : data.substr(0, static_cast<std::size_t>(got));
    }
    int fd;
};

std::pair<int, int> make_pipe() {
    int fds[2];
    BOOST_REQUIRE(::pipe2(fds, O_CLOEXEC) == 0);
    return {fds[0], fds[1]};
}
Coroutine<std::shared_ptr<Recorder>> reading(int fd) {
    auto made =
        co_await asyncio::get_running_loop().connect_read_pipe(std::make_shared<Recorder>(), fd);
    co_return made.second;
}
Coroutine<std::shared_ptr<Recorder>> writing(int fd) {
    auto made =
        co_await asyncio::get_running_loop().connect_write_pipe(std::make_shared<Recorder>(), fd);
    co_return made.second;
}
// Writes until something is buffered; returns how many bytes were written.
std::size_t clog(asyncio::Transport& transport) {
    const std::string block(1 << 16, 'x');
    std::size_t total = 0;
    while (transport.get_write_buffer_size() == 0) {
        transport.write(std::string_view(block));
        total += block.size();
    }
    return total;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pipes)

// PIP-02, PIP-03
BOOST_AUTO_TEST_CASE(a_read_pipe_receives_until_the_end) {
    run([]() -> Coroutine<> {
        const auto fds = make_pipe();
        End writer(fds.second);
        auto end = co_await reading(fds.first);
        BOOST_TEST((end->log == Trace{"made"}));
        BOOST_TEST((::fcntl(fds.first, F_GETFL) & O_NONBLOCK) != 0);
        BOOST_TEST(end->transport->get_extra_info<int>("pipe") == fds.first);
        BOOST_TEST(end->transport->repr() ==
                   "<ReadPipeTransport fd=" + std::to_string(fds.first) + " polling>");
        writer.write("one");
        co_await end->next();
        writer.write("two");
        co_await end->next();
        BOOST_TEST(end->text == "onetwo");
        writer.close();
        co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "eof", "lost None"}));
        co_await ticks(1);
        BOOST_TEST(::fcntl(fds.first, F_GETFD) == -1);
    });
}

// PIP-08, TRN-07
BOOST_AUTO_TEST_CASE(a_paused_read_pipe_leaves_the_data) {
    run([]() -> Coroutine<> {
        const auto fds = make_pipe();
        End writer(fds.second);
        auto end = co_await reading(fds.first);
        end->transport->pause_reading();
        end->transport->pause_reading();
        BOOST_TEST(!end->transport->is_reading());
        co_await ticks(2);
        writer.write("data");
        co_await ticks(5);
        BOOST_TEST(end->text == "");
        end->transport->resume_reading();
        co_await end->next();
        BOOST_TEST(end->text == "data");
        end->transport->close();
        end->transport->close();
        BOOST_TEST(end->transport->is_closing());
        co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "lost None"}));
    });
}

BOOST_AUTO_TEST_CASE(an_error_in_data_received_is_reported_and_the_pipe_lives_on) {
    run([]() -> Coroutine<> {
        Reports reports;
        const auto fds = make_pipe();
        End writer(fds.second);
        auto end = co_await reading(fds.first);
        end->fail_with_data = true;
        writer.write("a");
        while (reports.size() == 0) co_await asyncio::sleep(0);
        BOOST_TEST(reports[0].error == "ValueError('mine')");
        end->fail_with_data = false;
        writer.write("b");
        co_await end->next();
        BOOST_TEST(end->text == "ab");
        end->transport->close();
    });
}

// PIP-08, TRN-01, TRN-05
BOOST_AUTO_TEST_CASE(a_write_pipe_writes_at_once_and_buffers_the_rest) {
    run([]() -> Coroutine<> {
        const auto fds = make_pipe();
        End reader(fds.first);
        auto end = co_await writing(fds.second);
        end->transport->write("hello");
        end->transport->write("");
        BOOST_TEST(end->transport->get_write_buffer_size() == 0u);
        BOOST_TEST(reader.read() == "hello");
        end->transport->set_write_buffer_limits({.high = 1});
        const std::size_t total = clog(*end->transport);
        BOOST_TEST((end->log == Trace{"made", "pause"}));
        std::string got;
        while (got.size() < total) {
            if (const std::string piece = reader.read(); piece != "nothing") got += piece;
            co_await asyncio::sleep(0);
        }
        BOOST_TEST((end->log == Trace{"made", "pause", "resume"}));
        BOOST_TEST(end->transport->get_write_buffer_size() == 0u);
        end->transport->close();
        co_await end->next();
        BOOST_TEST(reader.read() == "");
    });
}

// PIP-05
BOOST_AUTO_TEST_CASE(write_eof_closes_after_the_buffer) {
    run([]() -> Coroutine<> {
        const auto fds = make_pipe();
        End reader(fds.first);
        auto end = co_await writing(fds.second);
        BOOST_TEST(end->transport->can_write_eof());
        const std::size_t total = clog(*end->transport);
        end->transport->write_eof();
        end->transport->write_eof();
        BOOST_TEST(end->transport->is_closing());
        co_await ticks(3);
        BOOST_TEST((end->log == Trace{"made"}));
        std::string got;
        while (got.size() < total) {
            if (const std::string piece = reader.read(); piece != "nothing") got += piece;
            co_await asyncio::sleep(0);
        }
        while (end->log.size() < 2) co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "lost None"}));
        BOOST_TEST(reader.read() == "");
    });
}

// PIP-05
BOOST_AUTO_TEST_CASE(abort_drops_the_buffer) {
    run([]() -> Coroutine<> {
        const auto fds = make_pipe();
        End reader(fds.first);
        auto end = co_await writing(fds.second);
        const std::size_t total = clog(*end->transport);
        end->transport->abort();
        co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "lost None"}));
        std::size_t got = 0;
        for (;;) {
            const std::string piece = reader.read();
            if (piece.empty()) break;
            got += piece.size();
        }
        BOOST_TEST(got < total);
    });
}

// PIP-04
BOOST_AUTO_TEST_CASE(the_writer_learns_that_the_reader_is_gone) {
    run([]() -> Coroutine<> {
        const auto fds = make_pipe();
        End reader(fds.first);
        auto end = co_await writing(fds.second);
        reader.close();
        co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "lost None"}));
        const auto others = make_pipe();
        End other(others.first);
        end = co_await writing(others.second);
        clog(*end->transport);
        other.close();
        co_await end->next();
        BOOST_TEST((end->log == Trace{"made", "lost BrokenPipeError()"} ||
                    end->log == Trace{"made", "lost BrokenPipeError(32, 'Broken pipe')"}));
    });
}

// PIP-06, PIP-07
BOOST_AUTO_TEST_CASE(a_write_without_a_reader_is_an_error_and_no_signal) {
    run([]() -> Coroutine<> {
        BOOST_REQUIRE(std::signal(SIGPIPE, SIG_DFL) != SIG_ERR);
        const auto fds = make_pipe();
        End reader(fds.first);
        auto end = co_await writing(fds.second);
        auto transport = end->transport;
        reader.close();
        transport->write("x");
        sigset_t pending;
        BOOST_TEST((::sigpending(&pending) == 0 && !::sigismember(&pending, SIGPIPE)));
        const asyncio::LogCapture captured;
        for (int i = 0; i < 4; ++i) transport->write("x");
        BOOST_TEST(captured.size() == 0u);
        transport->write("x");
        BOOST_TEST(captured.size() == 1u);
        BOOST_TEST(
            captured.contains("pipe closed by peer or os.write(pipe, data) raised exception."));
        co_await end->next();
        BOOST_TEST(end->log.back() == "lost BrokenPipeError(32, 'Broken pipe')");
    });
}

// PIP-01
BOOST_AUTO_TEST_CASE(sockets_are_pipes_too) {
    run([]() -> Coroutine<> {
        auto sockets = asyncio::socketpair();
        auto& [left, right] = sockets;
        auto from = co_await reading(left.detach());
        auto to = co_await writing(right.detach());
        to->transport->write("hello");
        co_await from->next();
        BOOST_TEST(from->text == "hello");
        from->transport->close();
        co_await to->next();
        BOOST_TEST(to->log.back() == "lost None");
    });
}

// PIP-01: FIFO
BOOST_AUTO_TEST_CASE(fifos_have_names) {
    run([]() -> Coroutine<> {
        char directory[] = "/tmp/asyncio-pipes-XXXXXX";
        BOOST_REQUIRE(::mkdtemp(directory));
        const std::string path = std::string(directory) + "/fifo";
        BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
        const int read_end = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        const int write_end = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
        auto from = co_await reading(read_end);
        auto to = co_await writing(write_end);
        to->transport->write("through a name");
        co_await from->next();
        BOOST_TEST(from->text == "through a name");
        to->transport->close();
        while (from->log.size() < 3) co_await from->next();
        BOOST_TEST((from->log == Trace{"made", "eof", "lost None"}));
        ::unlink(path.c_str());
        ::rmdir(directory);
    });
}

// PIP-09, PIP-03: both directions of a terminal, and its end.
BOOST_AUTO_TEST_CASE(a_terminal_has_both_directions) {
    run([]() -> Coroutine<> {
        Reports reports;
        int master = -1;
        int slave = -1;
        termios raw{};
        ::cfmakeraw(&raw);
        BOOST_REQUIRE(::openpty(&master, &slave, nullptr, &raw, nullptr) == 0);
        End tty(slave);
        auto from = co_await reading(master);
        auto to = co_await writing(master);
        to->transport->write("command");
        while (true) {
            const std::string got = tty.read();
            if (got != "nothing") {
                BOOST_TEST(got == "command");
                break;
            }
            co_await asyncio::sleep(0);
        }
        tty.write("answer");
        co_await from->next();
        BOOST_TEST(from->text == "answer");
        tty.close();
        co_await from->next();
        BOOST_TEST(from->log.back().starts_with("lost OSError(5, "), from->log.back());
        BOOST_TEST(to->log.back() == "made");
        to->transport->close();
        co_await to->next();
        BOOST_TEST(reports.size() == 0u); // no reason for alarm
    });
}

// PIP-01, PIP-04: a character device that cannot be polled takes what is written.
BOOST_AUTO_TEST_CASE(a_device_can_be_written_to) {
    run([]() -> Coroutine<> {
        auto end = co_await writing(::open("/dev/null", O_WRONLY | O_CLOEXEC));
        end->transport->write("gone");
        BOOST_TEST(end->transport->get_write_buffer_size() == 0u);
        co_await ticks(3);
        BOOST_TEST((end->log == Trace{"made"}));
        end->transport->close();
        co_await end->next();
    });
}

// PIP-01
BOOST_AUTO_TEST_CASE(a_regular_file_is_refused_and_stays_the_callers) {
    run([]() -> Coroutine<> {
        const int fd = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        std::string error = co_await repr_of(reading(fd));
        BOOST_TEST(error == "ValueError('Pipe transport is for pipes/sockets only.')");
        error = co_await repr_of(writing(fd));
        BOOST_TEST(error == "ValueError('Pipe transport is only for pipes, sockets and character "
                            "devices')");
        BOOST_TEST(::close(fd) == 0);
    });
}

BOOST_AUTO_TEST_CASE(the_protocol_must_be_of_the_right_kind) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        const auto fds = make_pipe();
        End writer(fds.second);
        const std::string error = co_await repr_of(loop.connect_read_pipe(
            std::make_shared<asyncio::DatagramProtocol>(), fds.first));
        BOOST_TEST(error == "TypeError('a pipe transport needs a Protocol or a BufferedProtocol')");
    });
}

BOOST_AUTO_TEST_SUITE_END()
