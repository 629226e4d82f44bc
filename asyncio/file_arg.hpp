// Layer 4. FileArg: what has a file descriptor.
//
// Python counterpart: selectors._fileobj_to_fd.
#pragma once
#include <asyncio/config.hpp>

#include <concepts>

namespace asyncio {

/// A descriptor, or an object that tells its own by fileno() or native_handle(). It owns nothing.
class FileArg {
public:
    constexpr FileArg(int fd) noexcept : fd_(fd) {}
    template <class T>
        requires requires(const T& file) {
            { file.fileno() } -> std::convertible_to<int>;
        }
    FileArg(const T& file) : fd_(file.fileno()) {}
    template <class T>
        requires(!requires(const T& file) { file.fileno(); }) && requires(T& file) {
            { file.native_handle() } -> std::convertible_to<int>;
        }
    FileArg(T& file) : fd_(file.native_handle()) {}

    /// Throws ValueError "Invalid file descriptor: -1" for a negative one.
    ASYNCIO_EXPORT int fileno() const;

private:
    int fd_;
};

} // namespace asyncio
