// Layer 4. One receive buffer for all connections: bytes are in it only while a protocol looks at
// them, so an idle connection owns none.
#pragma once
#include <cstddef>
#include <span>

namespace asyncio::detail {

/// MAX_READ_SIZE bytes that belong to this thread. A loop runs on one thread at a time and calls
/// protocols one at a time.
std::span<char> receive_buffer();

} // namespace asyncio::detail
