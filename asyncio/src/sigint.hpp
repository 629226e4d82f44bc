// Layer 2. Ctrl-C while a runner runs: the first cancels the main task, the second leaves the loop
// with KeyboardInterrupt, the third restores the default and kills a program that is stuck.
#pragma once
#include <asyncio/events.hpp>
#include <asyncio/tasks.hpp>

#include <memory>

namespace asyncio::detail {

/// Handles SIGINT for its lifetime: only on the main thread, only when nobody else handles it.
class SigintScope {
public:
    SigintScope(AbstractEventLoop& loop, TaskRef main_task);
    SigintScope(const SigintScope&) = delete;
    SigintScope& operator=(const SigintScope&) = delete;
    ~SigintScope();
    /// Whether SIGINT came at least once.
    bool interrupted() const noexcept;

private:
    class Watcher;
    std::shared_ptr<Watcher> watcher_; // null when SIGINT is not ours
};

} // namespace asyncio::detail
