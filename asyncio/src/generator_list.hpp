// Layer 1. A loop's living asynchronous generators.
#pragma once
#include <asyncio/detail/ref.hpp>

#include <mutex>
#include <vector>

namespace asyncio::detail {

class GeneratorCore;

/// The started generators that have not ended, oldest first. It owns none of them: the last handle,
/// on whatever thread, removes its generator. Thread-safe.
/// Python counterpart: BaseEventLoop._asyncgens.
class GeneratorList {
public:
    /// False when shut_down() was called before.
    bool add(GeneratorCore& generator) noexcept;
    void remove(GeneratorCore& generator) noexcept;
    /// Empties the list. The generators in it, but for those whose last handle is just going away.
    std::vector<Ref<GeneratorCore>> shut_down();

private:
    std::mutex mutex_;
    GeneratorCore* first_ = nullptr;
    GeneratorCore* last_ = nullptr;
    bool shut_down_ = false;
};

} // namespace asyncio::detail
