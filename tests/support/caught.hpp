// Errors as exception_ptr, and what the language itself does with them.
#pragma once
#include <exception>
#include <utility>

namespace asyncio_test {

template <class E>
std::exception_ptr ptr(E error) {
    return std::make_exception_ptr(std::move(error));
}

template <class E>
std::exception_ptr thrown(E error) {
    try {
        throw error;
    } catch (...) {
        return std::current_exception();
    }
}

/// What a handler for E gets, null without one: the oracle for exception_cast.
template <class E>
const E* caught(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const E& found) {
        return &found;
    } catch (...) {
        return nullptr;
    }
}

} // namespace asyncio_test
