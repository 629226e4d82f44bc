// Layer 0. A duration, as Python's asyncio takes them: seconds, with a fraction.
#pragma once
#include <chrono>

namespace asyncio {

/// Seconds as a double, from a number or from any std::chrono duration.
class Seconds {
public:
    constexpr Seconds() noexcept = default;
    constexpr Seconds(double seconds) noexcept : value_(seconds) {}
    template <class Rep, class Period>
    constexpr Seconds(std::chrono::duration<Rep, Period> duration) noexcept
        : value_(std::chrono::duration<double>(duration).count()) {}

    constexpr double count() const noexcept { return value_; }
    friend constexpr bool operator==(Seconds, Seconds) noexcept = default;
    friend constexpr auto operator<=>(Seconds, Seconds) noexcept = default;

private:
    double value_ = 0;
};

} // namespace asyncio
