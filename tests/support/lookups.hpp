// The system's getaddrinfo() as the tests have it: names that end with ".hangs" wait for the test,
// "here.test" is this host, as "localhost" is, but opens no descriptor on another thread.
#pragma once
#include <condition_variable>
#include <mutex>

namespace asyncio_test {

// What hangs, until it is let go.
class Hangs {
public:
    void hang() {
        std::unique_lock lock(mutex_);
        ++now_;
        ++asked_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return free_; });
        --now_;
        changed_.notify_all();
    }
    /// How many questions have been asked so far.
    int asked() {
        const std::lock_guard lock(mutex_);
        return asked_;
    }
    void wait_until_asked(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return asked_ >= count; });
    }
    void let_go() {
        std::unique_lock lock(mutex_);
        free_ = true;
        changed_.notify_all();
        changed_.wait(lock, [&] { return now_ == 0; });
        free_ = false;
        asked_ = 0;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int now_ = 0;
    int asked_ = 0;
    bool free_ = false;
};

Hangs& hangs();

} // namespace asyncio_test
