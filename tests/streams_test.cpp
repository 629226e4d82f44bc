// StreamReader, StreamWriter, open_connection, start_server.
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>

#include "support/memory_socket.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using asyncio::Coroutine;
using asyncio::StreamReader;
using asyncio::StreamWriter;
using asyncio_test::MemorySocket;
using asyncio_test::run;

namespace {

using Log = std::vector<std::string>;

StreamReader reader_with_limit(std::int64_t limit = 65536) {
    return StreamReader({.limit = limit});
}

Coroutine<> turns(int count) {
    for (int i = 0; i < count; ++i) co_await asyncio::sleep(0);
}

// How a read ends, as text.
template <class Request>
Coroutine<std::string> ending(asyncio::StreamRead<Request> read) {
    std::string text;
    try {
        text = co_await std::move(read);
    } catch (const asyncio::IncompleteReadError& e) {
        text = "incomplete " + e.partial;
    } catch (const asyncio::Exception& e) {
        text = asyncio::type_name(e) + ": " + e.str();
    }
    co_return text;
}

// What pauses and resumes it.
struct FakeTransport : asyncio::Transport {
    void pause_reading() override { log.push_back("pause"); }
    void resume_reading() override { log.push_back("resume"); }
    Log log;
};

int port_of(const asyncio::Server& server) { return server.sockets().at(0).getsockname().port(); }

// Both ends of a connection through the system.
struct Connection {
    asyncio::Server server;
    StreamReader reader;
    StreamWriter writer;
    StreamReader peer_reader;
    StreamWriter peer_writer;
};

Coroutine<Connection> connect() {
    asyncio::Queue<asyncio::StreamPair> accepted;
    auto server = co_await asyncio::start_server(
        [&accepted](StreamReader reader, StreamWriter writer) {
            accepted.put_nowait(asyncio::StreamPair(reader, writer));
        },
        "127.0.0.1", 0);
    auto client = co_await asyncio::open_connection("127.0.0.1", port_of(server));
    auto peer = co_await accepted.get();
    server.close();
    co_return Connection{server, client.first, client.second, peer.first, peer.second};
}

Coroutine<> finish(Connection connection) {
    connection.writer.close();
    connection.peer_writer.close();
    co_await connection.server.wait_closed();
    co_await turns(2);
}

// A writer over memory.
struct Wire {
    static asyncio::detail::LoopCore& core() { return asyncio::get_running_loop().core(); }
    StreamReader reader = reader_with_limit();
    std::shared_ptr<asyncio::StreamReaderProtocol> protocol =
        std::make_shared<asyncio::StreamReaderProtocol>(reader);
    asyncio::detail::Ref<MemorySocket> socket = asyncio::detail::make_ref<MemorySocket>(core());
    std::shared_ptr<asyncio::Transport> transport =
        asyncio::detail::make_stream_transport(core(), socket, protocol);
    StreamWriter writer{transport, protocol, reader, asyncio::get_running_loop()};
};

// Waits for the end of a task, whatever it is.
template <class T>
Coroutine<> ended(asyncio::Task<T> task) {
    const std::vector<asyncio::Task<T>> one(1, task);
    co_await asyncio::wait(one);
}

} // namespace

BOOST_AUTO_TEST_SUITE(streams)

// STR-01
BOOST_AUTO_TEST_CASE(the_limit_must_be_positive) {
    run([]() -> Coroutine<> {
        BOOST_CHECK_THROW(reader_with_limit(0), asyncio::ValueError);
        BOOST_CHECK_THROW(reader_with_limit(-1), asyncio::ValueError);
        bool refused = false;
        try {
            co_await asyncio::open_connection("127.0.0.1", 1, {.limit = 0});
        } catch (const asyncio::ValueError&) {
            refused = true;
        }
        BOOST_TEST(refused);
    });
}

// STR-06, section 0.1
BOOST_AUTO_TEST_CASE(a_read_of_buffered_data_does_not_suspend) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit();
        reader.feed_data("line\nexactly;until|rest");
        reader.feed_eof();
        bool other_ran = false;
        asyncio::get_running_loop().call_soon([&] { other_ran = true; });
        const std::string line = co_await reader.readline();
        const std::string exactly = co_await reader.readexactly(8);
        const std::string until = co_await reader.readuntil("|");
        const std::string some = co_await reader.read(2);
        const std::string all = co_await reader.read();
        BOOST_TEST((Log{line, exactly, until, some, all} ==
                    Log{"line\n", "exactly;", "until|", "re", "st"}));
        BOOST_TEST(!other_ran);
        BOOST_TEST(reader.at_eof());
        co_await turns(1);
    });
}

// Section 0.1, G-04: feeding runs nobody; the read takes what there is when its turn comes
BOOST_AUTO_TEST_CASE(a_blocked_read_resumes_in_the_second_iteration) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        auto reader = reader_with_limit();
        Log log;
        auto task = asyncio::create_task([&]() -> Coroutine<> {
            const std::string data = co_await reader.read(100);
            log.push_back("read " + data);
        });
        co_await turns(1);
        loop.call_soon([&] {
            reader.feed_data("a");
            log.push_back("fed");
            loop.call_soon([&] { log.push_back("next"); });
        });
        loop.call_soon([&] { reader.feed_data("b"); });
        co_await task;
        BOOST_TEST((log == Log{"fed", "read ab", "next"}));
    });
}

// STR-06, STR-07, STR-10: what is not enough leaves the task asleep
BOOST_AUTO_TEST_CASE(a_blocked_read_waits_for_all_it_needs) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit();
        auto exactly = asyncio::create_task(reader.readexactly(5));
        co_await turns(1);
        const Log too_few = {"1", "23", "4"};
        for (const std::string& piece : too_few) {
            reader.feed_data(piece);
            co_await turns(3);
            BOOST_TEST(!exactly.done());
        }
        reader.feed_data("5x");
        BOOST_TEST(co_await exactly == "12345");
        auto until = asyncio::create_task(reader.readuntil("END"));
        co_await turns(1);
        const Log cut = {"yE", "N", "D!"};
        for (const std::string& piece : cut) {
            reader.feed_data(piece);
            co_await turns(2);
        }
        BOOST_TEST(co_await until == "xyEND");
        auto all = asyncio::create_task(reader.read());
        co_await turns(1);
        reader.feed_data("a");
        co_await turns(2);
        reader.feed_data("b");
        co_await turns(2);
        reader.feed_eof();
        BOOST_TEST(co_await all == "!ab");
    });
}

// STR-02
BOOST_AUTO_TEST_CASE(a_full_reader_pauses_its_transport) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit(4);
        const auto transport = std::make_shared<FakeTransport>();
        reader.set_transport(transport);
        BOOST_CHECK_THROW(reader.set_transport(transport), asyncio::AssertionError);
        reader.feed_data("12345678");
        BOOST_TEST(transport->log.empty());
        reader.feed_data("9");
        reader.feed_data("0");
        BOOST_TEST((transport->log == Log{"pause"}));
        co_await reader.readexactly(5);
        BOOST_TEST((transport->log == Log{"pause"}));
        co_await reader.readexactly(1);
        BOOST_TEST((transport->log == Log{"pause", "resume"}));
        // A read that needs more than fits resumes it: otherwise it would wait for ever.
        reader.feed_data("abcdef");
        auto task = asyncio::create_task(reader.readexactly(14));
        co_await turns(1);
        BOOST_TEST((transport->log == Log{"pause", "resume", "pause", "resume"}));
        reader.feed_data("gh");
        BOOST_TEST(transport->log.back() == "pause");
        co_await turns(2);
        BOOST_TEST(transport->log.back() == "resume");
        BOOST_TEST(!task.done());
        reader.feed_data("ij");
        BOOST_TEST(co_await task == "7890abcdefghij");
    });
}

namespace {
struct Unpausable : asyncio::Transport {
    void pause_reading() override {
        ++attempts;
        throw asyncio::NotImplementedError();
    }
    int attempts = 0;
};
} // namespace

// STR-03
BOOST_AUTO_TEST_CASE(a_transport_that_cannot_pause_is_asked_once) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit(1);
        const auto transport = std::make_shared<Unpausable>();
        reader.set_transport(transport);
        for (int i = 0; i < 5; ++i) reader.feed_data("123");
        BOOST_TEST(transport->attempts == 1);
        BOOST_TEST(co_await reader.readexactly(15) == "123123123123123");
    });
}

// STR-04
BOOST_AUTO_TEST_CASE(a_second_read_is_refused_by_name) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit();
        auto first = asyncio::create_task(reader.read(1));
        co_await turns(1);
        const std::string text = "() called while another coroutine is already waiting for "
                                 "incoming data";
        const std::string read = co_await ending(reader.read(5));
        const std::string exactly = co_await ending(reader.readexactly(5));
        const std::string until = co_await ending(reader.readuntil("x"));
        const std::string line = co_await ending(reader.readline());
        BOOST_TEST(read == "RuntimeError: read" + text);
        BOOST_TEST(exactly == "RuntimeError: readexactly" + text);
        BOOST_TEST(until == "RuntimeError: readuntil" + text);
        BOOST_TEST(line == "RuntimeError: readuntil" + text);
        reader.feed_data("1");
        BOOST_TEST(co_await first == "1");
    });
}

// STR-05
BOOST_AUTO_TEST_CASE(a_stored_exception_is_raised_by_every_read) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit();
        reader.feed_data("abc\n");
        auto blocked = asyncio::create_task(ending(reader.readexactly(10)));
        co_await turns(1);
        BOOST_TEST(!reader.exception());
        reader.set_exception(asyncio::ValueError("broken"));
        BOOST_TEST(asyncio::repr(reader.exception()) == "ValueError('broken')");
        BOOST_TEST(co_await blocked == "ValueError: broken");
        const std::string some = co_await ending(reader.read(0));
        const std::string line = co_await ending(reader.readline());
        const std::string negative = co_await ending(reader.readexactly(-1));
        BOOST_TEST(some == "ValueError: broken");
        BOOST_TEST(line == "ValueError: broken");
        BOOST_TEST(negative == "ValueError: readexactly size can not be less than zero");
    });
}

// STR-12
BOOST_AUTO_TEST_CASE(nothing_may_be_fed_after_the_end) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit();
        reader.feed_data("");
        reader.feed_data("x");
        reader.feed_eof();
        reader.feed_eof();
        BOOST_TEST(!reader.at_eof());
        BOOST_CHECK_THROW(reader.feed_data("y"), asyncio::AssertionError);
        BOOST_TEST(co_await reader.read(5) == "x");
        BOOST_TEST(reader.at_eof());
        BOOST_TEST(co_await reader.read(5) == "");
        BOOST_TEST(co_await reader.readline() == "");
    });
}

// STR-13
BOOST_AUTO_TEST_CASE(cancelling_a_read_loses_no_data) {
    run([]() -> Coroutine<> {
        // When the data comes: before the cancel, in the same iteration, after it.
        for (int when = 0; when < 4; ++when) {
            auto reader = reader_with_limit();
            auto task = asyncio::create_task(reader.readexactly(4));
            auto all = asyncio::Task<std::string>();
            co_await turns(1);
            if (when == 0) reader.feed_data("12");
            if (when == 0) co_await turns(3);
            if (when == 1) reader.feed_data("1234");
            task.cancel();
            if (when == 2) reader.feed_data("1234");
            co_await ended(task);
            BOOST_TEST(task.cancelled());
            if (when == 0) reader.feed_data("34");
            if (when == 3) reader.feed_data("1234");
            BOOST_TEST(co_await reader.readexactly(4) == "1234");
            // read() to the end has taken data already: it gives it back.
            all = asyncio::create_task(reader.read());
            co_await turns(1);
            reader.feed_data("abc");
            co_await turns(3);
            all.cancel();
            reader.feed_data("def");
            co_await ended(all);
            BOOST_TEST(all.cancelled());
            reader.feed_eof();
            BOOST_TEST(co_await reader.read() == "abcdef");
        }
    });
}

// STR-09
BOOST_AUTO_TEST_CASE(readuntil_takes_several_separators) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit();
        reader.feed_data("a\r\nb\nc|");
        const std::vector<std::string> list = {"\n", "|"};
        BOOST_TEST(co_await reader.readuntil("\r\n", "\n") == "a\r\n");
        BOOST_TEST(co_await reader.readuntil(list) == "b\n");
        BOOST_TEST(co_await reader.readuntil(std::string("|")) == "c|");
        const std::string none = co_await ending(reader.readuntil(std::vector<std::string>()));
        const std::string empty = co_await ending(reader.readuntil(""));
        BOOST_TEST(none == "ValueError: Separator should contain at least one element");
        BOOST_TEST(empty == "ValueError: Separator should be at least one-byte string");
    });
}

BOOST_AUTO_TEST_CASE(lines_can_be_iterated) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit();
        reader.feed_data("one\ntwo\nthree");
        reader.feed_eof();
        Log lines;
        for (;;) {
            std::optional<std::string> line = co_await reader.next();
            if (!line) break;
            lines.push_back(*line);
        }
        BOOST_TEST((lines == Log{"one\n", "two\n", "three"}));
    });
}

// STR-14
BOOST_AUTO_TEST_CASE(drain_waits_only_above_the_high_water_mark) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        bool other_ran = false;
        asyncio::get_running_loop().call_soon([&] { other_ran = true; });
        wire.writer.write("x");
        co_await wire.writer.drain();
        BOOST_TEST(!other_ran);
        wire.socket->allow(0);
        wire.writer.write(std::string(65537, 'x'));
        std::vector<asyncio::Task<>> drains;
        for (int i = 0; i < 3; ++i) drains.push_back(asyncio::create_task(wire.writer.drain()));
        co_await turns(3);
        drains[1].cancel();
        co_await turns(3);
        BOOST_TEST(!drains[0].done());
        BOOST_TEST(drains[1].cancelled());
        wire.socket->allow(1 << 20);
        co_await turns(3);
        BOOST_TEST(drains[0].done());
        BOOST_TEST(drains[2].done());
        wire.writer.close();
        co_await wire.writer.wait_closed();
    });
}

// STR-15
BOOST_AUTO_TEST_CASE(drain_reports_a_lost_connection) {
    run([]() -> Coroutine<> {
        const auto drained = [](StreamWriter writer) -> Coroutine<std::string> {
            std::string text = "drained";
            try {
                co_await writer.drain();
            } catch (const asyncio::OSError& e) {
                text = asyncio::repr(e);
            }
            co_return text;
        };
        Wire closed;
        co_await turns(2);
        closed.writer.close();
        // It yields once, so that connection_lost() can come.
        const std::string lost = co_await drained(closed.writer);
        BOOST_TEST(lost == "ConnectionResetError('Connection lost')");
        Wire broken;
        co_await turns(2);
        broken.socket->deliver_error(ECONNRESET);
        co_await turns(3);
        const std::string reset = co_await drained(broken.writer);
        BOOST_TEST(reset == "ConnectionResetError(104, 'Connection reset by peer')");
    });
}

// STR-16
BOOST_AUTO_TEST_CASE(a_lost_connection_wakes_who_drains) {
    run([]() -> Coroutine<> {
        for (int round = 0; round < 2; ++round) {
            Wire wire;
            co_await turns(2);
            wire.socket->allow(0);
            wire.writer.write(std::string(65537, 'x'));
            auto drain = asyncio::create_task(wire.writer.drain());
            co_await turns(2);
            if (round == 0)
                wire.transport->abort();
            else
                wire.socket->fail_writes(EPIPE);
            co_await ended(drain);
            const auto error = drain.exception();
            BOOST_TEST(asyncio::repr(error) ==
                       (round == 0 ? "None" : "BrokenPipeError(32, 'Broken pipe')"));
        }
    });
}

// STR-15: closing with something left to send
BOOST_AUTO_TEST_CASE(drain_of_a_closing_writer_waits_for_the_buffer) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        wire.socket->allow(0);
        wire.writer.write(std::string(65537, 'x'));
        wire.writer.close();
        auto drain = asyncio::create_task(wire.writer.drain());
        auto cancelled = asyncio::create_task(wire.writer.drain());
        co_await turns(1);
        cancelled.cancel();
        co_await turns(3);
        BOOST_TEST(cancelled.cancelled());
        BOOST_TEST(!drain.done());
        wire.socket->allow(1 << 20);
        co_await drain;
        co_await wire.writer.wait_closed();
    });
}

// STR-17
BOOST_AUTO_TEST_CASE(wait_closed_waits_and_throws_what_broke_the_connection) {
    asyncio::LogCapture captured;
    run([]() -> Coroutine<> {
        Wire clean;
        co_await turns(2);
        auto first = asyncio::create_task(clean.writer.wait_closed());
        auto second = asyncio::create_task(clean.writer.wait_closed());
        co_await turns(2);
        first.cancel();
        clean.writer.close();
        clean.writer.close();
        BOOST_TEST(clean.writer.is_closing());
        BOOST_TEST(!second.done());
        co_await second;
        BOOST_TEST(first.cancelled());
        co_await clean.writer.wait_closed();
        Wire broken;
        co_await turns(2);
        broken.socket->deliver_error(ECONNRESET);
        co_await turns(3);
        bool thrown = false;
        try {
            co_await broken.writer.wait_closed();
        } catch (const asyncio::ConnectionResetError&) {
            thrown = true;
        }
        BOOST_TEST(thrown);
        Wire ignored; // nobody asks for its error
        ignored.socket->deliver_error(ECONNRESET);
        co_await turns(4);
    });
    BOOST_TEST(captured.size() == 0u);
}

// STR-19
BOOST_AUTO_TEST_CASE(a_forgotten_writer_closes_its_transport) {
    asyncio::warnings::Capture captured;
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        {
            const StreamWriter copy = wire.writer;
            wire.writer = StreamWriter();
            BOOST_TEST(!wire.transport->is_closing());
        }
        BOOST_TEST(wire.transport->is_closing());
        co_await turns(2);
    });
    BOOST_TEST(captured.contains(asyncio::warnings::Category::ResourceWarning,
                                 "unclosed <StreamWriter transport=<SocketTransport fd=-1 "
                                 "read=polling write=<idle, bufsize=0>> reader=<StreamReader"));
}

// STR-19
BOOST_AUTO_TEST_CASE(a_writer_forgotten_after_its_loop_only_warns) {
    asyncio::warnings::Capture captured;
    asyncio::LogCapture logged;
    {
        const auto loop = asyncio::new_event_loop();
        loop->run_until_complete([]() -> Coroutine<> {
            asyncio::create_task([]() -> Coroutine<> {
                Wire wire;
                co_await asyncio::sleep(100);
            });
            co_await turns(3);
        }());
        loop->close();
    }
    BOOST_TEST(captured.contains("loop is closed"));
    BOOST_TEST(captured.contains("unclosed transport"));
}

// STR-18, TRN-11, TRN-12
BOOST_AUTO_TEST_CASE(a_half_closed_connection_goes_on_in_the_other_direction) {
    run([]() -> Coroutine<> {
        Connection c = co_await connect();
        c.writer.write("question");
        BOOST_TEST(c.writer.can_write_eof());
        c.writer.write_eof();
        BOOST_TEST(co_await c.peer_reader.read() == "question");
        BOOST_TEST(!c.peer_writer.is_closing());
        c.peer_writer.writelines({"ans", "wer"});
        co_await c.peer_writer.drain();
        c.peer_writer.close();
        BOOST_TEST(co_await c.reader.read() == "answer");
        BOOST_TEST(!c.writer.is_closing());
        co_await finish(c);
    });
}

// STR-14: real back-pressure, both ways
BOOST_AUTO_TEST_CASE(megabytes_pass_through_small_buffers) {
    run([]() -> Coroutine<> {
        Connection c = co_await connect();
        const std::string block(1 << 20, 'b');
        auto send = asyncio::create_task([&]() -> Coroutine<> {
            for (int i = 0; i < 16; ++i) {
                c.writer.write(block);
                co_await c.writer.drain();
            }
            c.writer.write_eof();
        });
        co_await turns(50);
        BOOST_TEST(!send.done());
        std::size_t received = 0;
        for (;;) {
            const std::string part = co_await c.peer_reader.read(100'000);
            if (part.empty()) break;
            received += part.size();
        }
        co_await send;
        BOOST_TEST(received == 16u << 20);
        co_await finish(c);
    });
}

// STR-20
BOOST_AUTO_TEST_CASE(an_exception_of_a_client_task_is_reported_and_closes_the_connection) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        Log messages;
        asyncio::TaskRef handler;
        loop.set_exception_handler([&](auto&, const auto& context) {
            messages.push_back(context.message + ' ' + asyncio::repr(context.exception) +
                               (context.transport ? " transport" : ""));
        });
        auto serve = [&handler](StreamReader reader, StreamWriter writer) -> Coroutine<> {
            handler = asyncio::current_task();
            const std::string command = co_await reader.readline();
            if (command == "fail\n") throw asyncio::ValueError("bad command");
            writer.write("ok\n");
            co_await reader.read();
        };
        auto server = co_await asyncio::start_server(serve, "127.0.0.1", 0);
        const Log commands = {"fail\n", "cancel\n"};
        for (const std::string& command : commands) {
            auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
            auto& [reader, writer] = pair;
            writer.write(command);
            const std::string answer = co_await reader.readline();
            if (command[0] == 'c') handler.cancel();
            const std::string rest = co_await reader.read();
            BOOST_TEST(answer == (command[0] == 'c' ? "ok\n" : ""));
            BOOST_TEST(rest == "");
            writer.close();
            co_await writer.wait_closed();
        }
        BOOST_TEST((messages == Log{"Unhandled exception in client_connected_cb "
                                    "ValueError('bad command') transport"}));
        server.close();
        co_await server.wait_closed();
        loop.set_exception_handler({});
    });
}

// G-09: the callable lives as long as its tasks
BOOST_AUTO_TEST_CASE(a_capturing_client_callback_is_owned) {
    run([]() -> Coroutine<> {
        auto prefix = std::make_shared<std::string>("echo: ");
        std::weak_ptr<std::string> watched = prefix;
        asyncio::Server server;
        {
            auto serve = [prefix](StreamReader reader, StreamWriter writer) -> Coroutine<> {
                const std::string line = co_await reader.readline();
                co_await asyncio::sleep(0);
                writer.write(*prefix + line);
                writer.close();
            };
            server = co_await asyncio::start_server(serve, "127.0.0.1", 0);
        }
        prefix.reset();
        auto pair = co_await asyncio::open_connection("127.0.0.1", port_of(server));
        auto& [reader, writer] = pair;
        for (int i = 0; i < 20; ++i) co_await asyncio::sleep(0.001);
        server.close(); // the callback is running
        writer.write("hello\n");
        BOOST_TEST(co_await reader.read() == "echo: hello\n");
        writer.close();
        co_await writer.wait_closed();
        co_await server.wait_closed();
        co_await turns(3);
        BOOST_TEST(watched.expired());
    });
}

// STR-23
BOOST_AUTO_TEST_CASE(extra_info_comes_from_the_transport) {
    run([]() -> Coroutine<> {
        Connection c = co_await connect();
        using asyncio::SocketAddress;
        const auto peer = c.writer.get_extra_info<SocketAddress>("peername");
        BOOST_TEST((peer == c.peer_writer.get_extra_info<SocketAddress>("sockname")));
        BOOST_TEST((c.writer.get_extra_info<SocketAddress>("sockname") ==
                    c.peer_writer.get_extra_info<SocketAddress>("peername")));
        BOOST_TEST(!c.writer.get_extra_info("no such key").has_value());
        BOOST_TEST(c.writer.get_extra_info<int>("no such key", 5) == 5);
        co_await finish(c);
        BOOST_TEST((c.writer.get_extra_info<SocketAddress>("peername") == peer));
    });
}

BOOST_AUTO_TEST_CASE(empty_handles_are_none) {
    const StreamReader reader;
    const StreamWriter writer;
    BOOST_TEST(!reader);
    BOOST_TEST(!writer);
    BOOST_TEST(reader.repr() == "None");
    BOOST_CHECK_THROW(reader.at_eof(), asyncio::RuntimeError);
    BOOST_CHECK_THROW(writer.write("x"), asyncio::RuntimeError);
}

BOOST_AUTO_TEST_CASE(readers_describe_themselves) {
    run([]() -> Coroutine<> {
        auto reader = reader_with_limit(10);
        reader.feed_data("12345");
        BOOST_TEST(reader.repr() == "<StreamReader 5 bytes limit=10>");
        reader.feed_eof();
        BOOST_TEST(reader.repr() == "<StreamReader 5 bytes eof limit=10>");
        BOOST_TEST((reader == StreamReader(reader)));
        BOOST_TEST((reader != reader_with_limit(10)));
        co_return;
    });
}

BOOST_AUTO_TEST_SUITE_END()
