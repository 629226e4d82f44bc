// The generic cancellation test (support/cancelling.hpp) over locks, queues, threads, generators,
// lookups. What is made of tasks and futures alone is in cancel_everywhere_test.cpp.
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"

#include <boost/test/unit_test.hpp>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <netdb.h>

using asyncio::Coroutine;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;

namespace {

asyncio::AbstractEventLoop& loop() { return asyncio::get_running_loop(); }

struct Sleeping : Scene {
    Coroutine<> wait() override { co_await asyncio::sleep(0.001); }
    Coroutine<> complete() override { co_await asyncio::sleep(0.001); }
};

struct SleepingForOneIteration : Scene {
    Coroutine<> wait() override { co_await asyncio::sleep(0); }
};

// Somebody else stands behind the wait, and must get what the wait does not take.
template <class L>
struct Acquiring : Scene {
    Coroutine<> set_up() override { co_await lock.acquire(); }
    Coroutine<> wait() override { co_await lock.acquire(); }
    Coroutine<> complete() override {
        next = asyncio::create_task(lock.acquire());
        co_await asyncio_test::ticks(1);
        lock.release();
    }
    Coroutine<> check(bool ended) override {
        if (ended) lock.release();
        co_await next;
        BOOST_TEST(lock.locked());
        lock.release();
        BOOST_TEST(!lock.locked());
    }
    L lock;
    asyncio::Task<bool> next;
};

struct WaitingForTheEvent : Scene {
    Coroutine<> wait() override { co_await event.wait(); }
    Coroutine<> complete() override {
        event.set();
        co_return;
    }
    Coroutine<> check(bool) override { co_await event.wait(); }
    asyncio::Event event;
};

// Whoever waited has the lock again, cancelled or not; it releases it.
struct WaitingForTheCondition : Scene {
    Coroutine<> wait() override {
        const auto guard = co_await condition.scoped();
        co_await condition.wait();
    }
    Coroutine<> complete() override {
        const auto guard = co_await condition.scoped();
        condition.notify_all();
    }
    Coroutine<> check(bool) override {
        BOOST_TEST(!condition.locked());
        co_return;
    }
    asyncio::Condition condition;
};

struct WaitingForThePredicate : Scene {
    Coroutine<> wait() override {
        const auto guard = co_await condition.scoped();
        co_await condition.wait_for([this] { return open; });
    }
    Coroutine<> complete() override {
        const auto guard = co_await condition.scoped();
        open = true;
        condition.notify_all();
    }
    Coroutine<> check(bool) override {
        BOOST_TEST(!condition.locked());
        co_return;
    }
    asyncio::Condition condition;
    bool open = false;
};

struct WaitingAtTheBarrier : Scene {
    Coroutine<> wait() override { co_await barrier.wait(); }
    Coroutine<> complete() override {
        if (barrier.n_waiting() == 1) co_await barrier.wait();
    }
    Coroutine<> check(bool) override {
        co_await asyncio_test::ticks(2);
        BOOST_TEST(barrier.n_waiting() == 0);
        BOOST_TEST(!barrier.broken());
    }
    asyncio::Barrier barrier{2};
};

struct Getting : Scene {
    Coroutine<> wait() override { item = co_await queue.get(); }
    Coroutine<> complete() override {
        next = asyncio::create_task(queue.get());
        co_await asyncio_test::ticks(1);
        co_await queue.put("first");
    }
    Coroutine<> check(bool ended) override {
        if (ended) co_await queue.put("second");
        BOOST_TEST(item == (ended ? "first" : ""));
        const std::string other = co_await next;
        BOOST_TEST(other == (ended ? "second" : "first"));
        BOOST_TEST(queue.empty());
    }
    asyncio::Queue<std::string> queue;
    asyncio::Task<std::string> next;
    std::string item;
};

struct Putting : Scene {
    Coroutine<> set_up() override { co_await queue.put("first"); }
    Coroutine<> wait() override { co_await queue.put("mine"); }
    Coroutine<> complete() override {
        next = asyncio::create_task(queue.put("other"));
        co_await asyncio_test::ticks(1);
        const std::string first = co_await queue.get();
        BOOST_TEST(first == "first");
    }
    Coroutine<> check(bool ended) override {
        if (ended) {
            const std::string mine = co_await queue.get();
            BOOST_TEST(mine == "mine");
        }
        co_await next;
        const std::string other = co_await queue.get();
        BOOST_TEST(other == "other");
        BOOST_TEST(queue.empty());
    }
    asyncio::Queue<std::string> queue{1};
    asyncio::Task<> next;
};

struct Joining : Scene {
    Coroutine<> set_up() override { co_await queue.put(1); }
    Coroutine<> wait() override { co_await queue.join(); }
    Coroutine<> complete() override {
        queue.task_done();
        co_return;
    }
    Coroutine<> check(bool) override { co_await queue.join(); }
    asyncio::Queue<int> queue;
};

// A function on a thread that the test lets go. Cancelled, it runs on by itself.
struct OnAThread : Scene {
    struct Gate {
        std::promise<void> promise;
        std::shared_future<void> future = promise.get_future().share();
        bool open = false;
        void let_go() {
            if (!std::exchange(open, true)) promise.set_value();
        }
    };
    Coroutine<> complete() override {
        gate->let_go();
        co_return;
    }
    ~OnAThread() override { gate->let_go(); }
    std::shared_ptr<Gate> gate = std::make_shared<Gate>();
    int value = 0;
};

int pass(const std::shared_ptr<OnAThread::Gate>& gate) {
    gate->future.wait();
    return 42;
}

struct ToThread : OnAThread {
    Coroutine<> wait() override { value = co_await asyncio::to_thread(pass, gate); }
    Coroutine<> check(bool ended) override {
        BOOST_TEST(value == (ended ? 42 : 0));
        const int next = co_await asyncio::to_thread([] { return 1; });
        BOOST_TEST(next == 1);
    }
};

struct RunInExecutor : OnAThread {
    Coroutine<> wait() override { value = co_await loop().run_in_executor(nullptr, pass, gate); }
    Coroutine<> check(bool ended) override {
        BOOST_TEST(value == (ended ? 42 : 0));
        co_return;
    }
};

asyncio::AsyncGenerator<int> numbers(asyncio::Event event) {
    co_yield 1;
    co_await event.wait();
    co_yield 2;
}

// A cancel is thrown in the body, which ends it.
struct NextOfAGenerator : Scene {
    Coroutine<> set_up() override {
        const auto first = co_await generator.next();
        BOOST_TEST((first == 1));
    }
    Coroutine<> wait() override {
        started = true;
        item = co_await generator.next();
    }
    Coroutine<> complete() override {
        event.set();
        co_return;
    }
    Coroutine<> check(bool ended) override {
        if (!started) item = co_await generator.next();
        if (ended || !started) BOOST_TEST((item == 2));
        const auto last = co_await generator.next();
        BOOST_TEST(!last);
    }
    asyncio::Event event;
    asyncio::AsyncGenerator<int> generator = numbers(event);
    std::optional<int> item;
    bool started = false;
};

asyncio::AsyncGenerator<int> cleaning(asyncio::Event event) {
    std::exception_ptr error;
    try {
        co_yield 1;
    } catch (const asyncio::GeneratorExit&) {
        error = std::current_exception();
    }
    co_await event.wait();
    if (error) std::rethrow_exception(error);
}

struct ClosingAGenerator : Scene {
    Coroutine<> set_up() override {
        const auto first = co_await generator.next();
        BOOST_TEST((first == 1));
    }
    Coroutine<> wait() override { co_await generator.aclose(); }
    Coroutine<> complete() override {
        event.set();
        co_return;
    }
    Coroutine<> check(bool) override {
        co_await generator.aclose();
        const auto last = co_await generator.next();
        BOOST_TEST(!last);
    }
    asyncio::Event event;
    asyncio::AsyncGenerator<int> generator = cleaning(event);
};

// A lookup ends by itself; another one takes about as long.
struct LookingUpAName : Scene {
    Coroutine<> wait() override { found = (co_await loop().getaddrinfo("here.test", 80)).size(); }
    Coroutine<> complete() override { co_await loop().getaddrinfo("here.test", 80); }
    Coroutine<> check(bool ended) override {
        BOOST_TEST((found > 0) == ended);
        co_return;
    }
    std::size_t found = 0;
};

struct LookingUpAnAddress : Scene {
    const asyncio::SocketAddress address{"127.0.0.1", 80};
    Coroutine<> wait() override { co_await loop().getnameinfo(address, NI_NUMERICHOST); }
    Coroutine<> complete() override { co_await loop().getnameinfo(address, NI_NUMERICHOST); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation)

BOOST_AUTO_TEST_CASE(sleep) { cancel_in_every_way<Sleeping>(); }
BOOST_AUTO_TEST_CASE(sleep_zero) { cancel_in_every_way<SleepingForOneIteration>(); }
BOOST_AUTO_TEST_CASE(lock) { cancel_in_every_way<Acquiring<asyncio::Lock>>(); }
BOOST_AUTO_TEST_CASE(semaphore) { cancel_in_every_way<Acquiring<asyncio::Semaphore>>(); }
BOOST_AUTO_TEST_CASE(bounded) { cancel_in_every_way<Acquiring<asyncio::BoundedSemaphore>>(); }
BOOST_AUTO_TEST_CASE(event) { cancel_in_every_way<WaitingForTheEvent>(); }
BOOST_AUTO_TEST_CASE(condition) { cancel_in_every_way<WaitingForTheCondition>(); }
BOOST_AUTO_TEST_CASE(condition_wait_for) { cancel_in_every_way<WaitingForThePredicate>(); }
BOOST_AUTO_TEST_CASE(barrier) { cancel_in_every_way<WaitingAtTheBarrier>(); }
BOOST_AUTO_TEST_CASE(queue_get) { cancel_in_every_way<Getting>(); }
BOOST_AUTO_TEST_CASE(queue_put) { cancel_in_every_way<Putting>(); }
BOOST_AUTO_TEST_CASE(queue_join) { cancel_in_every_way<Joining>(); }
BOOST_AUTO_TEST_CASE(to_thread) { cancel_in_every_way<ToThread>(); }
BOOST_AUTO_TEST_CASE(run_in_executor) { cancel_in_every_way<RunInExecutor>(); }
BOOST_AUTO_TEST_CASE(generator_next) { cancel_in_every_way<NextOfAGenerator>(); }
BOOST_AUTO_TEST_CASE(generator_aclose) { cancel_in_every_way<ClosingAGenerator>(); }
BOOST_AUTO_TEST_CASE(getaddrinfo) { cancel_in_every_way<LookingUpAName>(); }
BOOST_AUTO_TEST_CASE(getnameinfo) { cancel_in_every_way<LookingUpAnAddress>(); }

BOOST_AUTO_TEST_SUITE_END()
