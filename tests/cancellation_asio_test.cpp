// The generic cancellation test (support/cancelling.hpp) over operations of Asio.
#include <asyncio/asio.hpp>
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <string>
#include <utility>

namespace net = boost::asio;
using asyncio::Coroutine;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;
using namespace std::chrono_literals;

namespace {

using Stream = net::local::stream_protocol::socket;

Stream new_stream() { return Stream(asyncio::get_executor(asyncio::get_running_loop())); }

// Two connected sockets of the loop. What an operation has received is lost when it was cancelled.
struct Connected : Scene {
    Coroutine<> set_up() override {
        mine.emplace(new_stream());
        peer.emplace(new_stream());
        net::local::connect_pair(*mine, *peer);
        co_return;
    }
    Coroutine<> complete() override {
        net::write(*peer, net::buffer("data", 4));
        co_return;
    }
    Coroutine<> check(bool ended) override {
        net::write(*peer, net::buffer("next", 4));
        std::array<char, 100> memory;
        const std::size_t count =
            co_await mine->async_read_some(net::buffer(memory), asyncio::use_awaitable);
        text.append(memory.data(), count);
        BOOST_TEST(text.ends_with("next"));
        if (ended) BOOST_TEST(text == "datanext");
    }
    std::optional<Stream> mine;
    std::optional<Stream> peer;
    std::string text;
};

struct Awaited : Connected {
    Coroutine<> wait() override {
        std::array<char, 100> memory; // gone with the frame
        const std::size_t count =
            co_await mine->async_read_some(net::buffer(memory), asyncio::use_awaitable);
        text.assign(memory.data(), count);
    }
};

struct AsAFuture : Connected {
    Coroutine<> wait() override {
        const asyncio::Future<std::size_t> reading =
            mine->async_read_some(net::buffer(memory_), asyncio::use_future);
        const std::size_t count = co_await reading;
        text.assign(memory_.data(), count);
    }

private:
    std::array<char, 100> memory_;
};

// Its own cancel is an error of the operation.
struct Timer : Scene {
    Coroutine<> set_up() override {
        timer.emplace(asyncio::get_executor(asyncio::get_running_loop()), 1h);
        co_return;
    }
    Coroutine<> wait() override { co_await timer->async_wait(asyncio::use_awaitable); }
    Coroutine<> complete() override {
        timer->expires_after(0s);
        co_await asyncio::sleep(0);
    }
    std::string outcome() const override { return "OSError(125, 'Operation canceled')"; }
    std::optional<net::steady_timer> timer;
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_asio)

BOOST_AUTO_TEST_CASE(use_awaitable) { cancel_in_every_way<Awaited>(); }
BOOST_AUTO_TEST_CASE(use_future) { cancel_in_every_way<AsAFuture>(); }
BOOST_AUTO_TEST_CASE(timer) { cancel_in_every_way<Timer>(); }

BOOST_AUTO_TEST_SUITE_END()
