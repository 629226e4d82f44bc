// Layer 2. The node behind a Watch: counted, because queue and owner both refer to it.
#include <asyncio/detail/watch.hpp>

namespace asyncio::detail {

class Watch::Node final : public ReadyNode, public RefCounted, public Pooled {
public:
    Node(FutureBase& future, void* owner, Target target)
        : future_(&future), owner_(owner), target_(target) {}
    void destroy() noexcept { delete this; }
    void run() override {
        const Ref<Node> self = Ref<Node>::adopt(this);
        if (owner_) target_(std::exchange(owner_, nullptr), *future_);
    }
    void discard() noexcept override {
        owner_ = nullptr;
        Ref<Node>::adopt(this);
    }
    void stop() noexcept {
        if (!std::exchange(owner_, nullptr)) return;
        if (!future_->done() && future_->callbacks_.remove(*this)) discard();
    }

private:
    // Counted: a watched future must not die before its watch. The future does not own the node's
    // owner, so there is no cycle that outlives the owner.
    const Ref<FutureBase> future_;
    void* owner_;
    Target target_;
};

Watch::Watch(FutureBase& future, void* owner, Target target)
    : node_(make_ref<Node>(future, owner, target)) {
    node_->add_ref();
    future.add_callback(*node_);
}

Watch::Watch() noexcept = default;
Watch::Watch(Watch&& other) noexcept : node_(std::move(other.node_)) {}
Watch& Watch::operator=(Watch&& other) noexcept {
    node_.swap(other.node_);
    return *this;
}
Watch::~Watch() { stop(); }

void Watch::stop() noexcept {
    if (node_) node_->stop();
    node_.reset();
}

} // namespace asyncio::detail
