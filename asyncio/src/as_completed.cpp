// Layer 2. The queue of ended futures behind as_completed.
#include <asyncio/as_completed.hpp>
#include <asyncio/detail/watch.hpp>

#include <deque>
#include <list>

namespace asyncio::detail {

class CompletionQueue : public RefCounted {
public:
    CompletionQueue(std::vector<Ref<FutureBase>> futures, AsCompletedOptions options)
        : left_(futures.size()) {
        if (options.timeout && !futures.empty())
            timer_ = get_running_loop().call_later(*options.timeout, [this] { expire(); });
        for (auto& future : futures) {
            auto at = watches_.emplace(watches_.end());
            at->queue = this;
            at->position = at;
            at->watch = Watch(*future, &*at, [](void* watched, FutureBase& done) {
                auto& self = *static_cast<Watched*>(watched);
                self.queue->completed(self.position, done);
            });
        }
    }
    ~CompletionQueue() {
        if (timer_) timer_.cancel();
    }
    void destroy() noexcept { delete this; }

    bool take_turn() noexcept { return left_ > 0 && left_-- > 0; }
    bool empty() const noexcept { return ended_.empty() && !expired_; }
    Ref<FutureBase> pop() {
        if (ended_.empty()) return nullptr; // expired
        Ref<FutureBase> future = std::move(ended_.front());
        ended_.pop_front();
        return future;
    }
    Future<> waiter() {
        auto future = get_running_loop().create_future();
        waiters_.push_back(future);
        return future;
    }
    void wake_next() {
        while (!waiters_.empty()) {
            const Future<> waiter = std::move(waiters_.front());
            waiters_.pop_front();
            if (waiter.done()) continue;
            waiter.set_result();
            return;
        }
    }

private:
    struct Watched {
        CompletionQueue* queue;
        Watch watch;
        std::list<Watched>::iterator position;
    };

    void completed(std::list<Watched>::iterator at, FutureBase& future) {
        watches_.erase(at);
        ended_.emplace_back(&future);
        if (watches_.empty() && timer_) timer_.cancel();
        wake_next();
    }
    void expire() {
        expired_ = true;
        watches_.clear();
        while (!waiters_.empty()) wake_next();
    }

    std::size_t left_;
    bool expired_ = false;
    std::list<Watched> watches_;
    std::deque<Ref<FutureBase>> ended_;
    std::deque<Future<>> waiters_;
    TimerHandle timer_;
};

namespace {

Coroutine<Ref<FutureBase>> next_completed(Ref<CompletionQueue> queue) {
    while (queue->empty()) {
        const Future<> waiter = queue->waiter();
        std::exception_ptr error;
        try {
            co_await waiter;
        } catch (...) {
            error = std::current_exception();
        }
        if (!error) continue;
        // Woken and cancelled at once: the wake-up belongs to the next one.
        if (!waiter.cancelled() && !queue->empty()) queue->wake_next();
        std::rethrow_exception(error);
    }
    co_return queue->pop();
}

} // namespace

CompletionHandle::CompletionHandle(Ref<CompletionQueue> queue) noexcept
    : queue_(std::move(queue)) {}
CompletionHandle::CompletionHandle(const CompletionHandle&) noexcept = default;
CompletionHandle& CompletionHandle::operator=(const CompletionHandle&) noexcept = default;
CompletionHandle::~CompletionHandle() = default;
bool CompletionHandle::take_turn() const noexcept { return queue_->take_turn(); }
Coroutine<Ref<FutureBase>> CompletionHandle::next() const { return next_completed(queue_); }

CompletionHandle watch_completion(std::vector<Ref<FutureBase>> futures,
                                  AsCompletedOptions options) {
    return CompletionHandle(make_ref<CompletionQueue>(std::move(futures), options));
}

void throw_as_completed_timeout() { throw TimeoutError(); }

} // namespace asyncio::detail
