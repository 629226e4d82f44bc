// The generic cancellation test (support/cancelling.hpp) over what is made of tasks and futures.
#include <asyncio/asyncio.hpp>

#include "support/cancelling.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using asyncio::Coroutine;
using asyncio::Future;
using asyncio_test::cancel_in_every_way;
using asyncio_test::Scene;

namespace {

Coroutine<> wait_on(Future<> gate) { co_await gate; }

// Awaits what `await` makes of a future.
template <Coroutine<> await(Future<>)>
struct Gated : Scene {
    Coroutine<> set_up() override {
        gate = asyncio::get_running_loop().create_future();
        co_return;
    }
    Coroutine<> wait() override { co_await await(gate); }
    Coroutine<> complete() override {
        if (!gate.done()) gate.set_result();
        co_return;
    }
    Future<> gate;
};

Coroutine<> a_future(Future<> gate) { co_await gate; }
Coroutine<> a_future_ref(Future<> gate) { co_await asyncio::FutureRef(gate); }
Coroutine<> a_coroutine(Future<> gate) { co_await wait_on(gate); }
Coroutine<> a_task(Future<> gate) { co_await asyncio::create_task(wait_on(gate)); }
Coroutine<> a_gather(Future<> gate) { co_await asyncio::gather(gate, wait_on(gate)); }
Coroutine<> outcomes(Future<> gate) {
    co_await asyncio::gather(asyncio::return_exceptions, gate, wait_on(gate));
}
Coroutine<> a_shield(Future<> gate) { co_await asyncio::shield(gate); }
Coroutine<> a_wait(Future<> gate) {
    const std::vector futures{gate};
    co_await asyncio::wait(futures, {.timeout = 3600});
}
Coroutine<> a_wait_for(Future<> gate) { co_await asyncio::wait_for(wait_on(gate), 3600); }
Coroutine<> completed(Future<> gate) {
    const std::vector futures{gate};
    const auto all = asyncio::as_completed(futures, {.timeout = 3600});
    co_await all.next();
}
Coroutine<> a_timeout(Future<> gate) {
    co_await asyncio::async_with(asyncio::timeout(3600), [&]() -> Coroutine<> { co_await gate; });
}
Coroutine<> a_group(Future<> gate) {
    co_await asyncio::async_with(asyncio::TaskGroup(),
                                 [&](asyncio::TaskGroup group) -> Coroutine<> {
                                     group.create_task(wait_on(gate));
                                     co_await gate;
                                 });
}

// A shielded future outlives whoever waits for it.
struct Shielded : Gated<a_shield> {
    Coroutine<> check(bool) override {
        BOOST_TEST(gate.done());
        BOOST_TEST(!gate.cancelled());
        co_return;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_tasks)

BOOST_AUTO_TEST_CASE(future) { cancel_in_every_way<Gated<a_future>>(); }
BOOST_AUTO_TEST_CASE(future_ref) { cancel_in_every_way<Gated<a_future_ref>>(); }
BOOST_AUTO_TEST_CASE(coroutine) { cancel_in_every_way<Gated<a_coroutine>>(); }
BOOST_AUTO_TEST_CASE(task) { cancel_in_every_way<Gated<a_task>>(); }
BOOST_AUTO_TEST_CASE(gather) { cancel_in_every_way<Gated<a_gather>>(); }
BOOST_AUTO_TEST_CASE(gather_outcomes) { cancel_in_every_way<Gated<outcomes>>(); }
BOOST_AUTO_TEST_CASE(shield) { cancel_in_every_way<Shielded>(); }
BOOST_AUTO_TEST_CASE(wait) { cancel_in_every_way<Gated<a_wait>>(); }
BOOST_AUTO_TEST_CASE(wait_for) { cancel_in_every_way<Gated<a_wait_for>>(); }
BOOST_AUTO_TEST_CASE(as_completed) { cancel_in_every_way<Gated<completed>>(); }
BOOST_AUTO_TEST_CASE(timeout) { cancel_in_every_way<Gated<a_timeout>>(); }
BOOST_AUTO_TEST_CASE(task_group) { cancel_in_every_way<Gated<a_group>>(); }

BOOST_AUTO_TEST_SUITE_END()
