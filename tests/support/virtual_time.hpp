// A loop whose clock jumps to the next deadline instead of waiting for it, so that tests of timers
// take no time and their order is exact.
#pragma once
#include <asyncio/asyncio.hpp>

#include <algorithm>
#include <limits>
#include <memory>

namespace asyncio_test {

/// Its time starts at 1000 seconds. Waiting without any deadline throws AssertionError: nothing
/// could ever happen, unless a descriptor or a thread brings it.
class VirtualLoop : public asyncio::EventLoop {
public:
    double time() const override { return now_; }
    /// A callback that takes long.
    void advance(asyncio::Seconds by) { now_ += by.count(); }
    /// The deadlines the loop waited for.
    int waits() const { return waits_; }

protected:
    void poll(double deadline) override {
        if (deadline == std::numeric_limits<double>::infinity())
            throw asyncio::AssertionError("the loop would wait for ever");
        if (deadline > 0) {
            ++waits_;
            now_ = std::max(now_, deadline);
        }
        EventLoop::poll(0);
    }

private:
    double now_ = 1000;
    int waits_ = 0;
};

inline asyncio::LoopPtr new_virtual_loop() { return std::make_shared<VirtualLoop>(); }

/// asyncio::run with virtual time.
template <class F>
auto run_virtual(F body) {
    return asyncio::run(body, {.loop_factory = new_virtual_loop});
}

/// Seconds since the start of the virtual time.
inline double elapsed() { return asyncio::get_running_loop().time() - 1000; }

} // namespace asyncio_test
