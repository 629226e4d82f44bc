// Layer 1. The loop of the library, over an Asio io_context.
//
// Python counterpart: asyncio.EventLoop, SelectorEventLoop.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/poll_habit.hpp>
#include <asyncio/events.hpp>

#include <memory>
#include <optional>

namespace asyncio {

namespace detail {
class Driver; // the side of the loop that knows Asio
}

/// Owns an io_context and drives it, or, as a guest, lives on somebody else's executor: see
/// asio.hpp. Destroying an open loop emits ResourceWarning and closes it.
class ASYNCIO_EXPORT EventLoop : public AbstractEventLoop {
public:
    EventLoop();
    explicit EventLoop(std::unique_ptr<detail::Driver> guest_driver);
    ~EventLoop() override;

    /// Runs until stop(). Throws RuntimeError on a guest: its executor runs it.
    void run_forever() override;
    void stop() override;
    void close() override;
    /// One iteration; waits for I/O or timers at most `timeout` (nothing: without limit) when
    /// nothing is ready. For programs that integrate the loop into another one.
    void run_once(std::optional<Seconds> timeout = {});
    std::string repr() const override;

    detail::Driver& driver() const noexcept { return *driver_; }
    /// The guest's driver calls it on the executor: one iteration that never blocks.
    void drain();

protected:
    /// Waits for I/O until `deadline` of time(): 0 does not wait, infinity waits for ever.
    virtual void poll(double deadline);

private:
    void check_can_run();
    void iterate(double limit);
    double deadline(double limit);
    bool poll_is_due() noexcept;
    bool poll_finds();
    void run_batch();
    void destroy_pending() noexcept;

    std::unique_ptr<detail::Driver> driver_;
    bool stopping_ = false;
    unsigned poll_interval_ = 1; // callbacks between polls while there is work
    unsigned since_poll_ = 0;
    unsigned since_ticks_ = 0; // since_poll_ when the time was looked at
    bool just_waited_ = false; // the last poll was one that may block
    detail::PollHabit<64, 256> at_once_;  // to look again in the iteration after that
    detail::PollHabit<64, 256> together_; // to look for more events right after the first
    unsigned long long poll_ticks_ = 0;
};

using SelectorEventLoop = EventLoop;
using ProactorEventLoop = EventLoop;

} // namespace asyncio
