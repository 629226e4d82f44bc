// Layer 4. SIGPIPE kept away from writes that have no flag for it. Python ignores the signal in the
// whole process; a library must not.
#pragma once
#include <csignal>
#include <ctime>

namespace asyncio::detail {

/// For its scope, writing to a pipe without a reader is an error and no signal.
class NoSigpipe {
public:
    NoSigpipe() noexcept {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
        was_blocked_ = sigismember(&before_, SIGPIPE) == 1;
        if (!was_blocked_) return;
        sigset_t pending;
        was_pending_ = sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
    }
    NoSigpipe(const NoSigpipe&) = delete;
    /// The write failed with EPIPE: takes the signal back.
    void swallow() const noexcept {
        const timespec now{};
        if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
    }
    ~NoSigpipe() {
        if (!was_blocked_) pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t pipe_;
    sigset_t before_;
    bool was_blocked_ = false;
    bool was_pending_ = false;
};

} // namespace asyncio::detail
