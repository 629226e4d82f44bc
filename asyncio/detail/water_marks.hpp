// Layer 4. When a writer is to be held back: the arithmetic of the water marks.
//
// Python counterpart: transports._FlowControlMixin.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/constants.hpp>

#include <cstddef>

namespace asyncio {
struct WriteBufferLimits;
}

namespace asyncio::detail {

class ASYNCIO_EXPORT WaterMarks {
public:
    /// Throws ValueError and changes nothing unless high >= low >= 0.
    void set(WriteBufferLimits limits);
    std::size_t low() const noexcept { return low_; }
    std::size_t high() const noexcept { return high_; }
    bool paused() const noexcept { return paused_; }

    /// True when pause_writing() is to be called now that `size` bytes are buffered.
    bool should_pause(std::size_t size) noexcept {
        if (size <= high_ || paused_) return false;
        return paused_ = true;
    }
    /// True when resume_writing() is to be called.
    bool should_resume(std::size_t size) noexcept {
        if (!paused_ || size > low_) return false;
        paused_ = false;
        return true;
    }

private:
    std::size_t low_ = constants::DEFAULT_LOW_WATER;
    std::size_t high_ = constants::DEFAULT_HIGH_WATER;
    bool paused_ = false;
};

} // namespace asyncio::detail
