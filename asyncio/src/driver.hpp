// Layer 1. How a loop waits: the seam between the ready queue and an Asio executor.
#pragma once
#include <asyncio/event_loop.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace asyncio::detail {

class Driver {
public:
    virtual ~Driver() = default;
    /// Runs the completion handlers that are ready; returns how many.
    virtual std::size_t poll() = 0;
    /// Waits until one is ready, and runs it, or until `deadline` (seconds of the steady clock).
    virtual void wait(double deadline) = 0;
    /// From any thread: ends a wait, or schedules a drain of a guest.
    virtual void wake() = 0;
    /// Binds a guest's driver to its loop; the owner's needs none.
    virtual void attach(EventLoop&) {}
    /// The loop is closing; nothing of it may be called afterwards.
    virtual void shutdown() noexcept = 0;
    virtual bool guest() const noexcept = 0;
    /// Where the loop's sockets live.
    virtual boost::asio::any_io_executor executor() const = 0;
};

std::unique_ptr<Driver> make_owner_driver();
std::unique_ptr<Driver> make_guest_driver(boost::asio::any_io_executor executor);

/// The executor of a running native loop. Throws NotImplementedError for a user's own loop.
ASYNCIO_EXPORT boost::asio::any_io_executor executor_of(AbstractEventLoop& loop);

} // namespace asyncio::detail
