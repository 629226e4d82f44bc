// Layer 1. Event loop policies: who makes loops, and which loop belongs to a thread.
//
// For ported code only; new code passes a loop_factory to run(). The policy is process-wide, the
// current loop is per thread. Python counterpart: asyncio.events (deprecated since 3.14).
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/events.hpp>

#include <memory>

namespace asyncio {

class ASYNCIO_EXPORT AbstractEventLoopPolicy {
public:
    virtual ~AbstractEventLoopPolicy();
    /// The loop set for this thread. Throws RuntimeError without one.
    virtual LoopPtr get_event_loop() = 0;
    virtual void set_event_loop(LoopPtr loop) = 0;
    virtual LoopPtr new_event_loop() = 0;
};

/// Keeps the loop of each thread and makes plain EventLoops.
class ASYNCIO_EXPORT DefaultEventLoopPolicy : public AbstractEventLoopPolicy {
public:
    LoopPtr get_event_loop() override;
    void set_event_loop(LoopPtr loop) override;
    LoopPtr new_event_loop() override;
};

using PolicyPtr = std::shared_ptr<AbstractEventLoopPolicy>;

[[deprecated("use loop_factory")]] ASYNCIO_EXPORT PolicyPtr get_event_loop_policy();
/// Null restores the default policy.
[[deprecated("use loop_factory")]] ASYNCIO_EXPORT void set_event_loop_policy(PolicyPtr policy);

} // namespace asyncio
