// Layer 3. The barrier's rounds, on a condition that nobody else sees.
#include <asyncio/barrier.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/locks.hpp>

#include <utility>

namespace asyncio {

class detail::BarrierImpl final : public SyncObject {
public:
    enum class State { filling, draining, resetting, broken };

    explicit BarrierImpl(std::ptrdiff_t parties) : parties_(parties) {
        if (parties < 1) throw ValueError("parties must be >= 1");
    }

    // The round this visitor belongs to has begun: the former visitors are out.
    bool open() const noexcept { return state_ != State::draining && state_ != State::resetting; }
    void enter(State state) {
        state_ = state;
        changed_.notify_all();
    }
    // The last visitor that leaves opens the next round.
    void leave() {
        if (--count_ > 0) return;
        enter(open() ? state_ : State::filling);
    }
    static Coroutine<void> meet(Ref<BarrierImpl> self, std::ptrdiff_t index);
    static Coroutine<std::ptrdiff_t> wait(Ref<BarrierImpl> self);
    static Coroutine<void> reset(Ref<BarrierImpl> self);
    static Coroutine<void> abort(Ref<BarrierImpl> self);
    std::string repr() const override;

    const std::ptrdiff_t parties_;
    std::ptrdiff_t count_ = 0; // visitors inside, coming or going
    State state_ = State::filling;
    Condition changed_;
};

using detail::BarrierImpl;

Coroutine<void> BarrierImpl::meet(Ref<BarrierImpl> self, std::ptrdiff_t index) {
    if (index + 1 == self->parties_) {
        self->enter(State::draining);
        co_return;
    }
    while (self->state_ == State::filling) co_await self->changed_.wait();
    if (self->state_ != State::draining) throw BrokenBarrierError("Abort or reset of barrier");
}

Coroutine<std::ptrdiff_t> BarrierImpl::wait(Ref<BarrierImpl> self) {
    const auto guard = co_await self->changed_.scoped();
    while (!self->open()) co_await self->changed_.wait();
    if (self->state_ == State::broken) throw BrokenBarrierError("Barrier aborted");
    const std::ptrdiff_t index = self->count_++;
    try {
        co_await meet(self, index);
    } catch (...) {
        self->leave();
        throw;
    }
    self->leave();
    co_return index;
}

Coroutine<void> BarrierImpl::reset(Ref<BarrierImpl> self) {
    const auto guard = co_await self->changed_.scoped();
    self->enter(self->count_ > 0 ? State::resetting : State::filling);
}

Coroutine<void> BarrierImpl::abort(Ref<BarrierImpl> self) {
    const auto guard = co_await self->changed_.scoped();
    self->enter(State::broken);
}

std::string BarrierImpl::repr() const {
    constexpr const char* names[] = {"filling", "draining", "resetting", "broken"};
    std::string state = names[static_cast<int>(state_)];
    if (state_ != State::broken)
        state += ", waiters:" + std::to_string(state_ == State::filling ? count_ : 0) + '/' +
                 std::to_string(parties_);
    return describe("Barrier", std::move(state), 0);
}

Barrier::Barrier(std::ptrdiff_t parties) : SyncHandle(detail::make_ref<BarrierImpl>(parties)) {}
Barrier::Barrier(const Barrier&) = default;
Barrier& Barrier::operator=(const Barrier&) = default;
Barrier::~Barrier() = default;

Coroutine<std::ptrdiff_t> Barrier::wait() const { return BarrierImpl::wait(ref()); }
Coroutine<void> Barrier::reset() const { return BarrierImpl::reset(ref()); }
Coroutine<void> Barrier::abort() const { return BarrierImpl::abort(ref()); }
std::ptrdiff_t Barrier::parties() const noexcept { return impl().parties_; }
std::ptrdiff_t Barrier::n_waiting() const noexcept {
    return impl().state_ == BarrierImpl::State::filling ? impl().count_ : 0;
}
bool Barrier::broken() const noexcept { return impl().state_ == BarrierImpl::State::broken; }
std::string Barrier::repr() const { return impl().repr(); }

} // namespace asyncio
