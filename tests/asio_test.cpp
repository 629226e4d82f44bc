// Loops as guests of somebody else's executor. // own loop only // tsan
#include <asyncio/asio.hpp>
#include <asyncio/asyncio.hpp>

#include "support/tools.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

using asyncio::Coroutine;
using asyncio_test::Death;
using asyncio_test::error_of;
using asyncio_test::join;
using asyncio_test::Reports;
using asyncio_test::ticks;
using asyncio_test::Trace;

BOOST_AUTO_TEST_SUITE(asio)

BOOST_AUTO_TEST_CASE(a_guest_runs_on_the_context_and_lets_it_end) {
    boost::asio::io_context context;
    const auto loop = asyncio::attach(context);
    Trace trace;
    loop->call_soon_threadsafe([&] {
        BOOST_TEST(&asyncio::get_running_loop() == loop.get());
        const auto body = [&]() -> Coroutine<> {
            co_await asyncio::sleep(0.001);
            trace.push_back("task");
            loop->call_later(0.001, [&] { trace.push_back("timer"); });
        };
        asyncio::create_task(body);
    });
    context.run();
    BOOST_TEST(join(trace) == "task, timer");
    BOOST_TEST(!loop->is_closed());
    loop->close();
}

BOOST_AUTO_TEST_CASE(the_executor_runs_it_and_nobody_else) {
    boost::asio::io_context context;
    const auto loop = asyncio::attach(context);
    const std::string own =
        "RuntimeError('This event loop is run by the executor it is attached to')";
    BOOST_TEST(error_of([&] { loop->run_forever(); }) == own);
    const auto nothing = []() -> Coroutine<> { co_return; };
    auto coroutine = nothing();
    BOOST_TEST(error_of([&] { loop->run_until_complete(loop->create_future()); }) == own);
    coroutine.close();
    loop->close();
}

// One iteration for each turn: other handlers of the executor run in between.
BOOST_AUTO_TEST_CASE(a_busy_guest_does_not_starve_its_host) {
    boost::asio::io_context context;
    const auto loop = asyncio::attach(context);
    int steps = 0;
    int steps_when_posted_ran = -1;
    const auto body = [&]() -> Coroutine<> {
        boost::asio::post(context, [&] { steps_when_posted_ran = steps; });
        for (; steps < 100; ++steps) co_await asyncio::sleep(0);
    };
    loop->call_soon_threadsafe([&] { asyncio::create_task(body); });
    context.run();
    BOOST_TEST(steps == 100);
    BOOST_TEST(steps_when_posted_ran >= 0);
    BOOST_TEST(steps_when_posted_ran < 10);
    loop->close();
}

// A handler of the host runs outside of the loop.
BOOST_AUTO_TEST_CASE(the_running_loop_is_set_for_its_turn_only) {
    boost::asio::io_context context;
    const auto loop = asyncio::attach(context);
    std::string outside;
    loop->call_soon_threadsafe([&] {
        boost::asio::post(context,
                          [&] { outside = error_of([] { asyncio::get_running_loop(); }); });
    });
    context.run();
    BOOST_TEST(outside == "RuntimeError('no running event loop')");
    loop->close();
}

BOOST_AUTO_TEST_CASE(a_timer_that_was_cancelled_does_not_keep_the_context_at_work) {
    boost::asio::io_context context;
    const auto loop = asyncio::attach(context);
    loop->call_soon_threadsafe([&] {
        const auto timer = loop->call_later(3600, [] {});
        const auto body = [](asyncio::TimerHandle handle) -> Coroutine<> {
            co_await ticks(3);
            handle.cancel();
        };
        asyncio::create_task(body, timer);
    });
    context.run();
    loop->close();
}

BOOST_AUTO_TEST_CASE(a_pending_task_keeps_the_context_at_work) {
    boost::asio::io_context context;
    const auto loop = asyncio::attach(context);
    bool done = false;
    loop->call_soon_threadsafe([&] {
        const auto future = loop->create_future();
        const auto body = [&](asyncio::Future<> f) -> Coroutine<> {
            co_await f;
            done = true;
        };
        asyncio::create_task(body, future);
        // A thread brings the result: nothing else is left to do.
        std::thread([loop, future] {
            loop->call_soon_threadsafe([future] { future.set_result(); });
        }).detach();
    });
    context.run();
    BOOST_TEST(done);
    loop->close();
}

// The loop dies with its context, in order: frames first, reported once.
BOOST_AUTO_TEST_CASE(the_loop_is_closed_when_its_context_is_destroyed) {
    Trace trace;
    asyncio::LoopPtr loop;
    std::unique_ptr<Reports> reports;
    {
        boost::asio::io_context context;
        loop = asyncio::attach(context);
        reports = std::make_unique<Reports>(*loop);
        const auto body = [](Death) -> Coroutine<> {
            co_await asyncio::get_running_loop().create_future();
        };
        loop->call_soon_threadsafe([&] { asyncio::create_task(body(Death(trace, "frame"))); });
        context.run_one();
        context.poll_one();
    }
    BOOST_TEST(loop->is_closed());
    BOOST_TEST(join(trace) == "destroyed frame");
    BOOST_TEST(reports->size() == 1);
    BOOST_TEST(error_of([&] { loop->call_soon_threadsafe([] {}); }) ==
               "RuntimeError('Event loop is closed')");
}

BOOST_AUTO_TEST_CASE(interrupts_leave_the_run_of_the_host) {
    boost::asio::io_context context;
    const auto loop = asyncio::attach(context);
    bool next = false;
    loop->call_soon_threadsafe([&] {
        loop->call_soon([&] { next = true; });
        throw asyncio::KeyboardInterrupt();
    });
    BOOST_CHECK_THROW(context.run(), asyncio::KeyboardInterrupt);
    context.run();
    BOOST_TEST(next);
    loop->close();
}

namespace {

// Fails when two callbacks of a loop run at once or see each other's writes out of order.
struct Serial {
    std::atomic<bool> inside{false};
    bool overlapped = false;
    int count = 0; // written without any lock

    void step() {
        if (inside.exchange(true)) overlapped = true;
        ++count;
        inside.store(false);
    }
};

Coroutine<> work(Serial& serial, int rounds) {
    for (int i = 0; i < rounds; ++i) {
        serial.step();
        co_await asyncio::sleep(i % 8 ? 0.0 : 1e-6);
    }
}

} // namespace

// G-01: a pool's executor is wrapped in a strand.
BOOST_AUTO_TEST_CASE(two_guests_of_one_pool_are_each_strictly_serial) {
    boost::asio::thread_pool pool(2);
    const auto first = asyncio::attach(pool.get_executor());
    const auto second = asyncio::attach(pool.get_executor());
    Serial serials[2];
    int index = 0;
    for (const auto& loop : {first, second}) {
        Serial& serial = serials[index++];
        loop->call_soon_threadsafe([&serial] {
            for (int task = 0; task < 10; ++task) asyncio::create_task(work(serial, 200));
        });
        for (int i = 0; i < 500; ++i) loop->call_soon_threadsafe([&serial] { serial.step(); });
    }
    pool.join();
    for (const Serial& serial : serials) {
        BOOST_TEST(!serial.overlapped);
        BOOST_TEST(serial.count == 10 * 200 + 500);
    }
    first->close();
    second->close();
}

// FUT-08: the last handle may go anywhere.
BOOST_AUTO_TEST_CASE(handles_are_dropped_on_other_threads_while_the_loop_runs) {
    boost::asio::thread_pool pool(2);
    const auto loop = asyncio::attach(pool.get_executor());
    std::atomic<int> destroyed{0};
    struct Count {
        explicit Count(std::atomic<int>& c) : counter(&c) {}
        Count(Count&& other) noexcept : counter(std::exchange(other.counter, nullptr)) {}
        Count& operator=(Count&&) = delete;
        ~Count() {
            if (counter) ++*counter;
        }
        std::atomic<int>* counter;
    };
    loop->call_soon_threadsafe([&] {
        const auto body = [&]() -> Coroutine<> {
            for (int i = 0; i < 200; ++i) {
                auto future = asyncio::get_running_loop().create_future<Count>();
                future.set_result(Count(destroyed));
                boost::asio::post(pool, [f = std::move(future)]() mutable { f = {}; });
                co_await asyncio::sleep(0);
            }
        };
        asyncio::create_task(body);
    });
    pool.join();
    loop->close();
    BOOST_TEST(destroyed == 200);
}

BOOST_AUTO_TEST_SUITE_END()
