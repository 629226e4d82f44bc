// Layer 2. The parts of the loop core that are not inline: other threads, checks, handles.
#include <asyncio/detail/loop_core.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exception_context.hpp>

#include "loop_extras.hpp"

namespace asyncio::detail {

LoopCore::LoopCore(AbstractEventLoop& loop, bool native)
    : loop_(&loop), native_(native), fast_(native), extras_(std::make_unique<LoopExtras>()) {}

LoopCore::~LoopCore() = default;

AbstractEventLoop& LoopCore::loop() const {
    if (!loop_) throw RuntimeError("The event loop of this object is gone");
    return *loop_;
}

void TransportTable::enter(int fd, BaseTransport& transport) {
    if (fd < 0) return;
    const auto place = static_cast<std::size_t>(fd);
    if (by_fd_.size() <= place) by_fd_.resize(place + 1);
    by_fd_[place] = &transport;
}

void TransportTable::leave(int fd, const BaseTransport& transport) noexcept {
    if (find(fd) == &transport) by_fd_[static_cast<std::size_t>(fd)] = nullptr;
}

BaseTransport* TransportTable::find(int fd) const noexcept {
    const auto place = static_cast<std::size_t>(fd);
    return fd >= 0 && place < by_fd_.size() ? by_fd_[place] : nullptr;
}

bool LoopCore::push_threadsafe(ReadyNode& node) {
    if (!native_) return loop_ && loop_->schedule_threadsafe(node);
    if (on_loop_thread()) {
        if (closed_) return false;
        push(node);
        return true;
    }
    const std::lock_guard lock(incoming_mutex_);
    if (closed_) return false;
    incoming_.push(node);
    fast_.store(false, std::memory_order_relaxed);
    const bool first = !has_incoming_.exchange(true, std::memory_order_seq_cst);
    const bool asleep = blocked_.load(std::memory_order_seq_cst);
    if (guest_ ? first : asleep && blocked_.exchange(false)) kick();
    return true;
}

void LoopCore::drain_incoming() noexcept {
    const std::lock_guard lock(incoming_mutex_);
    ready_.append(incoming_);
    has_incoming_.store(false, std::memory_order_relaxed);
    fast_.store(native_ && !guest_ && !closed_, std::memory_order_relaxed);
}

void LoopCore::schedule_at(TimerNode& node) {
    if (native_)
        timers_.push(node);
    else
        loop().schedule_at(node);
    if (guest_) kick();
}

void LoopCore::kick() { extras_->wake(); }

void LoopCore::push_slowly(ReadyNode& node) {
    if (closed_) return node.discard();
    if (!native_) return loop().schedule(node);
    take_incoming();
    ready_.push(node);
    if (guest_) kick();
}

void LoopCore::close() noexcept {
    const std::lock_guard lock(incoming_mutex_);
    closed_ = true;
    fast_ = false;
}

void LoopCore::throw_closed() const { throw RuntimeError("Event loop is closed"); }

void LoopCore::check_thread_now() const {
    if (running_ && !on_loop_thread())
        throw RuntimeError(
            "Non-thread-safe operation invoked on an event loop other than the current one");
}

void HandleNode::run() {
    const Ref<HandleNode> self = Ref<HandleNode>::adopt(this);
    run_callback();
}

void HandleNode::run_callback() {
    if (cancelled_) return;
    running_ = true;
    try {
        const ContextScope scope(thread_state().context, context_);
        invoke();
    } catch (const KeyboardInterrupt&) {
        running_ = false;
        throw;
    } catch (const SystemExit&) {
        running_ = false;
        throw;
    } catch (...) {
        running_ = false;
        const Handle handle{Ref<HandleNode>(this)};
        AbstractEventLoop& loop = get_running_loop();
        loop.call_exception_handler({
            .message = "Exception in callback " + handle.repr(),
            .exception = std::current_exception(),
            .handle = handle,
            .source_traceback = loop.get_debug() ? place(created_) : std::string(),
        });
        clear();
    }
    running_ = false;
}

std::string HandleNode::describe() const {
    return Handle(Ref<HandleNode>(const_cast<HandleNode*>(this))).repr();
}

void HandleNode::discard() noexcept {
    const Ref<HandleNode> self = Ref<HandleNode>::adopt(this);
    clear();
}

void HandleNode::cancel() noexcept {
    if (std::exchange(cancelled_, true) || running_) return;
    clear();
}

TimerNode::TimerNode(LoopCore& core, ContextSlot context, double when)
    : HandleNode(std::move(context)), core_(&core), when_(when) {}

TimerNode::~TimerNode() = default;

void TimerNode::cancel() noexcept {
    if (!cancelled_ && scheduled_) core_->timers_.note_cancelled();
    HandleNode::cancel();
}

} // namespace asyncio::detail
