// Layer 2. The driver of a loop that is a guest: one iteration for each turn on the executor.
//
//   push / timer / other thread ──> wake() ──> post(strand, turn) ──> EventLoop::drain()
//                                     ^                                     │ more is ready
//                                     └─────────────────────────────────────┘
#include <asyncio/asio.hpp>

#include "driver.hpp"
#include "loop_extras.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <mutex>
#include <vector>

namespace asyncio::detail {
namespace {

using Clock = std::chrono::steady_clock;

class GuestDriver;

/// Closes the guests of an execution context when it shuts down.
class Guests final : public boost::asio::execution_context::service {
public:
    using key_type = Guests;
    static boost::asio::execution_context::id id;

    explicit Guests(boost::asio::execution_context& context) : service(context) {}
    void add(GuestDriver& driver) {
        const std::lock_guard lock(mutex_);
        drivers_.push_back(&driver);
    }
    void remove(GuestDriver& driver) {
        const std::lock_guard lock(mutex_);
        std::erase(drivers_, &driver);
    }

private:
    void shutdown() override;

    std::mutex mutex_;
    std::vector<GuestDriver*> drivers_;
};
boost::asio::execution_context::id Guests::id;

/// What handlers on the executor share with the driver; it outlives both.
struct Turns : std::enable_shared_from_this<Turns> {
    explicit Turns(boost::asio::strand<boost::asio::any_io_executor> on)
        : strand(std::move(on)), timer(strand) {}

    void request() {
        if (!requested.exchange(true)) post();
    }
    void post() {
        boost::asio::post(strand, [self = shared_from_this()] { self->take(); });
    }
    void take();
    void arm();
    void rest();

    boost::asio::strand<boost::asio::any_io_executor> strand;
    boost::asio::steady_timer timer;
    boost::asio::any_io_executor work; // tracked while the loop has something to do
    std::weak_ptr<AbstractEventLoop> loop;
    std::atomic<bool> requested{false};
    double armed = std::numeric_limits<double>::infinity();
};

class GuestDriver final : public Driver {
public:
    explicit GuestDriver(boost::asio::any_io_executor executor)
        : turns_(std::make_shared<Turns>(boost::asio::make_strand(executor))),
          guests_(&boost::asio::use_service<Guests>(
              boost::asio::query(executor, boost::asio::execution::context))) {
        guests_->add(*this);
    }
    ~GuestDriver() override {
        if (guests_) guests_->remove(*this);
    }
    std::size_t poll() override { return 0; }
    void wait(double) override {}
    void wake() override { turns_->request(); }
    void attach(EventLoop& loop) override { loop_ = &loop; }
    void bind(const LoopPtr& loop) { turns_->loop = loop; }
    void shutdown() noexcept override {
        turns_->timer.cancel();
        turns_->work = {};
    }
    bool guest() const noexcept override { return true; }
    boost::asio::any_io_executor executor() const override { return turns_->strand; }

    void context_gone() {
        guests_ = nullptr;
        loop_->close();
    }

private:
    std::shared_ptr<Turns> turns_;
    Guests* guests_;
    EventLoop* loop_ = nullptr;
};

void Guests::shutdown() {
    while (!drivers_.empty()) {
        GuestDriver* driver = drivers_.back();
        drivers_.pop_back();
        driver->context_gone();
    }
}

void Turns::take() {
    const auto owner = std::static_pointer_cast<EventLoop>(loop.lock());
    if (!owner || owner->is_closed()) return;
    LoopCore& core = owner->core();
    // Cleared first: whatever comes from another thread from now on asks for another turn.
    requested = false;
    owner->drain();
    if (owner->is_closed()) return;
    core.timers_.purge();
    arm();
    const bool idle =
        core.tasks_first_ == nullptr && core.timers_.empty() && core.extras_->resources.empty();
    if (idle)
        rest();
    else if (!work)
        work = boost::asio::prefer(boost::asio::any_io_executor(strand),
                                   boost::asio::execution::outstanding_work.tracked);
    if (!core.ready_.empty() || core.has_incoming()) request();
}

void Turns::rest() {
    work = {};
    if (armed == std::numeric_limits<double>::infinity()) return;
    // The timer of a deadline that is gone would keep the context at work.
    armed = std::numeric_limits<double>::infinity();
    timer.cancel();
}

void Turns::arm() {
    const auto owner = loop.lock();
    const TimerHeap& timers = owner->core().timers_;
    if (timers.empty() || timers.earliest() >= armed) return;
    armed = timers.earliest();
    timer.expires_at(Clock::time_point(
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(armed))));
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (error) return;
        self->armed = std::numeric_limits<double>::infinity();
        self->request();
    });
}

} // namespace

std::unique_ptr<Driver> make_guest_driver(boost::asio::any_io_executor executor) {
    return std::make_unique<GuestDriver>(std::move(executor));
}

} // namespace asyncio::detail

namespace asyncio {

LoopPtr attach(boost::asio::any_io_executor executor) {
    auto driver = std::make_unique<detail::GuestDriver>(std::move(executor));
    auto* guest = driver.get();
    auto loop = std::make_shared<EventLoop>(std::move(driver));
    guest->bind(loop);
    return loop;
}

LoopPtr attach(boost::asio::io_context& context) { return attach(context.get_executor()); }

} // namespace asyncio
