// Layer 2. How futures of threads and futures of loops follow each other.
//
//   ThreadLink    thread ──result──> loop      one node: in the thread future's list, then in the
//                 thread <─cancel── loop       loop's queue
//   TaskLink      loop ──result──> thread      a done callback of the task
//                 loop <─cancel── thread       a node in the thread future's list
//
// What goes to a loop goes through its queue; a closed loop gets nothing. Python counterpart:
// futures._chain_future.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/future_core.hpp>
#include <asyncio/detail/thread_future.hpp>
#include <asyncio/gather.hpp>

#include <exception>
#include <mutex>
#include <utility>

namespace asyncio::detail {

/// An error as the other world knows it: concurrent's CancelledError and InvalidStateError become
/// asyncio's, everything else stays the same object.
ASYNCIO_EXPORT std::exception_ptr convert_thread_error(std::exception_ptr error);

/// Brings the end of a thread's future to a future of a loop, which it keeps until then.
class ASYNCIO_EXPORT ThreadLink : public ThreadCallback, public ReadyNode, public RefCounted {
public:
    ThreadLink(ThreadFutureBase& source, Ref<FutureBase> target);
    void destroy() noexcept { delete this; }
    /// Joins the two. The source may complete at once.
    void start();
    /// The target was cancelled: cancels the source, if it still exists. Loop thread only.
    void cancel_source() noexcept;

    void done(Ref<ThreadFutureBase> source) noexcept override;
    void abandoned() noexcept override;
    void run() override;
    void discard() noexcept override;
    std::string describe() const override { return "<Handle ThreadLink>"; }

protected:
    virtual ~ThreadLink() = default;
    /// Takes the value of the source, which finished without an error, and completes the target.
    virtual void deliver(ThreadFutureBase& source, FutureBase& target) = 0;

private:
    void end(std::exception_ptr error);

    std::mutex mutex_; // guards source_ and wanted_
    ThreadFutureBase* source_;
    bool wanted_ = true;
    const Ref<LoopCore> loop_;
    Ref<FutureBase> target_;
    Ref<ThreadFutureBase> ended_; // the source, on its way through the loop's queue
};

template <class T>
class ThreadLinkOf final : public ThreadLink {
public:
    using ThreadLink::ThreadLink;

private:
    void deliver(ThreadFutureBase& source, FutureBase& target) override {
        auto& box = box_of<T>(target).value;
        if constexpr (std::is_void_v<T>)
            box.emplace();
        else
            box.emplace(static_cast<ThreadFuture<T>&>(source).take());
        target.finish();
    }
};

/// The loop's side of a job that only the loop knows: cancelling it removes the job at once.
template <class T>
class JobTarget final : public FutureImpl<T> {
public:
    using FutureImpl<T>::FutureImpl;
    bool cancel(const CancelMessage& message) override {
        if (!FutureBase::cancel(message)) return false;
        if (link_) link_->cancel_source();
        return true;
    }

    Ref<ThreadLink> link_;
};

/// Brings the end of a task, or another future of a loop, to a thread's future.
class ASYNCIO_EXPORT TaskLink {
public:
    TaskLink(ThreadDuty duty, FutureBase& source);
    /// The source is done. Runs on the loop; reports what goes wrong there.
    template <class T>
    void finish(FutureBase& source) {
        Ref<ThreadFutureBase> target = begin(source);
        if (!target) return;
        std::exception_ptr error = take_error(source);
        try {
            if (!error) store(static_cast<ThreadFuture<T>&>(*target).value_, source);
        } catch (...) {
            error = std::current_exception();
        }
        ThreadFutureBase::finish(std::move(target), std::move(error));
    }

private:
    template <class T>
    static void store(Slot<T>& slot, FutureBase& source) {
        if constexpr (std::is_void_v<T>)
            slot.emplace();
        else
            slot.emplace(take_result<T>(source));
    }
    // The target, claimed; null when it takes no result.
    Ref<ThreadFutureBase> begin(FutureBase& source);
    static std::exception_ptr take_error(FutureBase& source);

    ThreadDuty duty_;
};

} // namespace asyncio::detail
