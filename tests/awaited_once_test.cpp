// What the library's functions return is awaited once, as a coroutine is.
#include <asyncio/asio.hpp>
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

using asyncio::Coroutine;
using asyncio_test::error_of;
using asyncio_test::run;

namespace {

const std::string reused = "RuntimeError('cannot reuse already awaited coroutine')";

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }

template <class A>
Coroutine<std::string> second_await(A awaitable) {
    co_await std::move(awaitable);
    std::string error = "no error";
    try {
        co_await std::move(awaitable);
    } catch (const asyncio::RuntimeError& e) {
        error = asyncio::repr(e);
    }
    co_return error;
}

// Awaits it twice.
template <class A>
Coroutine<> check_twice(A awaitable) {
    const std::string error = co_await second_await(std::move(awaitable));
    BOOST_TEST(error == reused);
}

asyncio::AsyncGenerator<int> numbers() {
    co_yield 1;
    co_yield 2;
}

} // namespace

BOOST_AUTO_TEST_SUITE(awaited_once)

// Each has waited the first time, or need not.
BOOST_AUTO_TEST_CASE(a_second_await_throws) {
    run([]() -> Coroutine<> {
        asyncio::Lock lock;
        co_await check_twice(lock.acquire());
        BOOST_TEST(lock.locked());
        loop().call_soon([=] { lock.release(); });
        co_await check_twice(lock.acquire());
        lock.release();
        asyncio::Event event;
        loop().call_soon([=] { event.set(); });
        co_await check_twice(event.wait());
        co_await check_twice(event.wait());
        asyncio::Queue<std::string> queue;
        loop().call_soon([=] { queue.put_nowait("late"); });
        co_await check_twice(queue.get());
        co_await check_twice(queue.put("kept"));
        BOOST_TEST(queue.qsize() == 1u);
        co_await check_twice(queue.get());
        co_await check_twice(asyncio::sleep(0));
        co_await check_twice(asyncio::sleep(0.0001, 1));
        const auto generator = numbers();
        co_await check_twice(generator.next());
        co_await check_twice(generator.aclose());
        boost::asio::steady_timer timer(asyncio::get_executor(loop()), std::chrono::seconds(0));
        co_await check_twice(timer.async_wait(asyncio::use_awaitable));
    });
}

BOOST_AUTO_TEST_CASE(a_second_await_of_a_stream_throws) {
    run([]() -> Coroutine<> {
        auto ends = asyncio::socketpair();
        ends.second.send("two\nlines\n");
        auto stream = co_await asyncio::open_connection({.sock = ends.first.detach()});
        auto& [reader, writer] = stream;
        co_await check_twice(reader.readline());
        const std::string next = co_await reader.readline();
        BOOST_TEST(next == "lines\n");
        co_await check_twice(writer.drain());
        writer.close();
        co_await check_twice(writer.wait_closed());
        ends.second.close();
    });
}

BOOST_AUTO_TEST_CASE(what_was_given_away_is_not_there_any_more) {
    run([]() -> Coroutine<> {
        asyncio::Event event;
        event.set();
        auto waiting = event.wait();
        const auto task = asyncio::create_task(std::move(waiting));
        BOOST_TEST(error_of([&] { asyncio::create_task(std::move(waiting)); }) == reused);
        co_await task;
        auto other = event.wait();
        auto moved = std::move(other);
        co_await std::move(moved);
        std::string error;
        try {
            co_await std::move(other);
        } catch (const asyncio::RuntimeError& e) {
            error = asyncio::repr(e);
        }
        BOOST_TEST(error == reused);
    });
}

BOOST_AUTO_TEST_CASE(handles_compare_with_nothing) {
    run([]() -> Coroutine<> {
        asyncio::Handle handle;
        asyncio::TimerHandle timer;
        BOOST_TEST((handle == nullptr));
        BOOST_TEST((nullptr == timer));
        handle = loop().call_soon([] {});
        timer = loop().call_later(3600, [] {});
        BOOST_TEST((handle != nullptr));
        BOOST_TEST((timer != nullptr));
        timer.cancel();
        BOOST_TEST((timer != nullptr));
        co_return;
    });
}

BOOST_AUTO_TEST_SUITE_END()
