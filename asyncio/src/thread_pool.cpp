// Layer 2. ThreadPoolExecutor: its queue, its threads, and their end.
//
// A thread leaves when the pool is shut down and the queue is empty. Whoever then comes first joins
// it: shutdown(), the destructor, the last thread to leave some later pool, or the end of the
// process.
#include <asyncio/concurrent.hpp>
#include <asyncio/log.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <pthread.h>
namespace asyncio {
namespace detail {
namespace {

using Threads = std::vector<std::thread>;

void join_all(Threads threads) {
    for (std::thread& thread : threads)
        if (thread.get_id() == std::this_thread::get_id())
            thread.detach(); // its own job ends the process or the pool
        else
            thread.join();
}

// "asyncio_3". The system keeps 15 characters: the number must be among them.
void name_this_thread(const std::string& prefix, unsigned number) {
    constexpr std::size_t longest = 15;
    const std::string suffix = "_" + std::to_string(number);
    const std::string name = prefix.substr(0, longest - std::min(longest, suffix.size())) + suffix;
    ::pthread_setname_np(::pthread_self(), name.c_str());
}

} // namespace

class ThreadPool : public std::enable_shared_from_this<ThreadPool> {
public:
    ThreadPool(unsigned max_workers, std::string prefix, std::function<void()> initializer)
        : max_workers_(max_workers), prefix_(std::move(prefix)),
          initializer_(std::move(initializer)) {}

    void submit(concurrent::Job job);
    void shutdown(bool cancel_queued);
    /// Waits until every thread has left and is gone.
    void join();
    concurrent::Future<> stopped();
    /// The executor is gone: nobody will call join().
    void abandon();
    void join_at_exit();

private:
    void check_usable() const;
    void start_thread();
    static void work(std::shared_ptr<ThreadPool> pool, unsigned number);
    bool initialise();
    void serve();
    void leave();

    static thread_local ThreadPool* mine; // whose thread this is

    const unsigned max_workers_;
    const std::string prefix_;
    const std::function<void()> initializer_;

    std::mutex mutex_;
    std::condition_variable work_or_end_;
    std::condition_variable left_;
    std::deque<concurrent::Job> queue_;
    Threads threads_; // started and not joined
    unsigned started_ = 0;
    unsigned alive_ = 0; // have not left
    unsigned idle_ = 0;  // wait for work, or were woken for some
    bool shut_down_ = false;
    bool broken_ = false;
    bool abandoned_ = false;
    std::vector<concurrent::Future<>> to_tell_; // when the last one leaves
};

constinit thread_local ThreadPool* ThreadPool::mine = nullptr;

namespace {

// All pools of the process. Never destroyed: its members are in use until the last thread ends.
class Pools {
public:
    static Pools& instance() {
        static const Life life;
        return *current;
    }
    bool exiting() const noexcept { return exiting_; }
    void add(const std::shared_ptr<ThreadPool>& pool) {
        const std::lock_guard lock(mutex_);
        std::erase_if(pools_, [](const auto& weak) { return weak.expired(); });
        pools_.push_back(pool);
    }

    // Taken before the mutex of a pool.
    std::mutex& mutex() noexcept { return mutex_; }
    // With the mutex locked. Keeps threads that are ending; returns those kept before.
    Threads bury(Threads ending) noexcept {
        std::swap(ending, buried_);
        return ending;
    }

private:
    explicit Pools(Pools* of_parent) noexcept : of_parent_(of_parent) {}

    // Ends in the order of static destruction: what was constructed before the first pool is still
    // there for its jobs. A forked child has none of its parent's threads, and no use for a mutex
    // that one of them may have locked.
    struct Life {
        Life() {
            current = new Pools(nullptr);
            ::pthread_atfork(nullptr, nullptr, [] { current = new Pools(current); });
        }
        ~Life() { current->exit(); }
    };

    void exit() {
        exiting_ = true;
        std::vector<std::weak_ptr<ThreadPool>> pools;
        {
            const std::lock_guard lock(mutex_);
            pools.swap(pools_);
        }
        for (const auto& weak : pools)
            if (const auto pool = weak.lock()) pool->join_at_exit();
        Threads buried;
        {
            const std::lock_guard lock(mutex_);
            buried = bury({});
        }
        join_all(std::move(buried));
    }

    static Pools* current;

    [[maybe_unused]] const Pools* const of_parent_; // leak checkers follow it
    std::atomic<bool> exiting_{false};
    std::mutex mutex_;
    std::vector<std::weak_ptr<ThreadPool>> pools_;
    Threads buried_;
};

constinit Pools* Pools::current = nullptr;

} // namespace

void ThreadPool::check_usable() const {
    if (broken_)
        throw concurrent::BrokenThreadPool(
            "A thread initializer failed, the thread pool is not usable anymore");
    if (shut_down_ && Pools::instance().exiting())
        throw RuntimeError("cannot schedule new futures after interpreter shutdown");
    if (shut_down_) throw RuntimeError("cannot schedule new futures after shutdown");
}

void ThreadPool::submit(concurrent::Job job) {
    const std::lock_guard lock(mutex_);
    if (Pools::instance().exiting()) shut_down_ = true;
    check_usable();
    queue_.push_back(std::move(job));
    if (idle_ >= queue_.size() || started_ == max_workers_) return work_or_end_.notify_one();
    try {
        start_thread();
    } catch (const std::system_error&) {
        if (alive_ > 0) return; // a thread that is busy will take it
        job = std::move(queue_.back());
        queue_.pop_back();
        throw RuntimeError("can't start new thread");
    }
}

void ThreadPool::start_thread() {
    threads_.reserve(threads_.size() + 1);
    threads_.emplace_back(work, shared_from_this(), started_);
    ++started_;
    ++alive_;
}

void ThreadPool::work(std::shared_ptr<ThreadPool> pool, unsigned number) {
    mine = pool.get();
    name_this_thread(pool->prefix_, number);
    if (pool->initialise()) pool->serve();
    pool->leave();
}

bool ThreadPool::initialise() {
    if (!initializer_) return true;
    try {
        const auto own = initializer_;
        own();
        return true;
    } catch (...) {
        logger().critical("Exception in initializer:", std::current_exception());
    }
    std::deque<concurrent::Job> failed;
    {
        const std::lock_guard lock(mutex_);
        broken_ = true;
        failed.swap(queue_);
    }
    for (concurrent::Job& job : failed)
        job.fail(std::make_exception_ptr(concurrent::BrokenThreadPool(
            "A thread initializer failed, the thread pool is not usable anymore")));
    return false;
}

void ThreadPool::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (!queue_.empty()) {
            concurrent::Job job = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            job.run();
            lock.lock();
        } else if (shut_down_) {
            return;
        } else {
            ++idle_;
            work_or_end_.wait(lock);
            --idle_;
        }
    }
}

void ThreadPool::leave() {
    Threads buried;
    std::vector<concurrent::Future<>> to_tell;
    {
        const std::lock_guard all(Pools::instance().mutex());
        const std::lock_guard lock(mutex_);
        if (--alive_ == 0 && shut_down_) {
            to_tell.swap(to_tell_);
            if (abandoned_) buried = Pools::instance().bury(std::exchange(threads_, {}));
        }
        left_.notify_all();
    }
    for (const auto& future : to_tell)
        if (future.set_running_or_notify_cancel()) future.set_result();
    join_all(std::move(buried));
}

void ThreadPool::shutdown(bool cancel_queued) {
    std::deque<concurrent::Job> cancelled;
    std::vector<concurrent::Future<>> to_tell;
    {
        const std::lock_guard lock(mutex_);
        shut_down_ = true;
        if (cancel_queued) cancelled.swap(queue_);
        if (alive_ == 0) to_tell.swap(to_tell_);
        work_or_end_.notify_all();
    }
    for (const auto& future : to_tell)
        if (future.set_running_or_notify_cancel()) future.set_result();
}

void ThreadPool::join() {
    if (mine == this) throw RuntimeError("cannot join current thread");
    Threads left;
    {
        std::unique_lock lock(mutex_);
        left_.wait(lock, [this] { return alive_ == 0; });
        left.swap(threads_);
    }
    join_all(std::move(left));
}

concurrent::Future<> ThreadPool::stopped() {
    const concurrent::Future<> future;
    {
        const std::lock_guard lock(mutex_);
        if (!shut_down_ || alive_ > 0) {
            to_tell_.push_back(future);
            return future;
        }
    }
    future.set_result();
    return future;
}

void ThreadPool::abandon() {
    shutdown(false);
    Threads left;
    {
        const std::lock_guard lock(mutex_);
        abandoned_ = true;
        if (alive_ == 0) left.swap(threads_);
    }
    join_all(std::move(left));
}

void ThreadPool::join_at_exit() {
    shutdown(false);
    Threads left;
    {
        std::unique_lock lock(mutex_);
        const unsigned own = mine == this; // a job that calls exit() never returns
        left_.wait(lock, [&] { return alive_ == own; });
        left.swap(threads_);
    }
    join_all(std::move(left));
}

} // namespace detail

namespace concurrent {
namespace {

std::string default_prefix() {
    static std::atomic<unsigned> count{0};
    return "ThreadPoolExecutor-" + std::to_string(count++);
}

unsigned checked(std::optional<int> max_workers) {
    if (!max_workers) return std::min(32u, std::max(1u, std::thread::hardware_concurrency()) + 4);
    if (*max_workers <= 0) throw ValueError("max_workers must be greater than 0");
    return static_cast<unsigned>(*max_workers);
}

} // namespace

ThreadPoolExecutor::ThreadPoolExecutor(const ThreadPoolExecutorOptions& options,
                                       std::function<void()> initializer, Owned)
    : pool_(std::make_shared<asyncio::detail::ThreadPool>(
          checked(options.max_workers),
          options.thread_name_prefix.empty() ? default_prefix()
                                             : std::string(options.thread_name_prefix),
          std::move(initializer))) {
    asyncio::detail::Pools::instance().add(pool_);
}

ThreadPoolExecutor::ThreadPoolExecutor(ThreadPoolExecutorOptions options)
    : ThreadPoolExecutor(options,
                         options.initializer ? std::function<void()>(options.initializer)
                                             : std::function<void()>(),
                         Owned{}) {}

ThreadPoolExecutor::~ThreadPoolExecutor() { pool_->abandon(); }

void ThreadPoolExecutor::execute(Job job) { pool_->submit(std::move(job)); }

void ThreadPoolExecutor::shutdown(bool wait, bool cancel_futures) {
    pool_->shutdown(cancel_futures);
    if (wait) pool_->join();
}

Future<> ThreadPoolExecutor::stopped() const { return pool_->stopped(); }

} // namespace concurrent
} // namespace asyncio
