// BufferedProtocol: a transport receives into the protocol's own memory.
#include <asyncio/asyncio.hpp>
#include <asyncio/detail/stream_transport.hpp>

#include "support/memory_socket.hpp"
#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

using asyncio::Coroutine;
using asyncio_test::join;
using asyncio_test::MemorySocket;
using asyncio_test::Reports;
using asyncio_test::run;
using asyncio_test::ticks;
using asyncio_test::Trace;

namespace {

struct Recorder : asyncio::BufferedProtocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override { transport = t; }
    std::span<std::byte> get_buffer(std::ptrdiff_t) override {
        if (on_get) on_get();
        return std::span(buffer).first(4);
    }
    void buffer_updated(std::size_t count) override {
        trace.emplace_back(reinterpret_cast<const char*>(buffer.data()), count);
        if (on_update) on_update();
    }
    bool eof_received() override {
        trace.push_back("eof");
        return keep_open;
    }
    void connection_lost(std::exception_ptr error) override {
        trace.push_back("lost " + (error ? asyncio::repr(error) : "None"));
        transport.reset();
    }
    std::vector<std::byte> buffer = std::vector<std::byte>(16);
    Trace trace;
    std::function<void()> on_get;
    std::function<void()> on_update;
    std::shared_ptr<asyncio::Transport> transport;
    bool keep_open = false;
};

struct Wire {
    static asyncio::detail::LoopCore& core() { return asyncio::get_running_loop().core(); }
    std::shared_ptr<Recorder> protocol = std::make_shared<Recorder>();
    asyncio::detail::Ref<MemorySocket> socket = asyncio::detail::make_ref<MemorySocket>(core());
    std::shared_ptr<asyncio::Transport> transport =
        asyncio::detail::make_stream_transport(core(), socket, protocol);
};

// Receives everything into one block, each part behind the one before.
struct Block : asyncio::BufferedProtocol {
    explicit Block(std::size_t size) : memory(size + 1) {} // one to notice the end
    std::span<std::byte> get_buffer(std::ptrdiff_t) override {
        return std::span(memory).subspan(used);
    }
    void buffer_updated(std::size_t count) override {
        used += count;
        if (used + 1 == memory.size()) complete.set();
    }
    std::vector<std::byte> memory;
    std::size_t used = 0;
    asyncio::Event complete;
};

} // namespace

BOOST_AUTO_TEST_SUITE(buffered_protocol)

// PRO-01, TRN-11
BOOST_AUTO_TEST_CASE(the_end_of_the_stream_may_keep_it_open) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->keep_open = true;
        wire.socket->deliver("abcdef");
        wire.socket->deliver_eof();
        co_await ticks(8);
        BOOST_TEST(join(wire.protocol->trace) == "abcd, ef, eof");
        wire.transport->write("still here");
        BOOST_TEST(wire.socket->sent == "still here");
        wire.transport->close();
        co_await ticks(2);
        BOOST_TEST(join(wire.protocol->trace) == "abcd, ef, eof, lost None");
        Wire other;
        other.socket->deliver_eof();
        co_await ticks(6);
        BOOST_TEST(join(other.protocol->trace) == "eof, lost None");
    });
}

// TRN-09
BOOST_AUTO_TEST_CASE(an_exception_of_either_method_is_fatal) {
    run([]() -> Coroutine<> {
        const Reports reports;
        Wire wire;
        wire.protocol->on_update = [] { throw asyncio::ValueError("updated"); };
        wire.socket->deliver("abcdef");
        co_await ticks(8);
        BOOST_TEST(join(wire.protocol->trace) == "abcd, lost ValueError('updated')");
        Wire other;
        other.protocol->on_get = [] { throw asyncio::ValueError("get"); };
        other.socket->deliver("abcdef");
        co_await ticks(8);
        BOOST_TEST(join(other.protocol->trace) == "lost ValueError('get')");
        BOOST_TEST(
            (reports.messages() == Trace{"Fatal error: protocol.buffer_updated() call failed.",
                                         "Fatal error: protocol.get_buffer() call failed."}));
    });
}

// TRN-07, TRN-08: the transport may be paused, resumed and closed from inside
BOOST_AUTO_TEST_CASE(the_transport_obeys_from_inside_of_both_methods) {
    run([]() -> Coroutine<> {
        Wire wire;
        wire.protocol->on_update = [&] { wire.transport->pause_reading(); };
        wire.socket->deliver("abcdefgh");
        co_await ticks(6);
        BOOST_TEST(join(wire.protocol->trace) == "abcd");
        wire.protocol->on_update = {};
        wire.protocol->on_get = [&] { wire.transport->close(); };
        wire.transport->resume_reading();
        co_await ticks(6);
        // Nothing is received any more.
        BOOST_TEST(join(wire.protocol->trace) == "abcd, lost None");
        BOOST_TEST(wire.socket->unread() == 1u);
        Wire busy;
        busy.socket->allow(0);
        busy.transport->write("unsent"); // so that the close has to wait
        busy.protocol->on_get = [&] { busy.transport->close(); };
        busy.socket->deliver("abcd");
        co_await ticks(6);
        BOOST_TEST(busy.protocol->trace.empty());
        busy.socket->allow(100);
        co_await ticks(4);
        BOOST_TEST(join(busy.protocol->trace) == "lost None");
        Wire aborted;
        aborted.protocol->on_update = [&] { aborted.transport->abort(); };
        aborted.socket->deliver("abcdefgh");
        co_await ticks(6);
        BOOST_TEST(join(aborted.protocol->trace) == "abcd, lost None");
    });
}

// TRN-16: the memory belongs to whoever gave it, who is told and stays alive until then
BOOST_AUTO_TEST_CASE(the_protocol_may_be_replaced_between_its_methods) {
    run([]() -> Coroutine<> {
        Wire wire;
        const auto next = std::make_shared<Recorder>();
        wire.protocol->on_get = [&] {
            wire.protocol->on_get = {};
            wire.transport->set_protocol(next);
        };
        wire.socket->deliver("abcdefgh");
        co_await ticks(8);
        BOOST_TEST(join(wire.protocol->trace) == "abcd");
        BOOST_TEST(join(next->trace) == "efgh");
        wire.transport->close();
        co_await ticks(2);
        BOOST_TEST(join(next->trace) == "efgh, lost None");
    });
}

// PRO-03: over real sockets, without a copy
BOOST_AUTO_TEST_CASE(megabytes_are_received_into_one_block) {
    run([]() -> Coroutine<> {
        auto& loop = asyncio::get_running_loop();
        std::string data(4 << 20, '\0');
        std::iota(data.begin(), data.end(), '\1');
        const auto block = std::make_shared<Block>(data.size());
        auto server = co_await loop.create_server(block, "127.0.0.1", 0);
        auto client = co_await loop.create_connection(
            [] { return std::make_shared<asyncio::Protocol>(); }, "127.0.0.1",
            server.sockets().at(0).getsockname().port());
        client.first->write(data);
        co_await block->complete.wait();
        const std::string_view received(reinterpret_cast<const char*>(block->memory.data()),
                                        block->used);
        BOOST_TEST((received == data));
        client.first->close();
        server.close();
        co_await server.wait_closed();
    });
}

BOOST_AUTO_TEST_SUITE_END()
