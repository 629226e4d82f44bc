// Layer 2. The states of a Timeout: created, active, expiring, expired, finished.
#include <asyncio/detail/task_core.hpp>
#include <asyncio/tasks.hpp>
#include <asyncio/timeouts.hpp>

namespace asyncio {
namespace detail {

class TimeoutState : public RefCounted, public Pooled {
public:
    enum class State { created, active, expiring, expired, finished };

    explicit TimeoutState(std::optional<double> when) : when_(when) {}
    void destroy() noexcept { delete this; }

    void enter() {
        if (state_ != State::created) throw RuntimeError("Timeout has already been entered");
        task_ = current_task();
        if (!task_) throw RuntimeError("Timeout should be used inside a task");
        state_ = State::active;
        cancelling_ = task_.cancelling();
        reschedule(when_);
    }
    void reschedule(std::optional<double> when) {
        check_active();
        when_ = when;
        if (handle_) handle_.cancel();
        handle_ = Handle();
        if (!when) return;
        AbstractEventLoop& loop = get_running_loop();
        const auto expire = [self = Ref<TimeoutState>(this)] { self->expire(); };
        handle_ = *when <= loop.time() ? loop.call_soon(expire) : loop.call_at(*when, expire);
    }
    void exit(const std::exception_ptr& error) {
        if (handle_) handle_.cancel();
        handle_ = Handle();
        if (state_ == State::active) state_ = State::finished;
        const TaskRef task = std::exchange(task_, TaskRef());
        if (state_ != State::expiring) return;
        state_ = State::expired;
        if (task.uncancel() > cancelling_ || !error) return;
        if (!is_cancelled(error)) {
            insert_timeout_error(error);
            if (const auto* group = exception_cast<ExceptionGroup>(error))
                for (const auto& child : group->exceptions()) insert_timeout_error(child);
            return;
        }
        TimeoutError timeout;
        timeout.set_cause(error);
        throw timeout;
    }
    bool expired() const noexcept { return state_ == State::expiring || state_ == State::expired; }
    std::optional<double> when() const noexcept { return when_; }

private:
    void expire() {
        handle_ = Handle();
        if (state_ != State::active) return;
        state_ = State::expiring;
        task_.cancel();
    }
    void check_active() const {
        if (state_ == State::active) return;
        if (state_ == State::created) throw RuntimeError("Timeout has not been entered");
        const char* names[] = {"created", "active", "expiring", "expired", "finished"};
        throw RuntimeError(std::string("Cannot change state of ") +
                           names[static_cast<int>(state_)] + " Timeout");
    }
    // The body translated the cancellation: the chain of contexts shows that it was a timeout.
    static void insert_timeout_error(const std::exception_ptr& error) {
        for (auto at = error; const auto* e = exception_cast<BaseException>(at);) {
            const std::exception_ptr context = e->context();
            if (!context) return;
            if (!is_cancelled(context)) {
                at = context;
                continue;
            }
            TimeoutError timeout;
            timeout.set_cause(context);
            timeout.set_context(context);
            const_cast<BaseException*>(e)->set_context(std::make_exception_ptr(timeout));
            return;
        }
    }

    std::optional<double> when_;
    State state_ = State::created;
    TaskRef task_;
    int cancelling_ = 0;
    Handle handle_;
};

} // namespace detail

Timeout::Timeout(std::optional<double> when)
    : state_(detail::make_ref<detail::TimeoutState>(when)) {}
Timeout::Timeout(const Timeout&) noexcept = default;
Timeout& Timeout::operator=(const Timeout&) noexcept = default;
Timeout::~Timeout() = default;

std::optional<double> Timeout::when() const noexcept { return state_->when(); }
void Timeout::reschedule(std::optional<double> when) const { state_->reschedule(when); }
bool Timeout::expired() const noexcept { return state_->expired(); }
Timeout Timeout::aenter() const {
    state_->enter();
    return *this;
}
bool Timeout::aexit(std::exception_ptr error) const {
    state_->exit(error);
    return false;
}

Timeout timeout(std::optional<Seconds> delay) {
    const AbstractEventLoop& loop = get_running_loop();
    return Timeout(delay ? std::optional(loop.time() + delay->count()) : std::nullopt);
}
Timeout timeout_at(std::optional<double> when) { return Timeout(when); }

} // namespace asyncio
