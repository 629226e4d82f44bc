// A read pipe whose protocol receives into its own memory.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::join;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::Trace;

namespace {

struct Recorder : asyncio::BufferedProtocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
        trace.push_back("made");
    }
    std::span<std::byte> get_buffer(std::ptrdiff_t) override {
        return std::span(buffer).first(size);
    }
    void buffer_updated(std::size_t count) override {
        trace.emplace_back(reinterpret_cast<const char*>(buffer.data()), count);
        changed.set();
        if (fails) throw asyncio::ValueError("mine");
    }
    bool eof_received() override {
        trace.push_back("eof");
        return true; // makes no difference: there is nothing else to do with the pipe
    }
    void connection_lost(std::exception_ptr error) override {
        trace.push_back("lost " + (error ? asyncio::repr(error) : "None"));
        transport.reset();
        lost.set();
    }
    std::vector<std::byte> buffer = std::vector<std::byte>(16);
    std::size_t size = 4;
    bool fails = false;
    Trace trace;
    asyncio::Event changed, lost;
    std::shared_ptr<asyncio::Transport> transport;
};

struct Pipe {
    Pipe() { BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0); }
    ~Pipe() { close(); }
    void write(std::string_view text) {
        BOOST_REQUIRE(::write(ends[1], text.data(), text.size()) ==
                      static_cast<ssize_t>(text.size()));
    }
    void close() {
        if (ends[1] >= 0) ::close(ends[1]);
        ends[1] = -1;
    }
    int ends[2]; // the transport takes the first
};

} // namespace

BOOST_AUTO_TEST_SUITE(pipe_buffers)

// PIP-01, PRO-01
BOOST_AUTO_TEST_CASE(a_pipe_is_received_piece_by_piece) {
    run([]() -> Coroutine<> {
        Pipe pipe;
        const auto protocol = std::make_shared<Recorder>();
        co_await asyncio::get_running_loop().connect_read_pipe(protocol, pipe.ends[0]);
        pipe.write("abcdefghij");
        pipe.close();
        co_await protocol->lost.wait();
        BOOST_TEST(join(protocol->trace) == "made, abcd, efgh, ij, eof, lost None");
    });
}

BOOST_AUTO_TEST_CASE(a_paused_pipe_asks_for_no_buffer) {
    run([]() -> Coroutine<> {
        Pipe pipe;
        const auto protocol = std::make_shared<Recorder>();
        co_await asyncio::get_running_loop().connect_read_pipe(protocol, pipe.ends[0]);
        protocol->transport->pause_reading();
        pipe.write("abcd");
        co_await asyncio_test::ticks(20);
        BOOST_TEST(join(protocol->trace) == "made");
        protocol->transport->resume_reading();
        co_await protocol->changed.wait();
        BOOST_TEST(join(protocol->trace) == "made, abcd");
        protocol->transport->close();
        co_await protocol->lost.wait();
    });
}

// PIP-04: as with data_received(), an error is reported and the pipe lives on
BOOST_AUTO_TEST_CASE(an_error_is_reported_and_the_pipe_lives_on) {
    run([]() -> Coroutine<> {
        const Reports reports;
        Pipe pipe;
        const auto protocol = std::make_shared<Recorder>();
        protocol->fails = true;
        co_await asyncio::get_running_loop().connect_read_pipe(protocol, pipe.ends[0]);
        pipe.write("abcd");
        co_await protocol->changed.wait();
        protocol->fails = false;
        protocol->size = 0;
        pipe.write("lost");
        while (reports.size() < 2) co_await asyncio::sleep(0);
        protocol->size = 4;
        pipe.write("efgh");
        pipe.close();
        co_await protocol->lost.wait();
        BOOST_TEST(join(protocol->trace) == "made, abcd, efgh, eof, lost None");
        BOOST_TEST(reports[0].error == "ValueError('mine')");
        BOOST_TEST(reports[1].error == "RuntimeError('get_buffer() returned an empty buffer')");
    });
}

BOOST_AUTO_TEST_SUITE_END()
