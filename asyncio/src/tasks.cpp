// Layer 2. Public task functions that need no template.
#include <asyncio/detail/names.hpp>
#include <asyncio/log.hpp>
#include <asyncio/tasks.hpp>

#include <cmath>

namespace asyncio {

TaskRef::TaskRef(detail::Ref<detail::TaskCore> task) noexcept : FutureRef(std::move(task)) {}

TaskRef::TaskRef(const FutureRef& future) : FutureRef(future) {
    if (future && !future.is_task()) throw TypeError("a task was expected, got a future");
}

Context TaskRef::get_context() const {
    detail::materialise(task().context_);
    return Context(task().context_);
}

namespace {

// Coroutines given as callable + arguments run inside invoke_owned(), which is not shown.
bool is_wrapper(const detail::PromiseBase& promise) {
    return detail::function_name(promise.where_) == "invoke_owned";
}

// The coroutine the user gave: the outermost one, or what its wrapper awaits.
const std::source_location& place_of_coroutine(const detail::TaskCore& task) {
    if (task.started_ && is_wrapper(*task.root_))
        for (auto* promise = task.leaf_; promise; promise = promise->parent_)
            if (promise->parent_ == task.root_) return promise->where_;
    return task.root_->where_;
}

FrameInfo frame_of(const std::source_location& where, const std::source_location& line) {
    return {detail::function_name(where), line.line() ? line.file_name() : where.file_name(),
            line.line() ? line.line() : where.line()};
}

} // namespace

CoroutineInfo TaskRef::get_coro() const {
    if (!task().root_) return CoroutineInfo();
    return CoroutineInfo(frame_of(place_of_coroutine(task()), {}));
}

std::vector<FrameInfo> TaskRef::get_stack(StackOptions options) const {
    std::vector<FrameInfo> frames;
    const auto& core = task();
    const detail::PromiseBase* leaf = core.started_ ? core.leaf_ : core.root_;
    for (auto* promise = leaf; core.root_ && promise; promise = promise->parent_)
        if (promise != core.root_ || promise == leaf || !is_wrapper(*promise))
            frames.insert(frames.begin(), frame_of(promise->where_, promise->site_));
    if (options.limit && frames.size() > *options.limit) frames.resize(*options.limit);
    return frames;
}

void TaskRef::print_stack(std::ostream& out, StackOptions options) const {
    const auto frames = get_stack(options);
    out << (frames.empty() ? "No stack for " : "Stack for ") << to_string(*this)
        << (frames.empty() ? "\n" : " (most recent call last):\n");
    for (const FrameInfo& frame : frames)
        out << "  File \"" << frame.file << "\", line " << frame.line << ", in " << frame.function
            << '\n';
}

namespace {

// Tasks may wait for each other in a circle or in a long chain: the text stops after a few.
class Nesting {
public:
    Nesting() noexcept { ++depth(); }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    ~Nesting() { --depth(); }
    bool too_deep() const noexcept { return depth() > 4; }

private:
    static int& depth() noexcept {
        static thread_local int value = 0;
        return value;
    }
};

} // namespace

std::string detail::TaskCore::describe() const {
    const Nesting nesting;
    if (nesting.too_deep()) return "...";
    const char* state = done() ? (cancelled() ? "cancelled" : "finished")
                               : (cancel_.requests() > 0 ? "cancelling" : "pending");
    std::string text = std::string("<Task ") + state + " name='" + name() + '\'';
    if (root_) {
        const std::source_location& where = place_of_coroutine(*this);
        text += " coro=<" + function_name(where) + "() at " + place(where) + '>';
    }
    if (!done() && waiting_ && waiting_ != static_cast<const Cancellable*>(this))
        text += " wait_for=" + waiting_->describe();
    if (done() && !cancelled() && box_.error) text += " exception=" + repr(box_.error);
    text += describe_callbacks();
    if (core_->debug_ && created_.line()) text += " created at " + place(created_);
    return text + '>';
}

std::string detail::TaskCore::await_place() const {
    if (!root_) return {};
    return place(started_ && leaf_ ? leaf_->site_ : place_of_coroutine(*this));
}

std::string to_string(const FutureRef& future) {
    return future ? future.core().describe() : "None";
}

AnyCoroutine::~AnyCoroutine() {
    if (!task_ || !task_->root_) return;
    if (auto* root = std::exchange(task_->root_, nullptr)) detail::destroy_unstarted(*root);
}

CoroutineInfo AnyCoroutine::info() const {
    return task_ && task_->root_ ? CoroutineInfo(frame_of(task_->root_->where_, {}))
                                 : CoroutineInfo();
}

TaskRef AnyCoroutine::make_task(const TaskOptions& options) && {
    const auto task = std::move(task_);
    if (!task) throw RuntimeError("the coroutine belongs to a task already");
    detail::begin_task(*task, options);
    return TaskRef(task);
}

TaskRef eager_task_factory(AbstractEventLoop&, AnyCoroutine coroutine, const TaskOptions& options) {
    TaskOptions eager = options;
    if (!eager.eager_start) eager.eager_start = true;
    return std::move(coroutine).make_task(eager);
}

TaskRef current_task() { return current_task(get_running_loop()); }
TaskRef current_task(AbstractEventLoop& loop) {
    return TaskRef(detail::Ref<detail::TaskCore>(loop.core().current_task_));
}

std::vector<TaskRef> all_tasks() { return all_tasks(get_running_loop()); }
std::vector<TaskRef> all_tasks(AbstractEventLoop& loop) {
    std::vector<TaskRef> tasks;
    for (auto* task = loop.core().tasks_first_; task; task = task->task_after_)
        if (!task->done()) tasks.emplace_back(detail::Ref<detail::TaskCore>(task));
    return tasks;
}

namespace detail {

namespace {

// A sleeping task's timer: it wakes the waiter, and the task runs an iteration later.
class SleepTimer final : public TimerNode, public Pooled {
public:
    SleepTimer(LoopCore& core, double when, Waiter& waiter)
        : TimerNode(core, {}, when), waiter_(&waiter) {}
    const std::type_info& callback_type() const noexcept override { return typeid(Waiter); }

private:
    void invoke() override { waiter_->wake(); }
    void clear() noexcept override { waiter_ = nullptr; }
    Waiter* waiter_;
};

} // namespace

void SleepBase::suspend_for_time(PromiseBase& promise) {
    if (std::isnan(delay_)) throw ValueError("Invalid delay: NaN (not a number)");
    TaskCore& task = *promise.task_;
    if (delay_ <= 0) {
        yielded_ = &task;
        return task.yield(promise);
    }
    LoopCore& core = *task.core_;
    core.check_closed();
    timer_ = make_ref<SleepTimer>(core, core.loop().time() + delay_, waiter_);
    timer_->add_ref();
    core.schedule_at(*timer_);
    waiter_.suspend(promise);
}

void destroy_unstarted(PromiseBase& promise) noexcept {
    const std::string name = function_name(promise.where_);
    std::string text = "coroutine '" + name + "' was never awaited";
    if (const LoopCore* core = thread_state().core; core && core->debug_)
        text += "\nCoroutine created at (most recent call last):\n  " + place(promise.where_);
    promise.handle().destroy();
    warnings::warn(warnings::Category::RuntimeWarning, std::move(text));
}

void throw_reused_coroutine() { throw RuntimeError("cannot reuse already awaited coroutine"); }

} // namespace detail
} // namespace asyncio
