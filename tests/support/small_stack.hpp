// A thread with a small stack: what recurses once for each link of a chain overflows it soon, so
// chains need not be long to show that nothing does.
#pragma once
#include <cstddef>
#include <exception>
#include <functional>
#include <new>
#include <utility>

#include <pthread.h>

namespace asyncio_test {

constexpr std::size_t small_stack = 256 * 1024;
/// Links of a chain that overflow it when each costs 16 bytes, less than any call does.
constexpr int deep = 20'000;

/// Calls the function there and waits for its end; throws what it throws.
inline void on_small_stack(std::function<void()> function) {
    struct Call {
        std::function<void()> function;
        std::exception_ptr error = nullptr;
    } call{std::move(function)};
    const auto start = [](void* argument) -> void* {
        auto& started = *static_cast<Call*>(argument);
        try {
            started.function();
        } catch (...) {
            started.error = std::current_exception();
        }
        return nullptr;
    };
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, small_stack);
    pthread_t thread;
    const int failed = ::pthread_create(&thread, &attributes, start, &call);
    ::pthread_attr_destroy(&attributes);
    if (failed) throw std::bad_alloc();
    ::pthread_join(thread, nullptr);
    if (call.error) std::rethrow_exception(call.error);
}

} // namespace asyncio_test
