// Layer 4. Handles that run again and again: see readers.hpp.
#include <asyncio/readers.hpp>

#include <asyncio/exceptions.hpp>

#include "descriptor_table.hpp"

namespace asyncio {

int FileArg::fileno() const {
    if (fd_ < 0) throw ValueError("Invalid file descriptor: " + std::to_string(fd_));
    return fd_;
}

namespace detail {

WatchNode::WatchNode(LoopCore& core, ContextSlot context) noexcept
    : HandleNode(std::move(context)), core_(&core) {}
WatchNode::~WatchNode() = default;

void WatchNode::fire() {
    if (queued_ || cancelled_) return;
    queued_ = true;
    add_ref();
    core_->push(*this);
}

void WatchNode::run() {
    const Ref<HandleNode> self = Ref<HandleNode>::adopt(this);
    queued_ = false;
    struct Again {
        WatchNode& node;
        ~Again() {
            DescriptorTable* const table = DescriptorTable::find(*node.core_);
            if (node.cancelled_)
                node.clear();
            else if (table)
                table->wait_again(node);
        }
    } const again{*this};
    run_callback();
}

void WatchNode::discard() noexcept {
    const Ref<HandleNode> self = Ref<HandleNode>::adopt(this);
    queued_ = false;
    HandleNode::cancel();
}

void watch_descriptor(AbstractEventLoop& loop, int fd, Direction direction, Ref<WatchNode> node) {
    LoopCore& core = loop.core();
    check_no_transport(core, fd);
    core.check_closed();
    DescriptorTable::of(core).watch(fd, direction, std::move(node));
}

namespace {

bool remove_watch(AbstractEventLoop& loop, int fd, Direction direction) {
    check_no_transport(loop.core(), fd);
    DescriptorTable* table = DescriptorTable::find(loop.core());
    return table && table->remove(fd, direction);
}

} // namespace
} // namespace detail

bool AbstractEventLoop::remove_reader(FileArg fd) {
    return detail::remove_watch(*this, fd.fileno(), detail::Direction::read);
}
bool AbstractEventLoop::remove_writer(FileArg fd) {
    return detail::remove_watch(*this, fd.fileno(), detail::Direction::write);
}

} // namespace asyncio
