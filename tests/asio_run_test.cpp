// async_run(): coroutines, futures and tasks of asyncio under each kind of Asio's completion
// tokens, on the executors and strands of both sides.

// own loop only
#include <asyncio/asio.hpp>
#include <asyncio/asyncio.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <future>
#include <string>
#include <utility>
#include <variant>

namespace net = boost::asio;
using asyncio::Coroutine;
using namespace net::experimental::awaitable_operators;
using namespace std::chrono_literals;

namespace {

using Strand = net::strand<net::thread_pool::executor_type>;

// A loop on a strand of a pool of threads, and another strand for the handlers.
struct Host {
    net::thread_pool pool{3};
    Strand home = net::make_strand(pool.get_executor());
    Strand away = net::make_strand(pool.get_executor());
    asyncio::LoopPtr loop = asyncio::attach(home);
    ~Host() {
        net::post(home, [at = loop] { at->close(); });
        pool.join();
    }
};

// 42, computed where the loop is.
Coroutine<int> answer(const Strand* home) {
    BOOST_TEST(home->running_in_this_thread());
    co_await asyncio::sleep(0.001);
    BOOST_TEST(home->running_in_this_thread());
    co_return 42;
}

Coroutine<int> fail() {
    co_await asyncio::sleep(0);
    throw asyncio::ValueError("inside");
}

// Tells how it ended.
Coroutine<> wait_long(std::promise<std::string>* ended) {
    std::string how = "ended";
    try {
        co_await asyncio::sleep(3600);
    } catch (const asyncio::CancelledError&) {
        how = "cancelled";
    }
    ended->set_value(how);
    if (how == "cancelled") throw asyncio::CancelledError();
}

// Runs a coroutine of Asio on a strand and returns what it returns.
template <class F>
auto on(const Strand& strand, F body) {
    return net::co_spawn(strand, std::move(body), net::use_future).get();
}

// Makes something in the loop, for this thread.
template <class F>
auto in_loop(Host& host, F make) {
    std::promise<decltype(make())> made;
    host.loop->call_soon_threadsafe([&] { made.set_value(make()); });
    return made.get_future().get();
}

} // namespace

BOOST_AUTO_TEST_SUITE(asio_run)

BOOST_AUTO_TEST_CASE(use_awaitable_resumes_on_the_strand_of_whoever_awaits) {
    Host host;
    const int value = on(host.away, [&]() -> net::awaitable<int> {
        int sum = 0;
        for (int i = 0; i < 3; ++i) {
            sum += co_await asyncio::async_run(host.loop, answer(&host.home), net::use_awaitable);
            BOOST_TEST(host.away.running_in_this_thread());
            BOOST_TEST(!host.home.running_in_this_thread());
        }
        co_return sum;
    });
    BOOST_TEST(value == 126);
}

BOOST_AUTO_TEST_CASE(errors_are_thrown_there) {
    Host host;
    const std::string error = on(host.away, [&]() -> net::awaitable<std::string> {
        std::string text;
        try {
            co_await asyncio::async_run(host.loop, fail(), net::use_awaitable);
        } catch (const asyncio::ValueError& e) {
            text = asyncio::repr(e);
        }
        co_return text;
    });
    BOOST_TEST(error == "ValueError('inside')");
    BOOST_CHECK_THROW(asyncio::async_run(host.loop, fail(), net::use_future).get(),
                      asyncio::ValueError);
}

BOOST_AUTO_TEST_CASE(a_future_and_a_task_are_waited_for) {
    Host host;
    const auto future = in_loop(host, [&] { return host.loop->create_future<int>(); });
    const auto task = in_loop(host, [&] { return host.loop->create_task(answer(&host.home)); });
    auto first = asyncio::async_run(host.loop, future, net::use_future);
    auto second = asyncio::async_run(host.loop, task, net::use_future);
    host.loop->call_soon_threadsafe([=] { future.set_result(7); });
    BOOST_TEST(first.get() == 7);
    BOOST_TEST(second.get() == 42);
    // They are done, and not used up.
    const int again = on(host.away, [&]() -> net::awaitable<int> {
        const int seven = co_await asyncio::async_run(host.loop, future, net::use_awaitable);
        const int answered = co_await asyncio::async_run(host.loop, task, net::use_awaitable);
        co_return seven + answered;
    });
    BOOST_TEST(again == 49);
}

BOOST_AUTO_TEST_CASE(deferred_begins_when_it_is_launched) {
    Host host;
    bool began = false;
    const auto body = [&began]() -> Coroutine<int> {
        began = true;
        co_return 1;
    };
    auto operation = asyncio::async_run(host.loop, body(), net::deferred);
    in_loop(host, [] { return 0; });
    BOOST_TEST(!began);
    BOOST_TEST(std::move(operation)(net::use_future).get() == 1);
    BOOST_TEST(began);
}

BOOST_AUTO_TEST_CASE(detached_runs_and_forgets) {
    Host host;
    std::promise<int> told;
    const auto body = [&told]() -> Coroutine<> {
        co_await asyncio::sleep(0);
        told.set_value(1);
    };
    asyncio::async_run(host.loop, body(), net::detached);
    BOOST_TEST(told.get_future().get() == 1);
}

BOOST_AUTO_TEST_CASE(a_callback_runs_on_the_strand_it_is_bound_to) {
    Host host;
    std::promise<int> result;
    asyncio::async_run(host.loop, answer(&host.home),
                       net::bind_executor(host.away, [&](std::exception_ptr error, int value) {
                           BOOST_TEST(host.away.running_in_this_thread());
                           BOOST_TEST(!host.home.running_in_this_thread());
                           result.set_value(error ? -1 : value);
                       }));
    BOOST_TEST(result.get_future().get() == 42);
}

// The first to end of `a || b` cancels the other.
BOOST_AUTO_TEST_CASE(the_loser_of_a_race_is_cancelled) {
    Host host;
    std::promise<std::string> ended;
    const std::size_t winner = on(host.away, [&]() -> net::awaitable<std::size_t> {
        net::steady_timer timer(host.away, 1ms);
        const auto first =
            co_await (asyncio::async_run(host.loop, wait_long(&ended), net::use_awaitable) ||
                      timer.async_wait(net::use_awaitable));
        BOOST_TEST(host.away.running_in_this_thread());
        co_return first.index();
    });
    BOOST_TEST(winner == 1u);
    BOOST_TEST(ended.get_future().get() == "cancelled");
}

BOOST_AUTO_TEST_CASE(the_winner_of_a_race_cancels_operations_of_asio) {
    Host host;
    const int value = on(host.away, [&]() -> net::awaitable<int> {
        net::steady_timer timer(host.away, 1h);
        const auto first =
            co_await (asyncio::async_run(host.loop, answer(&host.home), net::use_awaitable) ||
                      timer.async_wait(net::use_awaitable));
        co_return std::get<0>(first);
    });
    BOOST_TEST(value == 42);
}

BOOST_AUTO_TEST_CASE(both_of_a_pair_are_waited_for) {
    Host host;
    const int sum = on(host.away, [&]() -> net::awaitable<int> {
        const auto both =
            co_await (asyncio::async_run(host.loop, answer(&host.home), net::use_awaitable) &&
                      asyncio::async_run(host.loop, answer(&host.home), net::use_awaitable));
        co_return std::get<0>(both) + std::get<1>(both);
    });
    BOOST_TEST(sum == 84);
}

BOOST_AUTO_TEST_CASE(a_parallel_group_cancels_what_is_left) {
    Host host;
    std::promise<std::string> ended;
    std::promise<int> done;
    net::experimental::make_parallel_group(
        asyncio::async_run(host.loop, wait_long(&ended), net::deferred),
        asyncio::async_run(host.loop, answer(&host.home), net::deferred))
        .async_wait(
            net::experimental::wait_for_one(),
            net::bind_executor(host.away, [&](std::array<std::size_t, 2> order,
                                              std::exception_ptr left, std::exception_ptr, int n) {
                BOOST_TEST(order[0] == 1u);
                BOOST_TEST(asyncio::repr(left) == "CancelledError()");
                done.set_value(n);
            }));
    BOOST_TEST(done.get_future().get() == 42);
    BOOST_TEST(ended.get_future().get() == "cancelled");
}

BOOST_AUTO_TEST_SUITE_END()
