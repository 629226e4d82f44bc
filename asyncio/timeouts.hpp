// Layer 2. timeout(): a deadline for a block of code.
//
// Expiry cancels the task; leaving the block turns that cancellation, and no other, into
// TimeoutError. Python counterpart: asyncio.timeouts.
#pragma once
#include <asyncio/async_with.hpp>
#include <asyncio/config.hpp>
#include <asyncio/detail/ref.hpp>
#include <asyncio/events.hpp>
#include <asyncio/seconds.hpp>

#include <exception>
#include <optional>

namespace asyncio {

namespace detail {
class TimeoutState;
}

/// Used with async_with(timeout(...), body), once. A handle: the body may move the deadline.
class ASYNCIO_EXPORT Timeout {
public:
    /// A timeout that is not armed while `when` is empty.
    explicit Timeout(std::optional<double> when);
    Timeout(const Timeout&) noexcept;
    Timeout& operator=(const Timeout&) noexcept;
    ~Timeout();

    /// The deadline in seconds of loop.time().
    std::optional<double> when() const noexcept;
    /// Moves the deadline; empty disarms. Throws RuntimeError outside the block.
    void reschedule(std::optional<double> when) const;
    /// True from the moment the deadline passes inside the block.
    bool expired() const noexcept;

    Timeout aenter() const;
    /// Throws TimeoutError, with the CancelledError as its cause, when the block timed out.
    bool aexit(std::exception_ptr error) const;

private:
    detail::Ref<detail::TimeoutState> state_;
};

/// A deadline `delay` from now; empty: none. Throws RuntimeError outside a running loop.
ASYNCIO_EXPORT Timeout timeout(std::optional<Seconds> delay);
/// A deadline at a time of loop.time().
ASYNCIO_EXPORT Timeout timeout_at(std::optional<double> when);

} // namespace asyncio
