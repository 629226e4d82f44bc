// Layer 4. See descriptor_table.hpp.
#include "descriptor_table.hpp"

#include <asyncio/exceptions.hpp>
#include <asyncio/transports.hpp>

#include "driver.hpp"
#include "net_socket.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/stat.h>

namespace asyncio::detail {

/// One descriptor with its Asio object, which completion handlers may outlive.
class WatchedDescriptor final : public RefCounted, public Pooled {
public:
    WatchedDescriptor(AbstractEventLoop& loop, int fd) : fd_(fd) {
        if (::fstat(fd, &identity_) != 0) raise_from_errno(errno);
        check_pollable();
        descriptor_.emplace(executor_of(loop));
        boost::system::error_code error;
        descriptor_->assign(fd, error);
        if (error) {
            static_cast<void>(descriptor_->release());
            OSError::raise(error);
        }
    }
    ~WatchedDescriptor() { release(); }
    void destroy() noexcept { delete this; }

    Ref<WatchNode>& node(Direction direction) noexcept { return side(direction).node; }
    bool idle() const noexcept { return !sides_[0].node && !sides_[1].node; }
    /// Whether the user has closed the descriptor and the system has given its number again.
    bool stale() const noexcept {
        struct stat now {};
        return ::fstat(fd_, &now) != 0 || now.st_dev != identity_.st_dev ||
               now.st_ino != identity_.st_ino;
    }
    void wait(Direction direction) {
        Side& waiting = side(direction);
        if (waiting.waits || !descriptor_) return;
        const int flags = ::fcntl(fd_, F_GETFL);
        waiting.waits = true;
        descriptor_->async_wait(direction == Direction::read ? Descriptor::wait_read
                                                             : Descriptor::wait_write,
                                Ready{Ref<WatchedDescriptor>(this), direction});
        // Asio has made it non-blocking, but it is not ours.
        if (flags >= 0 && !(flags & O_NONBLOCK)) ::fcntl(fd_, F_SETFL, flags);
    }
    /// The descriptor is no longer watched, and open as before.
    void release() noexcept {
        if (!descriptor_) return;
        try {
            static_cast<void>(descriptor_->release());
        } catch (...) {
        }
        descriptor_.reset();
    }

private:
    using Descriptor = boost::asio::posix::stream_descriptor;
    struct Side {
        Ref<WatchNode> node;
        bool waits = false;
    };
    struct Ready {
        void operator()(const boost::system::error_code&) const { self->ready(direction); }
        Ref<WatchedDescriptor> self;
        Direction direction;
    };

    Side& side(Direction direction) noexcept { return sides_[static_cast<std::size_t>(direction)]; }
    void ready(Direction direction) {
        Side& waited = side(direction);
        waited.waits = false;
        if (descriptor_ && waited.node) waited.node->fire();
    }
    // Asio takes a descriptor that the system cannot poll, and fails later.
    void check_pollable() const {
        if (S_ISSOCK(identity_.st_mode) || S_ISFIFO(identity_.st_mode)) return;
        if (S_ISREG(identity_.st_mode) || S_ISDIR(identity_.st_mode)) raise_from_errno(EPERM);
        const UniqueFd probe(::epoll_create1(EPOLL_CLOEXEC));
        if (!probe) raise_from_errno(errno);
        epoll_event event{};
        if (::epoll_ctl(probe.get(), EPOLL_CTL_ADD, fd_, &event) != 0) raise_from_errno(errno);
    }

    const int fd_;
    struct stat identity_ {};
    std::optional<Descriptor> descriptor_;
    std::array<Side, 2> sides_;
};

DescriptorTable& DescriptorTable::of(LoopCore& core) {
    auto& table = core.extras_->descriptors;
    if (!table) table = std::make_shared<DescriptorTable>(core);
    return *table;
}

DescriptorTable* DescriptorTable::find(LoopCore& core) noexcept {
    return core.extras_->descriptors.get();
}

DescriptorTable::DescriptorTable(LoopCore& core) : core_(core) {}
DescriptorTable::~DescriptorTable() = default;

void DescriptorTable::watch(int fd, Direction direction, Ref<WatchNode> node) {
    auto at = descriptors_.find(fd);
    if (at != descriptors_.end() && at->second->stale()) {
        forget(fd);
        at = descriptors_.end();
    }
    if (at == descriptors_.end()) {
        at = descriptors_.emplace(fd, make_ref<WatchedDescriptor>(core_.loop(), fd)).first;
        if (descriptors_.size() == 1) enroll();
    }
    node->fd_ = fd;
    node->direction_ = direction;
    const Ref<WatchNode> before = std::exchange(at->second->node(direction), std::move(node));
    const Ref<WatchedDescriptor> descriptor = at->second;
    if (before) before->cancel();
    descriptor->wait(direction);
}

// The loop has a resource, which keeps a guest's executor at work, while something is watched.
void DescriptorTable::enroll() {
    auto& resources = core_.extras_->resources;
    enrolled_ = resources.insert(resources.end(), this);
}

Ref<WatchedDescriptor> DescriptorTable::take(Descriptors::iterator at) noexcept {
    Ref<WatchedDescriptor> descriptor = std::move(at->second);
    descriptors_.erase(at);
    if (descriptors_.empty() && !closing_) core_.extras_->resources.erase(enrolled_);
    descriptor->release();
    return descriptor;
}

bool DescriptorTable::remove(int fd, Direction direction) noexcept {
    const auto at = descriptors_.find(fd);
    if (at == descriptors_.end()) return false;
    const Ref<WatchNode> node = std::exchange(at->second->node(direction), nullptr);
    if (!node) return false;
    if (at->second->idle()) take(at);
    node->cancel(); // it may destroy what the user captured
    return true;
}

void DescriptorTable::remove(WatchNode& node) noexcept {
    const auto at = descriptors_.find(node.fd_);
    if (at != descriptors_.end() && at->second->node(node.direction_).get() == &node)
        remove(node.fd_, node.direction_);
}

void DescriptorTable::wait_again(WatchNode& node) {
    const auto at = descriptors_.find(node.fd_);
    if (at != descriptors_.end() && at->second->node(node.direction_).get() == &node)
        at->second->wait(node.direction_);
}

void DescriptorTable::forget(int fd) noexcept {
    const auto at = descriptors_.find(fd);
    if (at == descriptors_.end()) return;
    const Ref<WatchedDescriptor> descriptor = take(at);
    for (const Direction direction : {Direction::read, Direction::write})
        if (const auto node = std::exchange(descriptor->node(direction), nullptr)) node->cancel();
}

void DescriptorTable::loop_closing() noexcept {
    closing_ = true; // the loop has taken it off its list
    while (!descriptors_.empty()) forget(descriptors_.begin()->first);
}

void check_no_transport(LoopCore& core, int fd) {
    const BaseTransport* transport = core.extras_->transports.find(fd);
    if (transport && !transport->is_closing())
        throw RuntimeError("File descriptor " + std::to_string(fd) + " is used by transport " +
                           transport->repr());
}

} // namespace asyncio::detail
