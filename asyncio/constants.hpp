// Layer 0. The numbers behind the library's behaviour, under Python's names.
//
// Python counterpart: asyncio.constants, and the private defaults of base_events, selector_events,
// streams and transports. Times are seconds, sizes are bytes unless a comment says otherwise.
#pragma once

#include <cstddef>

namespace asyncio::constants {

/// Writes to a lost connection are dropped silently this often, then each logs a warning.
inline constexpr int LOG_THRESHOLD_FOR_CONNLOST_WRITES = 5;

/// Pause before accepting again after the process ran out of descriptors or memory.
inline constexpr double ACCEPT_RETRY_DELAY = 1.0;

/// Entries of a creation traceback in debug mode.
inline constexpr int DEBUG_STACK_DEPTH = 10;

/// Limits for the two ends of a TLS session; a stalled peer is aborted after them.
inline constexpr double SSL_HANDSHAKE_TIMEOUT = 60.0;
inline constexpr double SSL_SHUTDOWN_TIMEOUT = 30.0;

/// Chunk read from the file when sendfile is emulated.
inline constexpr std::size_t SENDFILE_FALLBACK_READBUFFER_SIZE = 256 * 1024;

/// Default high-water marks of a TLS transport, in KiB.
inline constexpr std::size_t FLOW_CONTROL_HIGH_WATER_SSL_READ = 256;
inline constexpr std::size_t FLOW_CONTROL_HIGH_WATER_SSL_WRITE = 512;

/// How long shutting down the default executor waits for its threads.
inline constexpr double THREAD_JOIN_TIMEOUT = 300.0;

/// Default limit of a StreamReader; its buffer may hold twice as much (streams._DEFAULT_LIMIT).
inline constexpr std::size_t DEFAULT_LIMIT = 64 * 1024;

/// Default write buffer marks of a transport (transports._FlowControlMixin).
inline constexpr std::size_t DEFAULT_HIGH_WATER = 64 * 1024;
inline constexpr std::size_t DEFAULT_LOW_WATER = DEFAULT_HIGH_WATER / 4;

/// Most bytes one read event takes from a socket (selector_events max_size).
inline constexpr std::size_t MAX_READ_SIZE = 256 * 1024;

/// Cancelled timers are purged once there are more timers than this and more than this share of
/// them is cancelled.
inline constexpr std::size_t MIN_SCHEDULED_TIMER_HANDLES = 100;
inline constexpr double MIN_CANCELLED_TIMER_HANDLES_FRACTION = 0.5;

/// Longest single wait for I/O; timers further away wake the loop in between.
inline constexpr double MAXIMUM_SELECT_TIMEOUT = 24.0 * 3600;

/// Default `backlog` of servers.
inline constexpr int DEFAULT_BACKLOG = 100;

/// Default of loop.slow_callback_duration.
inline constexpr double SLOW_CALLBACK_DURATION = 0.1;

} // namespace asyncio::constants
