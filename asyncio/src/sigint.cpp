// Layer 2. The signal handler and the descriptor that carries it into the loop.
#include "sigint.hpp"

#include "driver.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>

#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace asyncio::detail {
namespace {

// What the signal handler may touch.
std::atomic<int> wake_descriptor{-1};
std::atomic<int> interrupts{0};

extern "C" void on_sigint(int) {
    const int saved = errno;
    if (interrupts.fetch_add(1) >= 2) {
        std::signal(SIGINT, SIG_DFL);
        std::raise(SIGINT);
    } else if (const int fd = wake_descriptor.load(); fd >= 0) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
    }
    errno = saved;
}

bool may_handle() noexcept {
    struct sigaction current;
    return ::getpid() == ::syscall(SYS_gettid) && wake_descriptor.load() < 0 &&
           ::sigaction(SIGINT, nullptr, &current) == 0 && !(current.sa_flags & SA_SIGINFO) &&
           current.sa_handler == SIG_DFL;
}

} // namespace

class SigintScope::Watcher : public std::enable_shared_from_this<Watcher> {
public:
    Watcher(AbstractEventLoop& loop, TaskRef main)
        : core_(&loop.core()), main_(std::move(main)),
          descriptor_(executor_of(loop), ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        interrupts = 0;
        wake_descriptor = descriptor_.native_handle();
        struct sigaction action{};
        action.sa_handler = on_sigint;
        action.sa_flags = SA_RESTART;
        ::sigaction(SIGINT, &action, nullptr);
    }
    ~Watcher() = default;

    void wait() {
        descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                               [self = shared_from_this()](const boost::system::error_code& error) {
                                   if (error || !self->core_->loop_) return;
                                   std::uint64_t count = 0;
                                   [[maybe_unused]] const auto got = ::read(
                                       self->descriptor_.native_handle(), &count, sizeof count);
                                   self->core_->loop_->call_soon([self] { self->interrupt(); });
                                   self->wait();
                               });
    }
    void stop() noexcept {
        struct sigaction current;
        if (::sigaction(SIGINT, nullptr, &current) == 0 && current.sa_handler == on_sigint)
            std::signal(SIGINT, SIG_DFL);
        wake_descriptor = -1;
        boost::system::error_code ignored;
        descriptor_.close(ignored);
        main_ = TaskRef(); // the aborted wait keeps this object until the loop polls again
    }

private:
    void interrupt() {
        if (!main_) return;
        if (interrupts >= 2) throw KeyboardInterrupt();
        main_.cancel();
    }

    Ref<LoopCore> core_;
    TaskRef main_;
    boost::asio::posix::stream_descriptor descriptor_;
};

SigintScope::SigintScope(AbstractEventLoop& loop, TaskRef main_task) {
    if (!may_handle() || !dynamic_cast<EventLoop*>(&loop)) return;
    watcher_ = std::make_shared<Watcher>(loop, std::move(main_task));
    watcher_->wait();
}

SigintScope::~SigintScope() {
    if (watcher_) watcher_->stop();
}

bool SigintScope::interrupted() const noexcept { return watcher_ && interrupts > 0; }

} // namespace asyncio::detail
