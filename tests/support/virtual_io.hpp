// Virtual time for tests with sockets: what the system has ready comes before any deadline.
#pragma once
#include <asyncio/src/driver.hpp>

#include "virtual_time.hpp"

#include <limits>
#include <memory>

namespace asyncio_test {

/// The clock jumps only when the system has nothing ready. Without a deadline it waits for the
/// system for real, so what happens on the loopback interface is in order.
class VirtualIoLoop : public VirtualLoop {
protected:
    void poll(double deadline) override {
        if (deadline == 0 || deadline == std::numeric_limits<double>::infinity())
            EventLoop::poll(deadline);
        else if (driver().poll() == 0)
            VirtualLoop::poll(deadline);
    }
};

/// asyncio::run with virtual time and sockets.
template <class F>
auto run_virtual_io(F body) {
    const auto make = []() -> asyncio::LoopPtr { return std::make_shared<VirtualIoLoop>(); };
    return asyncio::run(body, {.loop_factory = make});
}

} // namespace asyncio_test
