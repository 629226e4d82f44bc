// Layer 1. Whether it is worth a system call to look for what may have come meanwhile: a guess from
// how such looks ended so far.
//
// Python looks in every iteration. In a server whose messages come one by one each of these looks
// would find nothing, so after `patience` looks in vain only every `rarely`th is taken. What is
// missed that way comes one iteration later.
#pragma once

namespace asyncio::detail {

template <unsigned patience, unsigned rarely>
class PollHabit {
public:
    constexpr PollHabit() = default;
    /// One that has looked in vain so many times.
    explicit constexpr PollHabit(unsigned misses) noexcept : misses_(misses) {}
    bool worthwhile() noexcept { return misses_ < patience || ++misses_ % rarely == 0; }
    void looked(bool found) noexcept { misses_ = found ? 0 : misses_ + 1; }

private:
    unsigned misses_ = 0;
};

} // namespace asyncio::detail
