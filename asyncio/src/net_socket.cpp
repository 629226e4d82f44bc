// Layer 4. See net_socket.hpp.
#include "net_socket.hpp"

#include <asyncio/detail/memory.hpp>
#include <asyncio/exceptions.hpp>

#include "descriptor_table.hpp"
#include "driver.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

namespace asyncio::detail {

UniqueFd::~UniqueFd() {
    if (fd_ >= 0) ::close(fd_);
}

namespace {

IoResult result_of(ssize_t done) noexcept {
    if (done >= 0) return {static_cast<std::size_t>(done), 0, false};
    const int error = errno;
    const bool again = error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
    return {0, again ? 0 : error, again};
}

constexpr std::size_t max_pieces = 64;

} // namespace

IoResult NetSocket::try_read(void* buffer, std::size_t size) noexcept {
    return result_of(::recv(fd_, buffer, size, 0));
}

IoResult NetSocket::try_write(std::string_view data) noexcept {
    return result_of(::send(fd_, data.data(), data.size(), MSG_NOSIGNAL));
}

IoResult NetSocket::try_write(std::span<const std::string_view> pieces) noexcept {
    std::array<iovec, max_pieces> vectors;
    const std::size_t count = std::min(pieces.size(), vectors.size());
    for (std::size_t i = 0; i < count; ++i)
        vectors[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
    msghdr message{};
    message.msg_iov = vectors.data();
    message.msg_iovlen = count;
    return result_of(::sendmsg(fd_, &message, MSG_NOSIGNAL));
}

int NetSocket::shutdown_write() noexcept { return ::shutdown(fd_, SHUT_WR) == 0 ? 0 : errno; }

namespace {

// Asio's operations live in the recycled memory of coroutine frames.
template <class T>
struct PoolAllocator {
    using value_type = T;
    PoolAllocator() = default;
    template <class U>
    PoolAllocator(const PoolAllocator<U>&) noexcept {}
    T* allocate(std::size_t n) { return static_cast<T*>(detail::allocate(n * sizeof(T))); }
    void deallocate(T* block, std::size_t n) noexcept { detail::deallocate(block, n * sizeof(T)); }
    friend bool operator==(PoolAllocator, PoolAllocator) noexcept { return true; }
};

/// The io_context's own executor is 40 bytes smaller than a type-erased one and faster to use, so
/// a loop that owns its io_context has a class of its own.
template <class Executor>
class AsioSocket final : public NetSocket, public Pooled {
public:
    AsioSocket(LoopCore& core, const Executor& executor, UniqueFd& fd)
        : NetSocket(fd.get()), core_(&core), descriptor_(std::in_place, executor) {
        boost::system::error_code error;
        descriptor_->assign(fd.get(), error);
        if (error) OSError::raise(error);
        fd.release();
    }
    ~AsioSocket() override { AsioSocket::close(); }

    void wait_readable(IoNode& node) override { wait(reader_, node, Descriptor::wait_read); }
    void wait_writable(IoNode& node) override { wait(writer_, node, Descriptor::wait_write); }
    void close() noexcept override {
        if (!descriptor_) return;
        boost::system::error_code ignored;
        descriptor_->close(ignored);
        descriptor_.reset(); // a user may keep the transport longer than the loop lives
        fd_ = -1;
        for (IoNode** node : {&reader_, &writer_})
            if (*node) std::exchange(*node, nullptr)->disarm();
    }

private:
    using Descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;

    struct Ready {
        using allocator_type = PoolAllocator<void>;
        allocator_type get_allocator() const noexcept { return {}; }
        void operator()(const boost::system::error_code&) const {
            // An error shows again in the system call that follows.
            IoNode* const node = std::exchange((*self).*place, nullptr);
            if (node) node->fire(*self->core_);
        }
        Ref<AsioSocket> self;
        IoNode* AsioSocket::* place;
    };
    void wait(IoNode*& place, IoNode& node, typename Descriptor::wait_type what) {
        if (!descriptor_) return;
        place = &node;
        node.arm();
        descriptor_->async_wait(what, Ready{Ref<AsioSocket>(this), &place == &reader_
                                                                       ? &AsioSocket::reader_
                                                                       : &AsioSocket::writer_});
    }

    const Ref<LoopCore> core_;
    std::optional<Descriptor> descriptor_;
    IoNode* reader_ = nullptr;
    IoNode* writer_ = nullptr;
};

} // namespace

struct SocketMaker::Executor {
    LoopCore& core;
    boost::asio::any_io_executor any;
};

SocketMaker::SocketMaker(LoopCore& core)
    : executor_(std::make_unique<Executor>(Executor{core, executor_of(core.loop())})) {}
SocketMaker::SocketMaker(SocketMaker&&) noexcept = default;
SocketMaker::~SocketMaker() = default;

Ref<NetSocket> SocketMaker::make(UniqueFd fd) const {
    using Own = boost::asio::io_context::executor_type;
    LoopCore& core = executor_->core;
    core.check_closed();
    if (DescriptorTable* watched = DescriptorTable::find(core)) watched->forget(fd.get());
    if (const Own* own = executor_->any.target<Own>())
        return make_ref<AsioSocket<Own>>(core, *own, fd);
    return make_ref<AsioSocket<boost::asio::any_io_executor>>(core, executor_->any, fd);
}

UniqueFd open_socket(int family, int type, int proto) {
    const int fd = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, proto);
    if (fd < 0) raise_from_errno(errno);
    return UniqueFd(fd);
}

int bind_socket(int fd, const SocketAddress& address) noexcept {
    sockaddr_storage storage;
    const auto size = static_cast<socklen_t>(address.to(&storage));
    return ::bind(fd, reinterpret_cast<sockaddr*>(&storage), size) == 0 ? 0 : errno;
}

int connect_socket(int fd, const SocketAddress& address) noexcept {
    sockaddr_storage storage;
    const auto size = static_cast<socklen_t>(address.to(&storage));
    if (::connect(fd, reinterpret_cast<sockaddr*>(&storage), size) == 0) return 0;
    // An interrupted connect goes on in the background.
    return errno == EINTR ? EINPROGRESS : errno;
}

int socket_error(int fd) noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

int set_option(int fd, int level, int option, int value) noexcept {
    return ::setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : errno;
}

int int_option(int fd, int level, int option) noexcept {
    int value = 0;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, level, option, &value, &size) == 0 ? value : -1;
}

void set_nodelay(int fd, int family) noexcept {
    if (family == AF_INET || family == AF_INET6) set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

namespace {

SocketAddress name_of(int fd, int (*get)(int, sockaddr*, socklen_t*) noexcept) noexcept {
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    if (get(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
    return SocketAddress::from(&storage, size);
}

} // namespace

SocketAddress local_address(int fd) noexcept { return name_of(fd, ::getsockname); }
SocketAddress peer_address(int fd) noexcept { return name_of(fd, ::getpeername); }

Accepted accept_socket(int fd) noexcept {
    sockaddr_storage storage;
    socklen_t size = sizeof storage;
    const int accepted =
        ::accept4(fd, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return {UniqueFd(), {}, errno};
    return {UniqueFd(accepted), SocketAddress::from(&storage, size), 0};
}

} // namespace asyncio::detail
