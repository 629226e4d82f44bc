// What a program of the tests knows about its own process: memory, descriptors, how it was built.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <sys/resource.h>

// A sanitizer keeps freed memory back and shadows what is in use, so resident memory says nothing
// there. It is also several times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ASYNCIO_TEST_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ASYNCIO_TEST_SANITIZED true
#endif
#endif
#ifndef ASYNCIO_TEST_SANITIZED
#define ASYNCIO_TEST_SANITIZED false
#endif

namespace asyncio_test {

inline constexpr bool sanitized = ASYNCIO_TEST_SANITIZED;
#ifdef __OPTIMIZE__
inline constexpr bool optimized = true;
#else
inline constexpr bool optimized = false;
#endif

inline std::ptrdiff_t open_descriptors() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

/// A line of /proc/self/status that is a size: VmRSS is what is resident, VmHWM the most so far.
inline std::size_t memory_bytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(name + ":")) return std::stoul(line.substr(name.size() + 1)) * 1024;
    throw std::runtime_error("no " + name);
}

/// How many descriptors the process may have, after asking for as many as it is allowed to.
inline std::size_t raise_descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
}

} // namespace asyncio_test
