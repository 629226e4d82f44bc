// Layer 4. One receive buffer for all connections: bytes are in it only while a protocol looks at
// them, so an idle connection owns none.
#pragma once
#include <cstddef>
#include <memory>
#include <span>

namespace asyncio::detail {

/// MAX_READ_SIZE bytes that belong to this thread. A loop runs on one thread at a time and calls
/// protocols one at a time.
std::span<char> receive_buffer();

/// As many bytes for one scope, for what is made of received bytes while they are still in the
/// receive buffer. Scopes nest; the thread keeps the memory for the next ones.
class SpareBuffer {
public:
    SpareBuffer();
    SpareBuffer(const SpareBuffer&) = delete;
    SpareBuffer& operator=(const SpareBuffer&) = delete;
    ~SpareBuffer();
    std::span<char> bytes() const noexcept;

private:
    std::unique_ptr<char[]> bytes_;
};

} // namespace asyncio::detail
