// Layer 4. The bytes a transport could not send at once, in order.
//
// Small writes are gathered in chunks, so a thousand of them cost a few system calls and no list.
// Python counterpart: the deque _SelectorTransport._buffer.
#pragma once
#include <asyncio/config.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asyncio::detail {

class ASYNCIO_EXPORT WriteBuffer {
public:
    bool empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }
    /// Appends a copy.
    void append(std::string_view data);
    /// Appends without a copy what follows the first `sent` bytes.
    void append(std::string&& data, std::size_t sent);
    /// The first pieces, as many as `out` has room for; returns how many.
    std::size_t peek(std::span<std::string_view> out) const noexcept;
    /// Drops the first `count` bytes.
    void consume(std::size_t count) noexcept;
    /// Drops all and gives the memory back.
    void clear() noexcept;

private:
    static constexpr std::size_t chunk_size = 64 * 1024;

    std::vector<std::string> chunks_;
    std::size_t first_ = 0; // chunks before it are sent
    std::size_t sent_ = 0;  // bytes of the first chunk that are sent
    std::size_t size_ = 0;
};

} // namespace asyncio::detail
