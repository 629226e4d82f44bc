// Layer 4. The readers and writers of a loop's descriptors: one Asio descriptor for both, because
// the system polls a descriptor only once.
//
//   watch() ─> async_wait ─> WatchNode in the ready queue ─> its callback ─> async_wait ...
//
// The descriptors are the user's: they are never closed here and keep their flags.
// Python counterpart: the map of the selector.
#pragma once
#include <asyncio/readers.hpp>

#include "loop_extras.hpp"

#include <list>
#include <memory>
#include <unordered_map>

namespace asyncio::detail {

class WatchedDescriptor;

class DescriptorTable final : public LoopResource {
public:
    /// The loop's table, made at the first call.
    static DescriptorTable& of(LoopCore& core);
    /// The same, or null.
    static DescriptorTable* find(LoopCore& core) noexcept;
    explicit DescriptorTable(LoopCore& core);
    ~DescriptorTable();

    /// Cancels the node that is there. Throws OSError.
    void watch(int fd, Direction direction, Ref<WatchNode> node);
    /// Cancels the node that is there; false when there is none.
    bool remove(int fd, Direction direction) noexcept;
    /// Cancels this node, if it is still there.
    void remove(WatchNode& node) noexcept;
    /// The node has run: waits again, if it is still there.
    void wait_again(WatchNode& node);
    /// Somebody else takes the descriptor.
    void forget(int fd) noexcept;
    void loop_closing() noexcept override;

private:
    using Descriptors = std::unordered_map<int, Ref<WatchedDescriptor>>;
    void enroll();
    Ref<WatchedDescriptor> take(Descriptors::iterator at) noexcept;

    LoopCore& core_;
    Descriptors descriptors_;
    std::list<LoopResource*>::iterator enrolled_; // while there are descriptors
    bool closing_ = false;
};

/// Throws RuntimeError "File descriptor 7 is used by transport ..." unless it is closing.
void check_no_transport(LoopCore& core, int fd);

} // namespace asyncio::detail
