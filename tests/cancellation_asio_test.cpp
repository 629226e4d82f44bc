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
#include <memory>
#include <string>
#include <utility>

namespace net = boost::asio;
using asyncio::Coroutine;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;
using namespace std::chrono_literals;

namespace {

using Stream = net::local::stream_protocol::socket;

// Two connected sockets of the loop. They die with it, at the latest with the frames of its tasks.
struct Sockets {
    Sockets() { net::local::connect_pair(mine, peer); }
    Stream mine{asyncio::get_executor(asyncio::get_running_loop())};
    Stream peer{asyncio::get_executor(asyncio::get_running_loop())};
};

// What an operation has received is lost when it was cancelled.
struct Connected : Scene {
    Coroutine<> set_up() override {
        sockets = std::make_shared<Sockets>();
        co_return;
    }
    Coroutine<> complete() override {
        net::write(sockets->peer, net::buffer("data", 4));
        co_return;
    }
    Coroutine<> check(bool ended) override {
        net::write(sockets->peer, net::buffer("next", 4));
        std::array<char, 100> memory;
        const std::size_t count =
            co_await sockets->mine.async_read_some(net::buffer(memory), asyncio::use_awaitable);
        text.append(memory.data(), count);
        BOOST_TEST(text.ends_with("next"));
        if (ended) BOOST_TEST(text == "datanext");
    }
    void let_go() override { sockets.reset(); }
    std::shared_ptr<Sockets> sockets;
    std::string text;
};

struct Awaited : Connected {
    Coroutine<> wait() override {
        const auto kept = sockets;
        std::array<char, 100> memory; // gone with the frame
        const std::size_t count =
            co_await kept->mine.async_read_some(net::buffer(memory), asyncio::use_awaitable);
        text.assign(memory.data(), count);
    }
};

struct AsAFuture : Connected {
    Coroutine<> wait() override {
        const auto kept = sockets;
        const asyncio::Future<std::size_t> reading =
            kept->mine.async_read_some(net::buffer(memory_), asyncio::use_future);
        const std::size_t count = co_await reading;
        text.assign(memory_.data(), count);
    }

private:
    std::array<char, 100> memory_;
};

// Its own cancel is an error of the operation.
struct Timer : Scene {
    Coroutine<> set_up() override {
        const auto executor = asyncio::get_executor(asyncio::get_running_loop());
        timer = std::make_shared<net::steady_timer>(executor, 1h);
        co_return;
    }
    Coroutine<> wait() override {
        const auto kept = timer;
        co_await kept->async_wait(asyncio::use_awaitable);
    }
    Coroutine<> complete() override {
        timer->expires_after(0s);
        co_await asyncio::sleep(0);
    }
    void let_go() override { timer.reset(); }
    std::string outcome() const override { return "OSError(125, 'Operation canceled')"; }
    std::shared_ptr<net::steady_timer> timer;
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_asio)

BOOST_AUTO_TEST_CASE(use_awaitable) { cancel_in_every_way<Awaited>(); }
BOOST_AUTO_TEST_CASE(use_future) { cancel_in_every_way<AsAFuture>(); }
BOOST_AUTO_TEST_CASE(timer) { cancel_in_every_way<Timer>(); }

BOOST_AUTO_TEST_SUITE_END()
