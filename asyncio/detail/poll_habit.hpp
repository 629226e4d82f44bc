// Layer 1. Whether it is worth a system call to look for what may have come meanwhile: guesses from
// how such looks ended so far.
//
// Python looks in every iteration. In a server whose messages come one by one each of these looks
// would find nothing.
#pragma once
#include <algorithm>

namespace asyncio::detail {

/// For looks that should be taken: after `patience` in vain only every `rarely`th is. What is
/// missed that way comes one iteration later.
template <unsigned patience, unsigned rarely>
class PollHabit {
public:
    bool worthwhile() noexcept { return misses_ < patience || ++skipped_ % rarely == 0; }
    void looked(bool found) noexcept { misses_ = found ? 0 : misses_ + 1; }

private:
    unsigned misses_ = 0;
    unsigned skipped_ = 0;
};

/// For looks that are only worthwhile when at least half of them find something.
class TryHabit {
public:
    bool worthwhile() noexcept { return score_ >= half || ++skipped_ % rarely == 0; }
    void tried(bool found) noexcept {
        if (found)
            score_ = std::min(score_ + (score_ < half ? half / 2 : 1), 2 * half);
        else if (score_ > 0)
            --score_;
    }

private:
    static constexpr unsigned half = 8;
    static constexpr unsigned rarely = 64;
    unsigned score_ = 0;
    unsigned skipped_ = 0;
};

} // namespace asyncio::detail
