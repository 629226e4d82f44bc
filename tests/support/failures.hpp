// Checks of what awaiting throws.
#pragma once
#include <asyncio/asyncio.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace asyncio_test {

/// What awaiting the coroutine throws, as "Type: text"; "nothing" without an error.
template <class T>
asyncio::Coroutine<std::string> failure_of(asyncio::Coroutine<T> coroutine) {
    std::string error = "nothing";
    try {
        co_await std::move(coroutine);
    } catch (const asyncio::Exception& e) {
        error = asyncio::type_name(e) + ": " + e.str();
    }
    co_return error;
}

template <class T>
asyncio::Coroutine<> fails(asyncio::Coroutine<T> coroutine, std::string expected) {
    const std::string error = co_await failure_of(std::move(coroutine));
    BOOST_TEST(error == expected);
}

template <class T>
asyncio::Coroutine<> fails_like(asyncio::Coroutine<T> coroutine, std::string start) {
    const std::string error = co_await failure_of(std::move(coroutine));
    BOOST_TEST(error.starts_with(start), error);
}

} // namespace asyncio_test
