// Layer 4. The seam below transports: one non-blocking byte stream and its readiness.
//
//   transport ── try_read / try_write ──> StreamSocket ──> a socket, or a script in memory
//       ^                                      │
//       └── IoNode in the ready queue <────────┘ wait_readable / wait_writable
//
// Readiness is one-shot: a wait ends by appending its node to the loop's ready queue, once.
// Whatever is written against the seam runs unchanged over memory. Python counterpart: the socket
// and selector calls of asyncio.selector_events.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/loop_core.hpp>
#include <asyncio/detail/ready.hpp>
#include <asyncio/detail/ref.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace asyncio::detail {

/// What waits for readiness. A node is armed by at most one socket at a time.
class IoNode : public ReadyNode {
public:
    bool idle() const noexcept { return state_ == State::idle; }
    bool armed() const noexcept { return state_ == State::armed; }
    bool queued() const noexcept { return state_ == State::queued; }

    /// For sockets: the wait begins, ends by readiness, ends without.
    void arm() noexcept { state_ = State::armed; }
    void fire(LoopCore& core) {
        state_ = State::queued;
        core.push(*this);
    }
    virtual void disarm() noexcept { state_ = State::idle; }

protected:
    /// First thing in run() and discard().
    void settle() noexcept { state_ = State::idle; }

private:
    enum class State : std::uint8_t { idle, armed, queued };
    State state_ = State::idle;
};

/// The outcome of one attempt: how many bytes, or an errno.
struct IoResult {
    std::size_t bytes = 0;
    int error = 0;
    bool would_block = false; // nothing moved and nothing is wrong: wait
};

class StreamSocket : public RefCounted {
public:
    /// Reads what is there, at most `size` bytes; none without an error is the end of the stream.
    virtual IoResult try_read(void* buffer, std::size_t size) noexcept = 0;
    virtual IoResult try_write(std::string_view data) noexcept = 0;
    /// Writes the pieces as one, in order; it may take only the first ones.
    virtual IoResult try_write(std::span<const std::string_view> pieces) noexcept = 0;
    /// Arms a node. After close() it does nothing.
    virtual void wait_readable(IoNode& node) = 0;
    virtual void wait_writable(IoNode& node) = 0;
    /// The peer reads EOF. An errno.
    virtual int shutdown_write() noexcept = 0;
    /// Idempotent. Armed nodes are disarmed, queued ones still run.
    virtual void close() noexcept = 0;
    /// -1 when it is closed or has none.
    virtual int fileno() const noexcept = 0;
    void destroy() noexcept { delete this; }

protected:
    virtual ~StreamSocket() = default;
};

} // namespace asyncio::detail
