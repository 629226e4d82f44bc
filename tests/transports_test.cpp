// Transports over a scripted socket: events, flow control, closing and failing.
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>

#include "support/memory_socket.hpp"
#include "support/run.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using asyncio::Coroutine;
using asyncio_test::MemorySocket;
using asyncio_test::run;

namespace {

using Log = std::vector<std::string>;

// Writes down what it is called with.
struct Recorder : asyncio::Protocol {
    explicit Recorder(std::shared_ptr<Log> entries) : owned(std::move(entries)), log(*owned) {}
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        log.push_back("made");
        transport = std::move(t);
    }
    void data_received(std::string_view data) override {
        log.push_back("data " + std::string(data));
        if (on_data) on_data();
    }
    bool eof_received() override {
        log.push_back("eof");
        return keep_open;
    }
    void connection_lost(std::exception_ptr error) override {
        log.push_back("lost " + (error ? asyncio::repr(error) : "None"));
        transport.reset();
    }
    void pause_writing() override { log.push_back("pause"); }
    void resume_writing() override { log.push_back("resume"); }

    std::shared_ptr<Log> owned; // a transport may outlive the test's own variables
    Log& log;
    std::shared_ptr<asyncio::Transport> transport;
    std::function<void()> on_data;
    bool keep_open = false;
};

// A transport over memory, and everything that belongs to it.
struct Wire {
    explicit Wire(std::shared_ptr<asyncio::BaseProtocol> other = nullptr)
        : socket(asyncio::detail::make_ref<MemorySocket>(core())),
          transport(
              asyncio::detail::make_stream_transport(core(), socket, other ? other : protocol)) {}
    static asyncio::detail::LoopCore& core() { return asyncio::get_running_loop().core(); }

    std::shared_ptr<Log> entries = std::make_shared<Log>();
    Log& log = *entries;
    std::shared_ptr<Recorder> protocol = std::make_shared<Recorder>(entries);
    asyncio::detail::Ref<MemorySocket> socket;
    std::shared_ptr<asyncio::Transport> transport;
};

Coroutine<> turns(int count) {
    for (int i = 0; i < count; ++i) co_await asyncio::sleep(0);
}

// Messages that reach the loop's exception handler.
Log& handled() {
    static Log messages;
    messages.clear();
    asyncio::get_running_loop().set_exception_handler([](auto&, const auto& context) {
        messages.push_back(context.message + ' ' + asyncio::repr(context.exception) +
                           (context.transport ? " transport" : "") +
                           (context.protocol ? " protocol" : ""));
    });
    return messages;
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(Log)

BOOST_AUTO_TEST_SUITE(transports)

// PRO-01, PRO-02, TRN-11
BOOST_AUTO_TEST_CASE(events_come_in_order) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.socket->deliver("before anybody reads");
        BOOST_TEST(wire.log == Log());
        co_await turns(1);
        BOOST_TEST(wire.log == Log{"made"});
        co_await turns(1);
        wire.socket->deliver("a");
        wire.socket->deliver("b");
        wire.socket->deliver_eof();
        co_await turns(5);
        BOOST_TEST((wire.log == Log{"made", "data before anybody reads", "data a", "data b", "eof",
                                    "lost None"}));
        BOOST_TEST(wire.socket->closed);
    });
}

// TRN-11: a true result keeps the write side; the event comes once
BOOST_AUTO_TEST_CASE(eof_may_keep_the_transport_open) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->keep_open = true;
        wire.socket->deliver_eof();
        co_await turns(4);
        BOOST_TEST(!wire.transport->is_closing());
        BOOST_TEST(!wire.socket->reading());
        wire.transport->pause_reading();
        wire.transport->resume_reading();
        wire.transport->write("answer");
        BOOST_TEST(wire.socket->sent == "answer");
        wire.transport->close();
        co_await turns(2);
        BOOST_TEST((wire.log == Log{"made", "eof", "lost None"}));
    });
}

// TRN-07, CON-08
BOOST_AUTO_TEST_CASE(a_paused_transport_delivers_nothing) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.transport->pause_reading();
        wire.socket->deliver("x");
        co_await turns(4);
        BOOST_TEST(wire.log == Log{"made"});
        BOOST_TEST(!wire.transport->is_reading());
        BOOST_TEST(wire.socket->unread() == 1u);
        wire.transport->resume_reading();
        wire.transport->resume_reading();
        co_await turns(2);
        BOOST_TEST((wire.log == Log{"made", "data x"}));
        // Paused with readiness on its way: the event is dropped, the data stays.
        wire.socket->deliver("y");
        wire.transport->pause_reading();
        co_await turns(3);
        BOOST_TEST(wire.log.size() == 2u);
        wire.transport->resume_reading();
        co_await turns(2);
        BOOST_TEST(wire.log.back() == "data y");
        wire.transport->close();
        wire.transport->resume_reading();
        BOOST_TEST(!wire.transport->is_reading());
        co_await turns(2);
    });
}

// TRN-07: from inside the callback
BOOST_AUTO_TEST_CASE(pausing_in_data_received_works_at_once) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->on_data = [&] { wire.transport->pause_reading(); };
        wire.socket->deliver("1");
        wire.socket->deliver("2");
        co_await turns(4);
        BOOST_TEST((wire.log == Log{"made", "data 1"}));
        wire.transport->resume_reading();
        co_await turns(3);
        BOOST_TEST((wire.log == Log{"made", "data 1", "data 2"}));
        wire.transport->abort();
        co_await turns(2);
    });
}

// TRN-01, TRN-02
BOOST_AUTO_TEST_CASE(write_sends_at_once_and_copies_the_rest) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        wire.transport->write("");
        BOOST_TEST(wire.socket->writes == 0);
        wire.socket->allow(4);
        std::string data = "123456";
        wire.transport->write(std::string_view(data));
        data = "......";
        wire.transport->write("78");
        BOOST_TEST(wire.socket->sent == "1234");
        BOOST_TEST(wire.socket->writes == 1);
        BOOST_TEST(wire.transport->get_write_buffer_size() == 4u);
        wire.socket->allow(3);
        co_await turns(2);
        BOOST_TEST(wire.socket->sent == "1234567");
        wire.socket->allow(100);
        co_await turns(2);
        BOOST_TEST(wire.socket->sent == "12345678");
        BOOST_TEST(!wire.socket->writing());
        wire.transport->close();
        co_await turns(2);
    });
}

// TRN-13
BOOST_AUTO_TEST_CASE(pieces_keep_their_order_whatever_is_taken) {
    run([]() -> Coroutine<> {
        for (std::size_t room = 0; room < 14; ++room) {
            Wire wire;
            co_await turns(2);
            wire.transport->writelines(std::vector<std::string>());
            wire.socket->allow(room);
            wire.transport->writelines({"ab", "", "cdef", "g"});
            wire.transport->write(std::string("hij"));
            wire.transport->writelines(std::vector<std::string>{"", "kl"});
            BOOST_TEST(wire.socket->sent == std::string("abcdefghijkl").substr(0, room));
            for (int i = 0; i < 13; ++i) {
                wire.socket->allow(1);
                co_await turns(1);
            }
            BOOST_TEST(wire.socket->sent == "abcdefghijkl");
            wire.transport->close();
            co_await turns(2);
        }
    });
}

// TRN-13: more pieces than one system call takes
BOOST_AUTO_TEST_CASE(many_pieces_are_sent_without_buffering) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        std::vector<std::string> lines;
        std::string all;
        for (int i = 0; i < 1000; ++i) all += lines.emplace_back(std::to_string(i) + ';');
        wire.transport->writelines(lines);
        BOOST_TEST(wire.socket->sent == all);
        BOOST_TEST(wire.transport->get_write_buffer_size() == 0u);
        wire.transport->close();
        co_await turns(2);
    });
}

// TRN-03, TRN-12
BOOST_AUTO_TEST_CASE(write_eof_waits_for_the_buffer) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        wire.socket->allow(0);
        wire.transport->write("data");
        wire.transport->write_eof();
        wire.transport->write_eof();
        BOOST_TEST(wire.transport->can_write_eof());
        BOOST_TEST(!wire.socket->shut_down);
        BOOST_CHECK_EXCEPTION(
            wire.transport->write("more"), asyncio::RuntimeError,
            [](const auto& e) { return e.str() == "Cannot call write() after write_eof()"; });
        BOOST_CHECK_EXCEPTION(
            wire.transport->writelines({"more"}), asyncio::RuntimeError,
            [](const auto& e) { return e.str() == "Cannot call writelines() after write_eof()"; });
        wire.socket->allow(100);
        co_await turns(2);
        BOOST_TEST(wire.socket->sent == "data");
        BOOST_TEST(wire.socket->shut_down);
        BOOST_TEST(!wire.transport->is_closing());
        wire.transport->close();
        co_await turns(2);
    });
}

// TRN-08
BOOST_AUTO_TEST_CASE(close_flushes_and_comes_later) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        wire.socket->allow(0);
        wire.transport->write("data");
        wire.transport->close();
        wire.transport->close();
        wire.socket->deliver("nobody reads this");
        co_await turns(3);
        BOOST_TEST(wire.transport->is_closing());
        BOOST_TEST(wire.log == Log{"made"});
        wire.transport->write("+"); // TRN-04: still appended
        wire.socket->allow(100);
        co_await turns(1);
        BOOST_TEST(wire.socket->sent == "data+");
        BOOST_TEST((wire.log == Log{"made", "lost None"}));
    });
}

// TRN-08
BOOST_AUTO_TEST_CASE(connection_lost_never_comes_from_inside_close) {
    run([]() -> Coroutine<> {
        for (int round = 0; round < 2; ++round) {
            const bool abort = round == 1;
            Wire wire;
            co_await turns(2);
            if (abort)
                wire.transport->abort();
            else
                wire.transport->close();
            BOOST_TEST(wire.log == Log{"made"});
            wire.transport->abort();
            co_await turns(1);
            BOOST_TEST((wire.log == Log{"made", "lost None"}));
            co_await turns(3);
            BOOST_TEST(wire.log.size() == 2u);
            BOOST_TEST(!wire.transport->get_protocol());
        }
    });
}

// TRN-08, TRN-20
BOOST_AUTO_TEST_CASE(abort_drops_the_buffer) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        wire.socket->allow(0);
        wire.transport->write("data");
        wire.transport->abort();
        BOOST_TEST(wire.transport->get_write_buffer_size() == 0u);
        co_await turns(2);
        BOOST_TEST(wire.socket->sent == "");
        BOOST_TEST(wire.log.back() == "lost None");
    });
}

// TRN-04
BOOST_AUTO_TEST_CASE(writes_to_a_lost_connection_are_counted) {
    run([]() -> Coroutine<> {
        asyncio::LogCapture captured;
        Wire wire;
        co_await turns(2);
        wire.transport->abort();
        for (int i = 0; i < 4; ++i) wire.transport->write("x");
        BOOST_TEST(captured.size() == 0u);
        wire.transport->write("x");
        BOOST_TEST(captured.contains("socket.send() raised exception."));
        co_await turns(2);
        wire.transport->write("x");
        wire.transport->write_eof();
        wire.transport->pause_reading();
        wire.transport->set_write_buffer_limits({.high = 0});
        BOOST_TEST(captured.size() == 2u);
        BOOST_TEST(wire.socket->writes == 0);
    });
}

// TRN-06
BOOST_AUTO_TEST_CASE(water_marks_follow_one_another) {
    run([]() -> Coroutine<> {
        Wire wire;
        const auto limits = [&](asyncio::WriteBufferLimits wanted) {
            wire.transport->set_write_buffer_limits(wanted);
            const auto [low, high] = wire.transport->get_write_buffer_limits();
            return std::to_string(low) + ' ' + std::to_string(high);
        };
        BOOST_TEST(limits({}) == "16384 65536");
        BOOST_TEST(limits({.high = 1000}) == "250 1000");
        BOOST_TEST(limits({.low = 100}) == "100 400");
        BOOST_TEST(limits({.high = 7, .low = 7}) == "7 7");
        BOOST_TEST(limits({.high = 0}) == "0 0");
        BOOST_CHECK_EXCEPTION(
            limits({.high = 10, .low = 11}), asyncio::ValueError,
            [](const auto& e) { return e.str() == "high (10) must be >= low (11) must be >= 0"; });
        BOOST_CHECK_EXCEPTION(limits({.low = -1}), asyncio::ValueError, [](const auto& e) {
            return e.str() == "high (-4) must be >= low (-1) must be >= 0";
        });
        BOOST_TEST(wire.transport->get_write_buffer_limits().second == 0u);
        wire.transport->close();
        co_await turns(3);
    });
}

// TRN-05, TRN-06
BOOST_AUTO_TEST_CASE(pausing_and_resuming_alternate) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        wire.log.clear();
        wire.socket->allow(0);
        wire.transport->set_write_buffer_limits({.high = 10, .low = 4});
        wire.transport->write("0123456789");
        BOOST_TEST(wire.log == Log());
        wire.transport->write("a");
        BOOST_TEST(wire.log == Log{"pause"});
        wire.transport->write("b");
        wire.transport->set_write_buffer_limits({.high = 1000});
        BOOST_TEST(wire.log == Log{"pause"});
        wire.transport->set_write_buffer_limits({.high = 10, .low = 4});
        wire.socket->allow(7);
        co_await turns(2);
        BOOST_TEST(wire.log == Log{"pause"}); // five are left
        wire.socket->allow(1);
        co_await turns(2);
        BOOST_TEST((wire.log == Log{"pause", "resume"}));
        wire.transport->set_write_buffer_limits({.high = 0});
        BOOST_TEST((wire.log == Log{"pause", "resume", "pause"}));
        wire.socket->allow(100);
        co_await turns(2);
        BOOST_TEST((wire.log == Log{"pause", "resume", "pause", "resume"}));
        wire.transport->close();
        co_await turns(2);
    });
}

namespace {
struct BadFlow : asyncio::Protocol {
    void pause_writing() override { throw asyncio::ValueError("pause"); }
    void resume_writing() override { throw asyncio::ValueError("resume"); }
};
} // namespace

// TRN-05
BOOST_AUTO_TEST_CASE(errors_of_flow_control_are_reported_only) {
    run([]() -> Coroutine<> {
        const Log& messages = handled();
        Wire wire(std::make_shared<BadFlow>());
        co_await turns(2);
        wire.socket->allow(0);
        wire.transport->set_write_buffer_limits({.high = 0});
        wire.transport->write("data");
        BOOST_TEST((messages == Log{"protocol.pause_writing() failed ValueError('pause') transport "
                                    "protocol"}));
        wire.socket->allow(100);
        co_await turns(2);
        BOOST_TEST(messages.back() ==
                   "protocol.resume_writing() failed ValueError('resume') transport protocol");
        BOOST_TEST(wire.socket->sent == "data");
        BOOST_TEST(!wire.transport->is_closing());
        wire.transport->close();
        co_await turns(2);
    });
}

// TRN-09: an OSError breaks the connection silently
BOOST_AUTO_TEST_CASE(an_error_of_the_socket_ends_the_connection) {
    run([]() -> Coroutine<> {
        const Log& messages = handled();
        const std::string reset = "lost ConnectionResetError(104, 'Connection reset by peer')";
        const std::string pipe = "lost BrokenPipeError(32, 'Broken pipe')";
        Wire reading;
        reading.socket->deliver_error(ECONNRESET);
        co_await turns(4);
        BOOST_TEST((reading.log == Log{"made", reset}));
        Wire writing;
        co_await turns(2);
        writing.socket->fail_writes(EPIPE);
        writing.transport->write("x");
        BOOST_TEST(writing.transport->is_closing());
        co_await turns(1);
        BOOST_TEST((writing.log == Log{"made", pipe}));
        Wire later;
        co_await turns(2);
        later.socket->allow(0);
        later.transport->write("x");
        later.socket->fail_writes(EPIPE);
        co_await turns(2);
        BOOST_TEST((later.log == Log{"made", pipe}));
        BOOST_TEST(later.transport->get_write_buffer_size() == 0u);
        BOOST_TEST(messages == Log());
    });
}

// TRN-09: only debug mode tells
BOOST_AUTO_TEST_CASE(debug_mode_logs_an_error_of_the_socket) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        loop.set_debug(true);
        loop.slow_callback_duration = 3600; // nothing else is logged
        const asyncio::LogCapture log;
        Wire reading;
        reading.socket->deliver_error(ECONNRESET);
        co_await turns(4);
        Wire writing;
        co_await turns(2);
        writing.socket->fail_writes(EPIPE);
        writing.transport->write("x");
        co_await turns(1);
        const auto records = log.records();
        BOOST_REQUIRE(records.size() == 2);
        BOOST_TEST((records[0].level == asyncio::Level::Debug));
        BOOST_TEST(records[0].message.starts_with("<SocketTransport"));
        BOOST_TEST(records[0].message.ends_with(": Fatal read error on socket transport"));
        BOOST_TEST(asyncio::type_name(records[0].error) == "ConnectionResetError");
        BOOST_TEST(records[1].message.ends_with(": Fatal write error on socket transport"));
        BOOST_TEST(asyncio::type_name(records[1].error) == "BrokenPipeError");
    });
}

namespace {
struct Fragile : asyncio::Protocol {
    void data_received(std::string_view) override { throw asyncio::ValueError("data"); }
    void connection_lost(std::exception_ptr error) override {
        lost = asyncio::repr(error);
        throw asyncio::ValueError("lost");
    }
    std::string lost;
};
} // namespace

// TRN-09, TRN-10
BOOST_AUTO_TEST_CASE(an_exception_of_the_protocol_is_fatal_and_reported) {
    run([]() -> Coroutine<> {
        const Log& messages = handled();
        const auto protocol = std::make_shared<Fragile>();
        Wire wire(protocol);
        wire.socket->deliver("x");
        co_await turns(3);
        BOOST_TEST(wire.socket->closed);
        BOOST_TEST(protocol->lost == "ValueError('data')");
        BOOST_TEST((messages ==
                    Log{"Fatal error: protocol.data_received() call failed. ValueError('data') "
                        "transport protocol",
                        "Exception in callback protocol.connection_lost() ValueError('lost') "
                        "transport protocol"}));
    });
}

namespace {
struct BadStart : Recorder {
    using Recorder::Recorder;
    void connection_made(std::shared_ptr<asyncio::Transport>) override {
        throw asyncio::ValueError("made");
    }
};
} // namespace

// EXH-01: as for any callback, the transport lives on
BOOST_AUTO_TEST_CASE(an_exception_of_connection_made_is_reported) {
    run([]() -> Coroutine<> {
        const Log& messages = handled();
        const auto entries = std::make_shared<Log>();
        Wire wire(std::make_shared<BadStart>(entries));
        wire.socket->deliver("x");
        co_await turns(3);
        BOOST_TEST(messages.size() == 1u);
        BOOST_TEST(*entries == Log{"data x"});
        wire.transport->close();
        co_await turns(2);
    });
}

BOOST_AUTO_TEST_CASE(a_protocol_must_be_one_of_streams) {
    run([]() -> Coroutine<> {
        Wire wire;
        BOOST_CHECK_THROW(wire.transport->set_protocol(nullptr), asyncio::TypeError);
        BOOST_CHECK_THROW(wire.transport->set_protocol(std::make_shared<asyncio::BaseProtocol>()),
                          asyncio::TypeError);
        wire.transport->abort();
        co_await turns(2);
    });
}

// TRN-16
BOOST_AUTO_TEST_CASE(the_next_event_goes_to_the_new_protocol) {
    run([]() -> Coroutine<> {
        const auto second = std::make_shared<Log>();
        Wire wire;
        auto next = std::make_shared<Recorder>(second);
        wire.protocol->on_data = [&] {
            wire.transport->set_protocol(next);
            wire.protocol.reset(); // only the call itself keeps it
        };
        wire.socket->deliver("1");
        co_await turns(3);
        wire.socket->deliver("2");
        co_await turns(2);
        BOOST_TEST(wire.transport->get_protocol() == next);
        wire.transport->close();
        co_await turns(2);
        BOOST_TEST((wire.log == Log{"made", "data 1"}));
        BOOST_TEST((*second == Log{"data 2", "lost None"}));
        wire.transport->set_protocol(nullptr); // nobody listens any more
    });
}

namespace {
struct Filling : asyncio::BufferedProtocol {
    std::span<std::byte> get_buffer(std::ptrdiff_t hint) override {
        hints.push_back(hint);
        return std::span(buffer).first(size);
    }
    void buffer_updated(std::size_t count) override {
        received.append(reinterpret_cast<const char*>(buffer.data()), count);
    }
    void connection_lost(std::exception_ptr error) override {
        lost = error ? asyncio::repr(error) : "None";
    }
    std::vector<std::byte> buffer = std::vector<std::byte>(16);
    std::size_t size = 3;
    std::vector<std::ptrdiff_t> hints;
    std::string received;
    std::string lost;
};
} // namespace

// PRO-03
BOOST_AUTO_TEST_CASE(a_buffered_protocol_receives_into_its_own_memory) {
    run([]() -> Coroutine<> {
        const Log& messages = handled();
        const auto protocol = std::make_shared<Filling>();
        Wire wire(protocol);
        wire.socket->deliver("0123456789");
        co_await turns(8);
        BOOST_TEST(protocol->received == "0123456789");
        for (const auto hint : protocol->hints) BOOST_TEST(hint == -1);
        protocol->size = 0;
        wire.socket->deliver("x");
        co_await turns(3);
        BOOST_TEST(protocol->lost == "RuntimeError('get_buffer() returned an empty buffer')");
        BOOST_TEST(messages.front() ==
                   "Fatal error: protocol.get_buffer() call failed. RuntimeError('get_buffer() "
                   "returned an empty buffer') transport protocol");
    });
}

// G-02, G-03: what is there is read once an iteration
BOOST_AUTO_TEST_CASE(a_busy_connection_starves_nobody) {
    run([]() -> Coroutine<> {
        Wire wire;
        co_await turns(2);
        wire.socket->deliver(std::string(3 * 256 * 1024, 'x'));
        for (std::size_t reads = 1; reads <= 3; ++reads) {
            co_await turns(1);
            BOOST_TEST(wire.log.size() == 1 + reads);
        }
        wire.transport->close();
        co_await turns(2);
    });
}

// SCH-09: callbacks run in the context in which the transport was made
BOOST_AUTO_TEST_CASE(callbacks_run_in_the_makers_context) {
    static asyncio::ContextVar<std::string> name{"name", "none"};
    struct Named : asyncio::Protocol {
        void connection_made(std::shared_ptr<asyncio::Transport>) override {
            seen.push_back(name.get());
            name.set("changed");
        }
        void data_received(std::string_view) override { seen.push_back(name.get()); }
        void connection_lost(std::exception_ptr) override { seen.push_back(name.get()); }
        Log seen;
    };
    run([]() -> Coroutine<> {
        name.set("maker");
        const auto protocol = std::make_shared<Named>();
        Wire wire(protocol);
        name.set("later");
        wire.socket->deliver("x");
        co_await turns(3);
        wire.transport->close();
        co_await turns(2);
        BOOST_TEST((protocol->seen == Log{"maker", "maker", "maker"}));
    });
}

// TRN-10: no cycle is left
BOOST_AUTO_TEST_CASE(a_lost_connection_releases_its_protocol) {
    run([]() -> Coroutine<> {
        std::weak_ptr<asyncio::Transport> transport;
        std::weak_ptr<Recorder> protocol;
        {
            Wire wire;
            transport = wire.transport;
            protocol = wire.protocol;
        }
        co_await turns(2);
        BOOST_TEST(!transport.expired()); // the loop keeps it
        transport.lock()->close();
        co_await turns(2);
        BOOST_TEST(transport.expired());
        BOOST_TEST(protocol.expired());
    });
}

// G-06, TRN-09
BOOST_AUTO_TEST_CASE(an_interrupt_leaves_the_loop) {
    struct Interrupting : asyncio::Protocol {
        void data_received(std::string_view data) override {
            received += data;
            if (data == "stop") throw asyncio::KeyboardInterrupt();
        }
        std::string received;
    };
    const auto loop = asyncio::new_event_loop();
    const auto socket = asyncio::detail::make_ref<MemorySocket>(loop->core());
    const auto protocol = std::make_shared<Interrupting>();
    const auto transport = asyncio::detail::make_stream_transport(loop->core(), socket, protocol);
    socket->deliver("stop");
    BOOST_CHECK_THROW(loop->run_until_complete(turns(5)), asyncio::KeyboardInterrupt);
    BOOST_TEST(!transport->is_closing());
    socket->deliver("more");
    loop->run_until_complete(turns(3));
    BOOST_TEST(protocol->received == "stopmore");
    transport->close();
    loop->run_until_complete(turns(2));
    for (const auto& task : asyncio::all_tasks(*loop)) task.cancel();
    loop->run_until_complete(turns(2));
    loop->close();
}

// TRN-15: the loop is closed under an open transport
BOOST_AUTO_TEST_CASE(closing_the_loop_closes_transports_without_a_call) {
    asyncio::warnings::Capture captured;
    asyncio::LogCapture logged;
    const auto entries = std::make_shared<Log>();
    std::shared_ptr<asyncio::Transport> transport;
    std::weak_ptr<Recorder> released;
    const auto loop = asyncio::new_event_loop();
    const auto socket = asyncio::detail::make_ref<MemorySocket>(loop->core());
    {
        const auto protocol = std::make_shared<Recorder>(entries);
        released = protocol;
        transport = asyncio::detail::make_stream_transport(loop->core(), socket, protocol);
    }
    loop->run_until_complete(turns(2));
    loop->close();
    BOOST_TEST(captured.contains(asyncio::warnings::Category::ResourceWarning,
                                 "unclosed transport <SocketTransport"));
    BOOST_TEST(socket->closed);
    BOOST_TEST(released.expired());
    BOOST_TEST(*entries == Log{"made"});
    // All of it is safe, and quiet but for the count of writes.
    transport->write("x");
    transport->close();
    transport->abort();
    transport->pause_reading();
    transport->resume_reading();
    transport->write_eof();
    BOOST_TEST(transport->is_closing());
    BOOST_TEST(!transport->is_reading());
    BOOST_TEST(!transport->get_protocol());
    BOOST_TEST(logged.size() == 0u);
}

BOOST_AUTO_TEST_CASE(what_a_transport_does_not_support_is_not_implemented) {
    struct Half : asyncio::Transport {
        void write(std::string_view data) override { written += data; }
        std::string written;
    };
    Half half;
    BOOST_CHECK_THROW(half.pause_reading(), asyncio::NotImplementedError);
    BOOST_CHECK_THROW(half.close(), asyncio::NotImplementedError);
    BOOST_CHECK_THROW(half.get_write_buffer_size(), asyncio::NotImplementedError);
    BOOST_TEST(half.get_extra_info<int>("anything", 7) == 7);
    asyncio::WriteTransport& base = half;
    base.writelines({"a", "b"});
    base.write(std::string("c"));
    BOOST_TEST(half.written == "abc");
}

BOOST_AUTO_TEST_SUITE_END()
