// Layer 4. See detail/water_marks.hpp.
#include <asyncio/detail/water_marks.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/transports.hpp>

namespace asyncio::detail {

void WaterMarks::set(WriteBufferLimits limits) {
    constexpr auto usual = static_cast<std::int64_t>(constants::DEFAULT_HIGH_WATER);
    const std::int64_t high = limits.high ? *limits.high : limits.low ? 4 * *limits.low : usual;
    const std::int64_t low = limits.low ? *limits.low : high >> 2; // rounds down, as Python
    if (high < low || low < 0)
        throw ValueError("high (" + std::to_string(high) + ") must be >= low (" +
                         std::to_string(low) + ") must be >= 0");
    high_ = static_cast<std::size_t>(high);
    low_ = static_cast<std::size_t>(low);
}

} // namespace asyncio::detail
