// Layer 4. The threads of name lookups. See resolver.hpp.
#include <asyncio/exceptions.hpp>

#include "resolver.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

namespace asyncio::detail {

namespace {
constexpr unsigned max_threads = 16;
constexpr unsigned max_stuck = 256; // of abandoned jobs, besides
constexpr auto keep_idle = std::chrono::seconds(5);
} // namespace

// A thread counts while somebody waits for what it does, or it is idle.
class ResolverThreads {
public:
    void submit(std::shared_ptr<ResolverJob> job) {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(job));
        if (idle_ >= queue_.size()) return there_is_work_.notify_one();
        if (threads_ >= max_threads || start_thread() || threads_ > 0) return;
        queue_.pop_back();
        throw RuntimeError("can't start new thread");
    }
    void abandon(ResolverJob& job) noexcept {
        std::shared_ptr<ResolverJob> dropped; // outside of the lock
        const std::lock_guard lock(mutex_);
        if (job.state_ == State::running && stuck_ < max_stuck) {
            job.state_ = State::abandoned;
            ++stuck_;
            --threads_;
            if (queue_.size() > idle_) start_thread();
        } else if (job.state_ == State::queued) {
            const auto mine = [&](const auto& queued) { return queued.get() == &job; };
            const auto at = std::find_if(queue_.begin(), queue_.end(), mine);
            if (at == queue_.end()) return;
            dropped = std::move(*at);
            queue_.erase(at);
        }
    }

private:
    using State = ResolverJob::State;

    // False when the system has no thread.
    bool start_thread() noexcept {
        try {
            std::thread([this] { serve(); }).detach();
        } catch (const std::system_error&) {
            return false;
        }
        ++threads_;
        return true;
    }
    void serve() {
        std::unique_lock lock(mutex_);
        for (bool counted = true; counted;) {
            ++idle_;
            const bool woken =
                there_is_work_.wait_for(lock, keep_idle, [this] { return !queue_.empty(); });
            --idle_;
            if (!woken) break;
            counted = run_first(lock);
        }
        --threads_;
    }
    // False when the thread is one too many afterwards.
    bool run_first(std::unique_lock<std::mutex>& lock) {
        std::shared_ptr<ResolverJob> job = std::move(queue_.front());
        queue_.pop_front();
        job->state_ = State::running;
        lock.unlock();
        job->work();
        lock.lock();
        if (std::exchange(job->state_, State::done) == State::abandoned) {
            --stuck_;
            ++threads_;
        }
        const bool stay = threads_ <= max_threads;
        lock.unlock();
        job.reset();
        lock.lock();
        return stay;
    }

    std::mutex mutex_;
    std::condition_variable there_is_work_;
    std::deque<std::shared_ptr<ResolverJob>> queue_;
    std::size_t idle_ = 0;
    unsigned threads_ = 0;
    unsigned stuck_ = 0;
};

namespace {

// Never destroyed: a thread may be looking up when the process ends.
ResolverThreads& resolver_threads() {
    static auto* const threads = new ResolverThreads;
    return *threads;
}

} // namespace

void submit_to_resolver(std::shared_ptr<ResolverJob> job) {
    resolver_threads().submit(std::move(job));
}

void abandon_in_resolver(ResolverJob& job) noexcept { resolver_threads().abandon(job); }

} // namespace asyncio::detail
