// Layer 2. How a gather counts its children down.
#include <asyncio/exception_context.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/shield.hpp>

#include "loop_extras.hpp"

#include <unordered_set>

namespace asyncio::detail {

class GatherBase::Child final : public ReadyNode, public Pooled {
public:
    explicit Child(GatherBase& gather) : gather_(&gather) {}
    void run() override {
        const std::unique_ptr<Child> self(this);
        const Ref<FutureBase> future = std::move(future_);
        gather_->child_done(*future);
    }
    void discard() noexcept override { delete this; }
    void future_done(FutureBase& future) noexcept override { future_ = Ref<FutureBase>(&future); }

private:
    Ref<GatherBase> gather_;
    Ref<FutureBase> future_; // held while scheduled
};

GatherBase::GatherBase(LoopCore& core, Receiver& box, bool return_exceptions)
    : FutureBase(core, box, std::source_location()), return_exceptions_(return_exceptions) {}

GatherBase::~GatherBase() { core_->extras_->delist(*this); }

namespace {

// Every child once, in order. New tasks cannot repeat, futures can.
std::vector<FutureBase*> distinct(const std::vector<Ref<FutureBase>>& children, bool may_repeat) {
    std::vector<FutureBase*> once;
    once.reserve(children.size());
    std::unordered_set<FutureBase*> seen;
    for (const auto& child : children)
        if (!may_repeat || seen.insert(child.get()).second) once.push_back(child.get());
    return once;
}

} // namespace

void GatherBase::watch(std::vector<Ref<FutureBase>> children, bool may_repeat) {
    children_ = std::move(children);
    if (children_.empty()) {
        collect();
        return finish();
    }
    core_->extras_->enlist(*this);
    const auto once = distinct(children_, may_repeat);
    unfinished_ = once.size();
    // A child that is done counts at once: a gather of finished futures is finished itself.
    std::vector<Ref<FutureBase>> finished;
    for (FutureBase* child : once) {
        if (child->done())
            finished.emplace_back(child);
        else
            child->add_callback(*new Child(*this));
    }
    for (const auto& child : finished) child_done(*child);
}

bool GatherBase::cancel(const CancelMessage& message) {
    if (done()) return false;
    bool accepted = false;
    const auto children = children_;
    for (const auto& child : children) accepted |= child->cancel(message);
    if (accepted) cancel_requested_ = true;
    return accepted;
}

void GatherBase::child_done(FutureBase& child) {
    const bool last = --unfinished_ == 0;
    if (done()) {
        if (!child.cancelled()) static_cast<void>(child.exception()); // retrieved
    } else if (!return_exceptions_ && child.cancelled()) {
        finish(child.cancelled_error());
    } else if (auto error = return_exceptions_ || child.cancelled() ? nullptr : child.exception()) {
        finish(std::move(error));
    } else if (last) {
        complete(child);
    }
    if (last) release_children();
}

void GatherBase::complete(FutureBase& last) {
    if (cancel_requested_)
        return finish(last.cancelled() ? last.cancelled_error()
                                       : std::make_exception_ptr(CancelledError()));
    try {
        collect();
    } catch (...) {
        return finish(std::current_exception());
    }
    finish();
}

void GatherBase::release_children() noexcept {
    core_->extras_->delist(*this);
    const auto children = std::move(children_);
}

void LoopExtras::enlist(GatherBase& gather) noexcept {
    gather.gather_after_ = gathers;
    if (gathers) gathers->gather_before_ = &gather;
    gathers = &gather;
}

void LoopExtras::delist(GatherBase& gather) noexcept {
    if (gathers != &gather && !gather.gather_before_) return;
    (gather.gather_before_ ? gather.gather_before_->gather_after_ : gathers) = gather.gather_after_;
    if (gather.gather_after_) gather.gather_after_->gather_before_ = gather.gather_before_;
    gather.gather_before_ = gather.gather_after_ = nullptr;
}

void LoopExtras::release_gathers() noexcept {
    while (gathers) {
        const Ref<GatherBase> gather(gathers);
        gather->release_children();
    }
}

LoopCore& loop_of(const std::vector<Ref<FutureBase>>& children) {
    if (children.empty()) return get_running_loop().core();
    LoopCore& core = *children.front()->core_;
    for (const auto& child : children)
        if (child->core_.get() != &core)
            throw ValueError("The future belongs to a different loop than the one specified as "
                             "the loop argument");
    return core;
}

namespace {

// Reports the failure of a shielded future whose protector was cancelled. One for each future.
class ShieldLog final : public ReadyNode, public Pooled {
public:
    void run() override {
        const std::unique_ptr<ShieldLog> self(this);
        const Ref<FutureBase> future = std::move(future_);
        if (future->cancelled()) return;
        const auto error = future->exception();
        if (!error) return;
        get_running_loop().call_exception_handler({
            .message = asyncio::type_name(error) + " exception in shielded future",
            .exception = error,
            .future = FutureRef(future),
        });
    }
    void discard() noexcept override { delete this; }
    void future_done(FutureBase& future) noexcept override { future_ = Ref<FutureBase>(&future); }

private:
    Ref<FutureBase> future_;
};

} // namespace

void log_when_done(FutureBase& inner) {
    inner.remove_callbacks(
        [](ReadyNode& node, const void*) { return dynamic_cast<ShieldLog*>(&node) != nullptr; },
        nullptr);
    inner.add_callback(*new ShieldLog);
}

} // namespace asyncio::detail
