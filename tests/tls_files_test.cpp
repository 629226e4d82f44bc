// Files over TLS, and flow control from the first moment: what needs a whole TLS connection.
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tls_streams.hpp"
#include "support/tls_wire.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include <fcntl.h>
#include <unistd.h>

using asyncio::Coroutine;
using asyncio_test::client_context;
using asyncio_test::finish;
using asyncio_test::MemoryFile;
using asyncio_test::port_of;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::server_context;
using asyncio_test::StreamReader;
using asyncio_test::StreamWriter;
using asyncio_test::ticks;
using asyncio_test::TlsWire;

namespace {

std::string content(std::size_t size) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 % 251);
    return text;
}

// Sends a file to each client, between two texts; `error` is what sendfile() without a fallback
// says.
Coroutine<> send_file(StreamWriter writer, std::string name, std::string& error,
                      std::uint64_t& count) {
    auto& loop = asyncio::get_running_loop();
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    writer.write("before ");
    error = co_await repr_of(loop.sendfile(writer.transport(), file, {.fallback = false}));
    count = co_await loop.sendfile(writer.transport(), file, {.offset = 10, .count = 3'000'000});
    writer.write(" after");
    ::close(file);
    writer.close();
    co_await writer.wait_closed();
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_files)

// SNF-03, SNF-04: the system cannot encrypt, so the file is read and written
BOOST_AUTO_TEST_CASE(a_file_arrives_unchanged_over_tls) {
    run([]() -> Coroutine<> {
        const MemoryFile file(content(4'000'000));
        const auto server_rules = server_context();
        const auto rules = client_context();
        std::string error;
        std::uint64_t count = 0;
        const auto serve = [&](StreamReader, StreamWriter writer) {
            return send_file(writer, file.name(), error, count);
        };
        auto server = co_await asyncio::start_server(serve, "127.0.0.1", 0, {.ssl = server_rules});
        auto pair = co_await asyncio::open_connection(
            "127.0.0.1", port_of(server), {.ssl = rules, .server_hostname = "localhost"});
        const std::string all = co_await pair.first.read();
        const bool same = all == "before " + content(4'000'000).substr(10, 3'000'000) + " after";
        BOOST_TEST(same);
        BOOST_TEST(count == 3'000'000u);
        BOOST_TEST(error.starts_with("RuntimeError('fallback is disabled and native sendfile is "
                                     "not supported for transport <SSLTransport"),
                   error);
        co_await finish(pair, server);
    });
}

// TLS-10, TRN-05: pause_writing() comes from inside of the write() that fills the buffer
BOOST_AUTO_TEST_CASE(writing_is_paused_inside_connection_made) {
    run([]() -> Coroutine<> {
        TlsWire wire;
        std::string where;
        wire.protocol->on = [&](const std::string& event) {
            if (event == "pause") where += "paused ";
            if (event != "made") return;
            wire.socket->allow(0);
            wire.protocol->transport->write(std::string(2'000'000, 'x'));
            where += "written";
        };
        co_await wire.carry();
        BOOST_TEST(where == "paused written");
        asyncio_test::check_trace(wire.trace, {"made", "pause"});
        wire.socket->allow(std::string::npos);
        co_await wire.carry();
        BOOST_TEST(wire.peer.received.size() == 2'000'000u);
        asyncio_test::check_trace(wire.trace, {"made", "pause", "resume"});
        wire.transport->abort();
        co_await ticks(3);
    });
}

BOOST_AUTO_TEST_SUITE_END()
