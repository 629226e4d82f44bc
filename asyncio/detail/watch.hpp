// Layer 2. A completion callback that its owner can take back at any moment.
//
// The owner may die while the callback is already queued: the node then runs and does nothing.
// Used by awaiters that watch several futures (wait, as_completed) or one they do not await.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/future_core.hpp>

#include <utility>

namespace asyncio::detail {

/// While it lives, `target(owner, future)` is called by the loop once the future is done.
class ASYNCIO_EXPORT Watch {
public:
    using Target = void (*)(void* owner, FutureBase& future);

    Watch() noexcept;
    Watch(FutureBase& future, void* owner, Target target);
    Watch(Watch&& other) noexcept;
    Watch& operator=(Watch&& other) noexcept;
    ~Watch();
    /// Nothing is called from now on.
    void stop() noexcept;

private:
    class Node;
    Ref<Node> node_;
};

} // namespace asyncio::detail
