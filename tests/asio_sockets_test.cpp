// Sockets of Boost.Asio that become transports and streams.
#include <asyncio/asio.hpp>
#include <asyncio/asio_sockets.hpp>
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"
#include "support/tls_pair.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace net = boost::asio;
using asyncio::Coroutine;
using asyncio_test::error_of;
using asyncio_test::open_descriptors;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::until_descriptors;
using tcp = net::ip::tcp;
using local = net::local::stream_protocol;

namespace {

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }

// Sends everything back.
struct Echo : asyncio::Protocol {
    void connection_made(std::shared_ptr<asyncio::Transport> t) override {
        transport = std::move(t);
    }
    void data_received(std::string_view data) override { transport->write(data); }
    void connection_lost(std::exception_ptr) override { transport.reset(); }
    std::shared_ptr<asyncio::Transport> transport;
};

auto echo() {
    return [] { return std::make_shared<Echo>(); };
}

// Two connected sockets of a context that is not the loop's, and that nobody runs.
template <class Protocol>
struct Pair {
    net::io_context context;
    typename Protocol::socket left{context};
    typename Protocol::socket right{context};
};

struct Local : Pair<local> {
    Local() { net::local::connect_pair(left, right); }
};

struct Tcp : Pair<tcp> {
    Tcp() {
        tcp::acceptor acceptor(context, tcp::endpoint(net::ip::address_v4::loopback(), 0));
        left.connect(acceptor.local_endpoint());
        acceptor.accept(right);
    }
};

// The answer to a line.
Coroutine<std::string> ask(asyncio::StreamPair stream, std::string text) {
    auto& [reader, writer] = stream;
    writer.write(text + "\n");
    std::string answer = co_await reader.readline();
    writer.close();
    co_await writer.wait_closed();
    co_return answer;
}

template <class Sockets>
Coroutine<> converse() {
    Sockets sockets;
    const auto served =
        co_await asyncio::connect_accepted_socket(loop(), echo(), std::move(sockets.right));
    BOOST_TEST(!sockets.right.is_open());
    BOOST_TEST((served.first == served.second->transport));
    const auto stream = co_await asyncio::open_connection(std::move(sockets.left));
    const std::string answer = co_await ask(stream, "hello");
    BOOST_TEST(answer == "hello\n");
}

} // namespace

BOOST_AUTO_TEST_SUITE(asio_sockets)

BOOST_AUTO_TEST_CASE(sockets_of_any_protocol_become_transports_and_streams) {
    run([]() -> Coroutine<> {
        const int before = open_descriptors();
        co_await converse<Tcp>();
        co_await converse<Local>();
        co_await until_descriptors(before);
        BOOST_TEST(open_descriptors() == before);
    });
}

BOOST_AUTO_TEST_CASE(generic_sockets_and_those_of_the_loop_do_too) {
    run([]() -> Coroutine<> {
        Tcp sockets;
        net::generic::stream_protocol::socket left(std::move(sockets.left));
        tcp::socket right(asyncio::get_executor(loop()), tcp::v4(), sockets.right.release());
        const auto served =
            co_await asyncio::connect_accepted_socket(loop(), echo(), std::move(right));
        const auto made = co_await asyncio::create_connection(loop(), echo(), std::move(left));
        made.first->close();
        while (served.second->transport) co_await asyncio::sleep(0);
        BOOST_TEST(made.first->is_closing());
    });
}

BOOST_AUTO_TEST_CASE(the_options_are_those_of_the_methods) {
    run([]() -> Coroutine<> {
        const auto server_rules = asyncio_test::server_context();
        const auto client_rules = asyncio_test::client_context();
        Local sockets;
        const auto serving = asyncio::create_task(asyncio::connect_accepted_socket(
            loop(), echo(), std::move(sockets.right), {.ssl = server_rules}));
        const auto stream = co_await asyncio::open_connection(
            std::move(sockets.left),
            {.limit = 100, .ssl = client_rules, .server_hostname = "localhost"});
        co_await serving;
        const std::string answer = co_await ask(stream, "secret");
        BOOST_TEST(answer == "secret\n");
        while (serving.result().second->transport) co_await asyncio::sleep(0);
    });
}

// What was pending ends when the socket is taken, not before its context runs.
BOOST_AUTO_TEST_CASE(pending_operations_are_aborted) {
    run([]() -> Coroutine<> {
        Local sockets;
        std::string heard;
        char byte;
        sockets.left.async_read_some(
            net::buffer(&byte, 1),
            [&](boost::system::error_code error, std::size_t) { heard = error.message(); });
        auto opening = asyncio::open_connection(std::move(sockets.left));
        sockets.context.run();
        BOOST_TEST(heard == "Operation canceled");
        const auto stream = co_await std::move(opening);
        net::write(sockets.right, net::buffer("data\n", 5));
        const std::string line = co_await stream.first.readline();
        BOOST_TEST(line == "data\n");
        stream.second.close();
        co_await stream.second.wait_closed();
    });
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_not_open_is_refused_at_once) {
    run([]() -> Coroutine<> {
        net::io_context context;
        tcp::socket none(context);
        const auto check = [](auto open) {
            BOOST_TEST(error_of(open) == "OSError(9, 'Bad file descriptor')");
        };
        check([&] { std::ignore = asyncio::open_connection(std::move(none)); });
        check([&] { std::ignore = asyncio::create_connection(loop(), echo(), std::move(none)); });
        check([&] {
            std::ignore = asyncio::connect_accepted_socket(loop(), echo(), std::move(none));
        });
        co_return;
    });
}

static_assert(asyncio::AsioSocket<tcp::socket>);
static_assert(!asyncio::AsioSocket<tcp::acceptor>);
static_assert(!asyncio::AsioSocket<net::posix::stream_descriptor>);

BOOST_AUTO_TEST_CASE(another_descriptor_beside_the_socket_is_refused) {
    run([]() -> Coroutine<> {
        const int before = open_descriptors();
        {
            Local sockets;
            const std::string error = error_of([&] {
                std::ignore = asyncio::create_connection(loop(), echo(), std::move(sockets.left),
                                                         {.sock = 0});
            });
            BOOST_TEST(error == "ValueError('a socket of Asio and sock= exclude each other')");
        }
        co_await until_descriptors(before);
        BOOST_TEST(open_descriptors() == before);
    });
}

// Whatever goes wrong, the descriptor is closed.
BOOST_AUTO_TEST_CASE(errors_leave_nothing_open) {
    run([]() -> Coroutine<> {
        const int before = open_descriptors();
        const auto failing = []() -> std::shared_ptr<Echo> { throw asyncio::ValueError("mine"); };
        {
            Local sockets;
            const std::string factory = co_await repr_of(
                asyncio::create_connection(loop(), failing, std::move(sockets.left)));
            BOOST_TEST(factory == "ValueError('mine')");
            const std::string hostname = co_await repr_of(asyncio::open_connection(
                std::move(sockets.right), {.server_hostname = "localhost"}));
            BOOST_TEST(hostname == "ValueError('server_hostname is only meaningful with ssl')");
        }
        co_await until_descriptors(before);
        BOOST_TEST(open_descriptors() == before);
        {
            Local sockets;
            auto unused = asyncio::open_connection(std::move(sockets.left));
            unused.close();
            auto cancelled = asyncio::create_task(
                asyncio::connect_accepted_socket(loop(), echo(), std::move(sockets.right)));
            cancelled.cancel();
            const std::string error = co_await repr_of(cancelled);
            BOOST_TEST(error == "CancelledError()");
        }
        co_await until_descriptors(before);
        BOOST_TEST(open_descriptors() == before);
    });
}

namespace {

struct Opening : asyncio_test::Scene {
    Coroutine<> wait() override {
        stream = co_await asyncio::open_connection(std::move(sockets.left));
    }
    Coroutine<> tear_down() override {
        if (stream.second) stream.second.transport()->abort();
        stream = {};
        co_return;
    }
    Local sockets;
    asyncio::StreamPair stream;
};

} // namespace

BOOST_AUTO_TEST_CASE(it_may_be_cancelled) { asyncio_test::cancel_in_every_way<Opening>(); }

BOOST_AUTO_TEST_SUITE_END()
