// Operations of Boost.Asio awaited in place or as futures, and coroutines run for Asio's tokens.
#include <asyncio/asio.hpp>
#include <asyncio/asyncio.hpp>

#include "support/run.hpp"
#include "support/tools.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace net = boost::asio;
using asyncio::Coroutine;
using asyncio::get_running_loop;
using asyncio::use_awaitable;
using asyncio_test::error_of;
using asyncio_test::repr_of;
using asyncio_test::run;
using asyncio_test::ticks;
using namespace std::chrono_literals;

namespace {

using Stream = net::local::stream_protocol::socket;

// Two connected sockets on the running loop.
struct Pair {
    Pair() { net::local::connect_pair(left, right); }
    Stream left{asyncio::get_executor(get_running_loop())};
    Stream right{asyncio::get_executor(get_running_loop())};
};

Coroutine<std::string> read_some(Pair* pair) {
    char bytes[16];
    const std::size_t count =
        co_await pair->right.async_read_some(net::buffer(bytes), use_awaitable);
    co_return std::string(bytes, count);
}

Coroutine<int> answer() {
    co_await asyncio::sleep(0);
    co_return 42;
}
Coroutine<> forever() { co_await asyncio::sleep(3600); }

} // namespace

BOOST_AUTO_TEST_SUITE(asio_tokens)

BOOST_AUTO_TEST_CASE(an_operation_is_awaited_in_place) {
    run([]() -> Coroutine<> {
        Pair pair;
        const auto reading = asyncio::create_task(read_some(&pair));
        co_await ticks(2);
        BOOST_TEST(!reading.done());
        const std::size_t sent =
            co_await net::async_write(pair.left, net::buffer("hello", 5), use_awaitable);
        BOOST_TEST(sent == 5u);
        const std::string received = co_await reading;
        BOOST_TEST(received == "hello");
        net::steady_timer timer(asyncio::get_executor(get_running_loop()), 1ms);
        co_await timer.async_wait(use_awaitable);
    });
}

BOOST_AUTO_TEST_CASE(a_composed_operation_is_awaited_too) {
    run([]() -> Coroutine<> {
        Pair pair;
        std::string text;
        auto line = asyncio::create_task(
            [](Pair* of, std::string* into) -> Coroutine<std::size_t> {
                const std::size_t count = co_await net::async_read_until(
                    of->right, net::dynamic_buffer(*into), '\n', use_awaitable);
                co_return count;
            },
            &pair, &text);
        for (const char* piece : {"one", " two", "\nthree"}) {
            co_await net::async_write(pair.left, net::buffer(std::string(piece)), use_awaitable);
            co_await ticks(3);
        }
        const std::size_t count = co_await line;
        BOOST_TEST(text.substr(0, count) == "one two\n");
    });
}

BOOST_AUTO_TEST_CASE(errors_are_those_of_asyncio) {
    run([]() -> Coroutine<> {
        Pair pair;
        pair.left.close();
        const std::string ended = co_await repr_of(read_some(&pair));
        BOOST_TEST(ended == "EOFError('End of file')");
        const auto write = [](Pair* of) -> Coroutine<> {
            co_await net::async_write(of->right, net::buffer("x", 1), use_awaitable);
        };
        const std::string broken = co_await repr_of(write(&pair));
        BOOST_TEST(broken == "BrokenPipeError(32, 'Broken pipe')");
        // Another pair: a second read after the end of a stream is not always answered by Asio.
        Pair other;
        other.left.close();
        char byte;
        const auto both = co_await other.right.async_read_some(net::buffer(&byte, 1),
                                                               net::as_tuple(use_awaitable));
        BOOST_TEST(std::get<0>(both) == net::error::eof);
    });
}

// DESIGN §1.4: until the operation has ended the buffer is in use.
BOOST_AUTO_TEST_CASE(a_cancel_ends_the_operation_first) {
    run([]() -> Coroutine<> {
        Pair pair;
        const auto reading = asyncio::create_task(read_some(&pair));
        co_await ticks(2);
        reading.cancel("why");
        BOOST_TEST(!reading.done());
        const std::string error = co_await repr_of(reading);
        BOOST_TEST(error == "CancelledError('why')");
        // Nothing of it is left: the next read gets what comes.
        co_await net::async_write(pair.left, net::buffer("next", 4), use_awaitable);
        const std::string received = co_await read_some(&pair);
        BOOST_TEST(received == "next");
    });
}

BOOST_AUTO_TEST_CASE(cancelled_before_it_begins_it_does_not_begin) {
    run([]() -> Coroutine<> {
        Pair pair;
        net::write(pair.left, net::buffer("kept", 4));
        const auto self_cancelled = [](Pair* of) -> Coroutine<std::string> {
            asyncio::current_task().cancel();
            co_return co_await read_some(of);
        };
        const std::string error = co_await repr_of(asyncio::create_task(self_cancelled(&pair)));
        BOOST_TEST(error == "CancelledError()");
        const std::string received = co_await read_some(&pair);
        BOOST_TEST(received == "kept");
    });
}

BOOST_AUTO_TEST_CASE(cancelled_twice_and_in_the_tick_of_completion) {
    run([]() -> Coroutine<> {
        Pair pair;
        const auto twice = asyncio::create_task(read_some(&pair));
        co_await ticks(2);
        twice.cancel();
        twice.cancel("again");
        const std::string error = co_await repr_of(twice);
        BOOST_TEST(error == "CancelledError('again')");
        const auto late = asyncio::create_task(read_some(&pair));
        co_await ticks(2);
        net::write(pair.left, net::buffer("x", 1));
        // The cancel comes when the byte may have been read: either way the task is cancelled.
        late.cancel();
        const std::string cancelled = co_await repr_of(late);
        BOOST_TEST(cancelled == "CancelledError()");
    });
}

BOOST_AUTO_TEST_CASE(a_task_may_go_while_its_operation_is_pending) {
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {}); // destroyed but pending
    const auto owner = []() -> Coroutine<> {
        Pair pair;
        co_await read_some(&pair);
    };
    const auto main = [owner]() -> Coroutine<> {
        const auto reading = asyncio::create_task(owner());
        co_await ticks(2);
        BOOST_TEST(!reading.done());
    };
    loop->run_until_complete(main());
    loop->close();
}

BOOST_AUTO_TEST_CASE(an_operation_completes_a_future) {
    run([]() -> Coroutine<> {
        Pair pair;
        char bytes[16];
        const asyncio::Future<std::size_t> reading =
            pair.right.async_read_some(net::buffer(bytes), asyncio::use_future);
        co_await net::async_write(pair.left, net::buffer("future", 6), use_awaitable);
        const std::size_t count = co_await reading;
        BOOST_TEST(std::string(bytes, count) == "future");
        const auto cancelled = pair.right.async_read_some(net::buffer(bytes), asyncio::use_future);
        BOOST_TEST(cancelled.cancel());
        const std::string error = co_await repr_of(cancelled);
        BOOST_TEST(error == "CancelledError()");
        BOOST_TEST(!cancelled.cancel());
        pair.left.close();
        const std::string ended =
            co_await repr_of(pair.right.async_read_some(net::buffer(bytes), asyncio::use_future));
        BOOST_TEST(ended == "EOFError('End of file')");
    });
}

BOOST_AUTO_TEST_CASE(timeouts_reach_the_operation) {
    run([]() -> Coroutine<> {
        Pair pair;
        const std::string error = co_await repr_of(asyncio::wait_for(read_some(&pair), 0.001));
        BOOST_TEST(error == "TimeoutError()");
    });
}

// What other threads and coroutines of Asio do with a loop that runs in this thread.
struct Host {
    net::io_context context;
    asyncio::LoopPtr loop = asyncio::attach(context);
    net::executor_work_guard<net::io_context::executor_type> work{context.get_executor()};
    std::thread thread{[this] { context.run(); }};
    ~Host() {
        work.reset();
        context.stop();
        thread.join();
    }
};

BOOST_AUTO_TEST_CASE(a_coroutine_runs_for_any_token) {
    Host host;
    BOOST_TEST(asyncio::async_run(host.loop, answer(), net::use_future).get() == 42);
    const auto fail = []() -> Coroutine<> {
        throw asyncio::ValueError("inside");
        co_return;
    };
    BOOST_CHECK_THROW(asyncio::async_run(host.loop, fail(), net::use_future).get(),
                      asyncio::ValueError);
    std::promise<int> result;
    asyncio::async_run(host.loop, answer(), [&](std::exception_ptr error, int value) {
        result.set_value(error ? -1 : value);
    });
    BOOST_TEST(result.get_future().get() == 42);
}

BOOST_AUTO_TEST_CASE(asio_coroutines_await_ours_on_their_own_executor) {
    Host host;
    net::io_context other;
    int value = 0;
    const auto body = [&]() -> net::awaitable<void> {
        value = co_await asyncio::async_run(host.loop, answer(), net::use_awaitable);
        BOOST_TEST(other.get_executor().running_in_this_thread());
    };
    net::co_spawn(other, body, net::detached);
    other.run();
    BOOST_TEST(value == 42);
}

BOOST_AUTO_TEST_CASE(a_cancellation_slot_cancels_the_task) {
    Host host;
    net::io_context other;
    net::cancellation_signal signal;
    std::string error;
    asyncio::async_run(host.loop, forever(),
                       net::bind_cancellation_slot(
                           signal.slot(), net::bind_executor(other, [&](std::exception_ptr e) {
                               error = asyncio::repr(e);
                           })));
    signal.emit(net::cancellation_type::all);
    other.run();
    BOOST_TEST(error == "CancelledError()");
}

BOOST_AUTO_TEST_CASE(a_closed_loop_answers_too) {
    net::io_context other;
    std::string error;
    const auto note =
        net::bind_executor(other, [&](std::exception_ptr e) { error = asyncio::repr(e); });
    const auto closed = asyncio::new_event_loop();
    closed->close();
    asyncio::async_run(closed, closed->create_future(), note);
    other.run();
    BOOST_TEST(error == "RuntimeError('Event loop is closed')");
    const auto loop = asyncio::new_event_loop();
    loop->set_exception_handler([](auto&, const auto&) {}); // destroyed but pending
    asyncio::async_run(loop, loop->create_future(), note);
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    loop->close();
    other.restart();
    other.run();
    BOOST_TEST(error == "CancelledError()");
}

BOOST_AUTO_TEST_SUITE_END()
