// Layer 4. sendfile: a file through a transport or a socket without passing through the program.
//
//   sendfile() of the system ─ not possible ─> blocks read on a thread, written with flow control
//
// Python counterpart: base_events.BaseEventLoop.sendfile, sock_sendfile.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/coroutines.hpp>
#include <asyncio/events.hpp>
#include <asyncio/file_arg.hpp>
#include <asyncio/socket.hpp>
#include <asyncio/transports.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>

namespace asyncio {

struct SendfileOptions {
    std::int64_t offset = 0;                ///< Where in the file to begin
    std::optional<std::int64_t> count = {}; ///< How many bytes; by default to the end
    /// Whether to read and write where the system cannot, as with TLS; else
    /// SendfileNotAvailableError.
    bool fallback = true;
};

static_assert(std::is_trivially_destructible_v<SendfileOptions>);

} // namespace asyncio
