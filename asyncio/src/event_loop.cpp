// Layer 2. One iteration after another: timers, I/O, then exactly what was ready.
#include <asyncio/constants.hpp>
#include <asyncio/event_loop.hpp>
#include <asyncio/log.hpp>
#include <asyncio/tasks.hpp>

#include "driver.hpp"
#include "loop_extras.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>

#include <pthread.h>

namespace asyncio {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double clock_resolution = 1e-9;
// A poll costs a system call, so while callbacks keep coming and nothing arrives, polls get rarer:
// at most so many callbacks or so much time apart (measured: sleep(0) 190 ns less).
constexpr unsigned longest_interval = 1024;
constexpr unsigned ticks_every = 4;

// A cheap clock for "about 20 microseconds".
#if defined(__x86_64__)
unsigned long long ticks() noexcept { return __builtin_ia32_rdtsc(); }
constexpr unsigned long long longest_pause = 40'000;
#else
unsigned long long ticks() noexcept {
    return static_cast<unsigned long long>(
        std::chrono::steady_clock::now().time_since_epoch().count());
}
constexpr unsigned long long longest_pause = 20'000;
#endif

} // namespace

EventLoop::EventLoop() : EventLoop(detail::make_owner_driver()) {}

EventLoop::EventLoop(std::unique_ptr<detail::Driver> driver)
    : AbstractEventLoop(true), driver_(std::move(driver)) {
    core_->debug_ = debug_environment();
    core_->guest_ = driver_->guest();
    core_->fast_ = !core_->guest_;
    core_->extras_->wake = [driver = driver_.get()] { driver->wake(); };
    driver_->attach(*this);
    // A forked child has no running loop: the loop goes on in the parent.
    static const int registered = ::pthread_atfork(nullptr, nullptr, [] {
        detail::thread_state().running = nullptr;
        detail::thread_state().core = nullptr;
    });
    static_cast<void>(registered);
}

EventLoop::~EventLoop() {
    if (is_closed()) return;
    warnings::warn(warnings::Category::ResourceWarning, "unclosed event loop " + EventLoop::repr());
    if (!is_running()) EventLoop::close();
}

std::string EventLoop::repr() const { return AbstractEventLoop::repr(); }

void EventLoop::check_can_run() {
    detail::check_may_run(*this);
    if (core_->guest_)
        throw RuntimeError("This event loop is run by the executor it is attached to");
}

namespace {

// The running loop of this thread, for a scope, in which it lives even if its last handle goes.
class Running {
public:
    explicit Running(AbstractEventLoop& loop)
        : kept_(loop.weak_from_this().lock()), core_(&loop.core()),
          loop_(detail::thread_state().running, &loop),
          thread_core_(detail::thread_state().core, core_.get()) {
        core_->running_ = true;
    }
    ~Running() { core_->running_ = false; }

private:
    const LoopPtr kept_;
    detail::Ref<detail::LoopCore> core_;
    detail::Restore<AbstractEventLoop*> loop_;
    detail::Restore<detail::LoopCore*> thread_core_;
};

} // namespace

void EventLoop::run_forever() {
    check_can_run();
    const Running running(*this);
    // The first iteration polls, as each of Python's does.
    just_waited_ = false;
    poll_interval_ = since_poll_ = 1;
    struct Stopped {
        bool& stopping;
        ~Stopped() { stopping = false; }
    } const stopped{stopping_};
    do iterate(infinity);
    while (!stopping_);
}

void EventLoop::stop() { stopping_ = true; }

void EventLoop::run_once(std::optional<Seconds> timeout) {
    check_can_run();
    const Running running(*this);
    iterate(timeout ? timeout->count() : infinity);
    stopping_ = false;
}

void EventLoop::drain() {
    const Running running(*this);
    iterate(0);
}

double EventLoop::deadline(double limit) {
    if (core_->timers_.empty() && limit == infinity) return infinity;
    const double latest = time() + std::min(limit, constants::MAXIMUM_SELECT_TIMEOUT);
    return core_->timers_.empty() ? latest : std::min(core_->timers_.earliest(), latest);
}

bool EventLoop::poll_is_due() noexcept {
    if (std::exchange(just_waited_, false) && !at_once_.worthwhile()) return false;
    if (since_poll_ >= poll_interval_) return true;
    // Reads that were tried without waiting took the place of a poll: the others must not wait long.
    if (!core_->tried_reads_ && since_poll_ - since_ticks_ < ticks_every) return false;
    since_ticks_ = since_poll_;
    return ticks() - poll_ticks_ > longest_pause;
}

bool EventLoop::poll_finds() {
    const detail::ReadyNode* const before = core_->ready_.last();
    const std::size_t ran = driver_->poll();
    // Data that was read without waiting reports itself later: then a handler alone is no news.
    return core_->ready_.last() != before || (ran > 0 && !core_->tried_reads_);
}

void EventLoop::poll(double deadline) {
    since_poll_ = since_ticks_ = 0;
    just_waited_ = deadline != 0;
    if (just_waited_) {
        poll_interval_ = 1;
        driver_->wait(deadline);
        // Events that are ready together belong to one iteration.
        if (together_.worthwhile()) together_.looked(poll_finds());
    } else {
        const bool found = poll_finds();
        if (poll_interval_ == 1) at_once_.looked(found);
        poll_interval_ = found ? 1 : std::min(poll_interval_ * 2, longest_interval);
    }
    core_->tried_reads_ = false;
    poll_ticks_ = ticks();
}

void EventLoop::iterate(double limit) {
    detail::LoopCore& core = *core_;
    core.timers_.purge();
    core.take_incoming();
    if (core.ready_.empty() && !stopping_ && limit > 0) {
        if (core.begin_blocking()) poll(deadline(limit));
        core.end_blocking();
    } else if (core.guest_) {
        // The executor polls between drains.
    } else if (core.ready_.empty() || limit != infinity || poll_is_due()) {
        poll(0);
    }
    core.take_incoming();
    if (!core.timers_.empty()) core.timers_.move_due(time() + clock_resolution, core.ready_);
    run_batch();
}

namespace {

// For a task: the await where the slow step began, and the one where it ended.
std::string step_of(const std::string& from, const std::string& to) {
    if (from.empty()) return {};
    return " (from " + from + " to " + (to.empty() ? "the end" : to) + ')';
}

void run_and_time(AbstractEventLoop& loop, detail::ReadyNode& node) {
    const bool counted = node.counted();
    const std::string before = counted ? std::string() : node.describe();
    const std::string from = node.await_place();
    const double start = loop.time();
    if (counted) node.retain();
    struct Release {
        detail::ReadyNode* node;
        ~Release() {
            if (node) node->release();
        }
    } const release{counted ? &node : nullptr};
    node.run();
    const double taken = loop.time() - start;
    if (taken < loop.slow_callback_duration.count()) return;
    char text[64];
    std::snprintf(text, sizeof text, " took %.3f seconds", taken);
    logger().warning("Executing " + (counted ? node.describe() : before) + text +
                     (counted ? step_of(from, node.await_place()) : std::string()));
}

} // namespace

void EventLoop::run_batch() {
    detail::LoopCore& core = *core_;
    core.batch_.append(core.ready_);
    try {
        if (core.debug_) [[unlikely]] {
            for (; detail::ReadyNode* node = core.batch_.pop(); ++since_poll_)
                run_and_time(*this, *node);
        } else {
            for (; detail::ReadyNode* node = core.batch_.pop(); ++since_poll_) node->run();
        }
    } catch (...) {
        // The rest of the batch stays queued, in front of what it scheduled.
        core.batch_.append(core.ready_);
        std::swap(core.batch_, core.ready_);
        throw;
    }
}

void EventLoop::close() {
    if (is_running()) throw RuntimeError("Cannot close a running event loop");
    if (is_closed()) return;
    core_->close();
    core_->take_incoming(); // nothing can come after it
    core_->destroying_ = true;
    destroy_pending();
    core_->destroying_ = false;
    if (auto& executor = core_->extras_->default_executor) detail::abandon_executor(executor);
    driver_->shutdown();
    core_->extras_->wake = [] {};
    driver_.reset();
}

void EventLoop::destroy_pending() noexcept {
    detail::LoopCore& core = *core_;
    while (detail::ReadyNode* node = core.batch_.pop()) node->discard();
    while (detail::ReadyNode* node = core.ready_.pop()) node->discard();
    core.timers_.clear();
    while (core.tasks_first_) core.tasks_first_->abandon();
    core.extras_->release_gathers();
    auto& resources = core.extras_->resources;
    while (!resources.empty()) {
        detail::LoopResource* resource = resources.front();
        resources.pop_front();
        resource->loop_closing();
    }
    core.timers_.clear();
}

namespace detail {

void check_may_run(AbstractEventLoop& loop) {
    loop.core().check_closed();
    if (loop.is_running()) throw RuntimeError("This event loop is already running");
    if (thread_state().running)
        throw RuntimeError("Cannot run the event loop while another loop is running");
}

void run_until_done(AbstractEventLoop& loop, FutureBase& future, bool own_task) {
    const LoopPtr kept = loop.weak_from_this().lock();
    const FutureRef handle{Ref<FutureBase>(&future)};
    if (future.core_.get() != &loop.core())
        throw ValueError("The future belongs to a different loop than the one specified as the "
                         "loop argument");
    if (own_task && future.is_task()) static_cast<TaskCore&>(future).log_destroy_pending_ = false;
    const CallbackId stop = handle.add_done_callback([&loop](const FutureRef& done) {
        if (!done.cancelled())
            if (const auto error = done.exception(); error && is_base_only(error)) return;
        loop.stop();
    });
    try {
        loop.run_forever();
    } catch (...) {
        if (own_task && handle.done() && !handle.cancelled()) static_cast<void>(handle.exception());
        handle.remove_done_callback(stop);
        throw;
    }
    handle.remove_done_callback(stop);
    if (!handle.done()) throw RuntimeError("Event loop stopped before Future completed.");
}

boost::asio::any_io_executor executor_of(AbstractEventLoop& loop) {
    auto* native = dynamic_cast<EventLoop*>(&loop);
    if (!native) throw NotImplementedError();
    return native->driver().executor();
}

} // namespace detail
} // namespace asyncio
