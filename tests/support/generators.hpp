// What the suites about the end of asynchronous generators share.
#pragma once
#include <asyncio/asyncio.hpp>

#include "tools.hpp"

#include <boost/test/unit_test.hpp>

#include <exception>
#include <string>

namespace asyncio_test {

inline void check_trace(const Trace& trace, const Trace& expected) {
    BOOST_TEST(trace == expected, boost::test_tools::per_element());
}

/// Its clean-up takes an iteration of the loop and throws `error`, if there is one. The trace must
/// outlive the loop: a generator may be closed late.
inline asyncio::AsyncGenerator<int> traced(Trace& trace, std::string name,
                                           std::exception_ptr error = nullptr) {
    const Death death(trace, name);
    std::exception_ptr exit;
    try {
        co_yield 1;
        co_yield 2;
    } catch (...) {
        exit = std::current_exception();
    }
    trace.push_back(name + " cleans up");
    co_await asyncio::sleep(0);
    trace.push_back(name + " cleaned up");
    if (error) std::rethrow_exception(error);
    if (exit) std::rethrow_exception(exit);
}

/// Suspends in its second step.
inline asyncio::AsyncGenerator<int> waiting(Trace& trace, asyncio::Future<> future) {
    const Death death(trace, "generator");
    co_yield 1;
    co_await future;
    trace.push_back("resumed");
    co_yield 2;
}

template <class T>
asyncio::Coroutine<> drain(asyncio::AsyncGenerator<T> items) {
    for (;;) {
        auto item = co_await items.next();
        if (!item) break;
    }
}

} // namespace asyncio_test
