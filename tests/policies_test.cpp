// Policies and the loop of a thread. // own loop only
#include <asyncio/asyncio.hpp>

#include "support/tools.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <thread>

using asyncio_test::error_of;

// Deprecated as in Python, and tested all the same.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace {

struct CountingPolicy : asyncio::DefaultEventLoopPolicy {
    asyncio::LoopPtr new_event_loop() override {
        ++made;
        return DefaultEventLoopPolicy::new_event_loop();
    }
    int made = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(policies)

// POL-02, POL-03
BOOST_AUTO_TEST_CASE(a_thread_has_the_loop_that_was_set) {
    const auto loop = asyncio::new_event_loop();
    const std::string none =
        "RuntimeError(\"There is no current event loop in thread 'MainThread'.\")";
    BOOST_TEST(error_of([] { asyncio::get_event_loop(); }) == none); // making does not set
    asyncio::set_event_loop(loop);
    BOOST_TEST(&asyncio::get_event_loop() == loop.get());
    asyncio::set_event_loop(nullptr);
    BOOST_TEST(error_of([] { asyncio::get_event_loop(); }) == none);
    loop->close();
}

// POL-01
BOOST_AUTO_TEST_CASE(the_loop_is_per_thread) {
    const auto loop = asyncio::new_event_loop();
    asyncio::set_event_loop(loop);
    std::string error;
    std::thread([&] { error = error_of([] { asyncio::get_event_loop(); }); }).join();
    BOOST_TEST(
        error.starts_with("RuntimeError(\"There is no current event loop in thread 'Thread-"));
    asyncio::set_event_loop(nullptr);
    loop->close();
}

// POL-02
BOOST_AUTO_TEST_CASE(inside_a_callback_it_is_the_running_loop) {
    const auto loop = asyncio::new_event_loop();
    const auto other = asyncio::new_event_loop();
    asyncio::set_event_loop(other);
    const asyncio::AbstractEventLoop* seen = nullptr;
    loop->call_soon([&] {
        seen = &asyncio::get_event_loop();
        loop->stop();
    });
    loop->run_forever();
    BOOST_TEST(seen == loop.get());
    asyncio::set_event_loop(nullptr);
    loop->close();
    other->close();
}

// POL-01
BOOST_AUTO_TEST_CASE(the_policy_is_process_wide_and_null_restores_the_default) {
    const auto before = asyncio::get_event_loop_policy();
    const auto policy = std::make_shared<CountingPolicy>();
    asyncio::set_event_loop_policy(policy);
    BOOST_TEST((asyncio::get_event_loop_policy() == policy));
    std::thread([] { asyncio::new_event_loop()->close(); }).join();
    asyncio::run([]() -> asyncio::Coroutine<> { co_return; });
    BOOST_TEST(policy->made == 2);
    asyncio::set_event_loop_policy(nullptr);
    BOOST_TEST((asyncio::get_event_loop_policy() != policy));
    BOOST_TEST(!!before);
}

BOOST_AUTO_TEST_SUITE_END()
