// Layer 2. Waiting for a set of futures: one watch each, and a timer.
#include <asyncio/wait.hpp>

namespace asyncio::detail {

void WaitBase::suspend(PromiseBase& promise) {
    if (futures_.empty()) throw ValueError("Set of Tasks/Futures is empty.");
    waiter_.suspend(promise);
    left_ = futures_.size();
    if (options_.timeout)
        timer_ =
            promise.task_->core_->loop().call_later(*options_.timeout, [this] { waiter_.wake(); });
    watches_.reserve(futures_.size());
    for (const auto& future : futures_)
        watches_.emplace_back(*future, this, [](void* self, FutureBase& done) {
            static_cast<WaitBase*>(self)->completed(done);
        });
}

void WaitBase::completed(FutureBase& future) {
    --left_;
    const bool failed = options_.return_when == FIRST_EXCEPTION && !future.cancelled() &&
                        future.exception() != nullptr;
    if (left_ > 0 && options_.return_when != FIRST_COMPLETED && !failed) return;
    if (timer_) timer_.cancel();
    waiter_.wake();
}

void WaitBase::stop() noexcept {
    if (timer_) timer_.cancel();
    watches_.clear();
}

} // namespace asyncio::detail
