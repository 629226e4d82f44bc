// Layer 5. What a StreamReader has received and nobody has read, and how reads cut pieces off it.
//
// Knows nothing of loops or sockets: bytes are fed in, each request is tried until it has what it
// needs. Python counterpart: the buffer logic of streams.StreamReader.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// Bytes in arrival order; cutting off the front costs no move of the rest. Owns memory only while
/// there are bytes.
class ASYNCIO_EXPORT StreamBuffer {
public:
    /// Throws ValueError "Limit cannot be <= 0".
    explicit StreamBuffer(std::int64_t limit = constants::DEFAULT_LIMIT);
    StreamBuffer(const StreamBuffer&) = delete;
    StreamBuffer& operator=(const StreamBuffer&) = delete;
    ~StreamBuffer() { release(); }

    /// `data` is no part of view().
    void feed(std::string_view data);
    void feed_eof() noexcept { eof_ = true; }

    bool eof() const noexcept { return eof_; }
    std::size_t size() const noexcept { return end_ - start_; }
    bool empty() const noexcept { return start_ == end_; }
    std::size_t limit() const noexcept { return limit_; }
    std::string_view view() const noexcept { return {bytes_ + start_, size()}; }

    /// Cuts off the first `count` bytes, or all when there are fewer.
    std::string take(std::size_t count);
    void drop(std::size_t count) noexcept;

    /// Sets aside what there is, behind what is set aside already: it counts no longer. Returns
    /// how much.
    std::size_t set_aside() noexcept;
    /// Cuts off what is set aside.
    std::string take_aside();
    /// What is set aside is there again, at the front.
    void put_back() noexcept { start_ -= std::exchange(aside_, 0); }

private:
    void make_room(std::size_t count);
    void release() noexcept;

    char* bytes_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t start_ = 0; // what is before is read, but for the last aside_ bytes
    std::size_t end_ = 0;
    std::size_t aside_ = 0;
    std::size_t limit_;
    bool eof_ = false;
};

/// A read(n): whatever is there, at most n bytes. Negative: everything up to EOF.
class ASYNCIO_EXPORT ReadSome {
public:
    explicit ReadSome(std::int64_t count) noexcept : count_(count) {}
    /// Throws ValueError for arguments that no buffer can satisfy.
    void validate() const noexcept {}
    /// Stores the result; false while more data is needed. Throws what the read throws.
    bool attempt(StreamBuffer& buffer, std::string& result);
    /// The read is given up: what it has taken goes back.
    void give_back(StreamBuffer& buffer) noexcept {
        if (std::exchange(took_, false)) buffer.put_back();
    }

private:
    std::int64_t count_;
    bool took_ = false; // and set aside
};

class ASYNCIO_EXPORT ReadExactly {
public:
    explicit ReadExactly(std::int64_t count) noexcept : count_(count) {}
    void validate() const;
    bool attempt(StreamBuffer& buffer, std::string& result);
    void give_back(StreamBuffer&) const noexcept {}

private:
    std::int64_t count_;
};

/// A readuntil: the bytes up to and with the first separator.
class ASYNCIO_EXPORT ReadUntil {
public:
    explicit ReadUntil(std::string separator) : separators_(1, std::move(separator)) {}
    explicit ReadUntil(std::vector<std::string> separators) : separators_(std::move(separators)) {}
    void validate();
    bool attempt(StreamBuffer& buffer, std::string& result);
    void give_back(StreamBuffer&) const noexcept {}

private:
    std::vector<std::string> separators_; // the shortest first, once validated
    std::size_t scanned_ = 0;             // no match starts before it
};

/// A readline: as ReadUntil("\n"), but the end of the stream ends the line, and one that is too
/// long is dropped and raises ValueError.
class ASYNCIO_EXPORT ReadLine {
public:
    void validate() const noexcept {}
    bool attempt(StreamBuffer& buffer, std::string& result);
    void give_back(StreamBuffer&) const noexcept {}

private:
    std::size_t scanned_ = 0;
};

} // namespace asyncio::detail
