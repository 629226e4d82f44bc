// Layer 2. What a TaskGroup remembers: its children, their errors, and whom it cancelled.
#include <asyncio/detail/watch.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/taskgroups.hpp>

#include <list>
#include <vector>

namespace asyncio {
namespace detail {

class TaskGroupState : public RefCounted {
public:
    void destroy() noexcept { delete this; }

    void enter() {
        if (entered_) throw RuntimeError("TaskGroup " + describe() + " has already been entered");
        core_ = Ref<LoopCore>(&get_running_loop().core());
        parent_ = current_task();
        if (!parent_)
            throw RuntimeError("TaskGroup " + describe() + " cannot determine the parent task");
        entered_ = true;
        cancelling_ = parent_.cancelling();
        if (cancel_on_entry_) cancel();
    }
    void check_open() const {
        if (!entered_) throw RuntimeError("TaskGroup " + describe() + " has not been entered");
        if (exiting_ && children_.empty())
            throw RuntimeError("TaskGroup " + describe() + " is finished");
        if (aborting_) throw RuntimeError("TaskGroup " + describe() + " is shutting down");
    }
    AbstractEventLoop& loop() const { return core_->loop(); }

    void adopt(TaskCore& task) {
        auto at = children_.emplace(children_.end(), *this, task);
        at->position = at;
        at->watch = Watch(task, &*at, [](void* child, FutureBase&) {
            auto& self = *static_cast<Child*>(child);
            self.group->child_done(self.position);
        });
        // The group began to abort while the child started eagerly.
        if (aborting_ && !task.done()) task.cancel({});
    }

    void cancel() {
        if (finished_) return;
        if (!entered_) {
            cancel_on_entry_ = true;
            return;
        }
        cancelled_ = true;
        if (!aborting_) abort();
        if (!exiting_) cancel_parent();
    }

    void begin_exit(const std::exception_ptr& error) {
        exiting_ = true;
        if (!error) return;
        if (is_base_only(error) && !base_error_) base_error_ = error;
        if (is_cancelled(error)) propagate_ = error;
        if (!aborting_) abort();
    }
    bool has_children() const noexcept { return !children_.empty(); }
    Future<> completed() {
        on_completed_ = loop().create_future();
        return on_completed_;
    }
    /// The wait for the children was cancelled: from outside, for the group cancels the parent
    /// only while the body runs. When the group fails already, its errors go first.
    void wait_cancelled(std::exception_ptr error) {
        if (!aborting_ || (cancelled_ && outside_cancels() > 0)) propagate_ = std::move(error);
        if (!aborting_) abort();
    }
    /// Whether the exception of the block is swallowed; throws what replaces it.
    bool finish(const std::exception_ptr& error) {
        // As in Python, an interrupt leaves the parent's cancel request where it is.
        const std::exception_ptr propagate = base_error_ ? nullptr : withdraw_cancel();
        const auto errors = std::move(errors_);
        const auto base_error = std::move(base_error_);
        const TaskRef parent = std::exchange(parent_, TaskRef());
        finished_ = true;
        if (base_error) std::rethrow_exception(base_error);
        if (propagate && errors.empty()) std::rethrow_exception(propagate);
        std::vector<std::exception_ptr> all = errors;
        if (error && !is_cancelled(error)) all.push_back(error);
        if (all.empty()) return true; // at most a cancellation of the group's own
        // An outside request stays pending: it is delivered at the next await.
        if (parent.cancelling() > 0) {
            parent.uncancel();
            parent.cancel();
        }
        std::rethrow_exception(
            BaseExceptionGroup::make("unhandled errors in a TaskGroup", std::move(all)));
    }

private:
    struct Child {
        Child(TaskGroupState& owner, TaskCore& core) : group(&owner), task(&core) {}
        TaskGroupState* group; // which the block keeps alive
        Ref<TaskCore> task;
        Watch watch;
        std::list<Child>::iterator position;
    };

    int outside_cancels() const {
        return parent_.cancelling() - cancelling_ - (parent_cancelled_ ? 1 : 0);
    }
    std::exception_ptr withdraw_cancel() {
        std::exception_ptr propagate = std::move(propagate_);
        if (!parent_cancelled_) return propagate;
        const int left = parent_.uncancel();
        if (left == 0 || (cancelled_ && left <= cancelling_)) propagate = nullptr;
        return propagate;
    }
    void abort() {
        aborting_ = true;
        std::vector<Ref<TaskCore>> tasks;
        for (const Child& child : children_) tasks.push_back(child.task);
        for (const auto& task : tasks)
            if (!task->done()) task->cancel({});
    }
    void cancel_parent() {
        if (std::exchange(parent_cancelled_, true)) return;
        parent_.cancel();
    }
    void child_done(std::list<Child>::iterator at) {
        const Ref<TaskGroupState> self(this);
        const Ref<TaskCore> task = at->task;
        children_.erase(at);
        if (on_completed_ && children_.empty() && !on_completed_.done()) on_completed_.set_result();
        if (task->cancelled()) return;
        const std::exception_ptr error = task->exception();
        if (error) child_failed(task, error);
    }
    void child_failed(const Ref<TaskCore>& task, const std::exception_ptr& error) {
        errors_.push_back(error);
        if (is_base_only(error) && !base_error_) base_error_ = error;
        if (!parent_ || parent_.done()) {
            loop().call_exception_handler({
                .message = "Task " + task->describe() + " has errored out but its parent task " +
                           to_string(parent_) + " is already completed",
                .exception = error,
                .task = TaskRef(task),
            });
            return;
        }
        if (aborting_ || parent_cancelled_) return;
        abort();
        cancel_parent();
    }
    std::string describe() const {
        std::string text = "<TaskGroup";
        if (!children_.empty()) text += " tasks=" + std::to_string(children_.size());
        if (!errors_.empty()) text += " errors=" + std::to_string(errors_.size());
        if (aborting_)
            text += " cancelling";
        else if (entered_)
            text += " entered";
        return text + '>';
    }

    Ref<LoopCore> core_;
    TaskRef parent_;
    std::list<Child> children_;
    std::vector<std::exception_ptr> errors_;
    std::exception_ptr base_error_;
    std::exception_ptr propagate_;
    Future<> on_completed_;
    int cancelling_ = 0;
    bool entered_ = false;
    bool exiting_ = false;
    bool finished_ = false;
    bool aborting_ = false;
    bool parent_cancelled_ = false;
    bool cancelled_ = false;
    bool cancel_on_entry_ = false;
};

namespace {

Coroutine<bool> exit_group(Ref<TaskGroupState> group, std::exception_ptr error) {
    group->begin_exit(error);
    while (group->has_children()) {
        std::exception_ptr cancelled;
        const Future<> completed = group->completed();
        try {
            co_await completed;
        } catch (const CancelledError&) {
            cancelled = std::current_exception();
        }
        if (cancelled) group->wait_cancelled(cancelled);
    }
    co_return group->finish(error);
}

} // namespace
} // namespace detail

TaskGroup::TaskGroup() : state_(detail::make_ref<detail::TaskGroupState>()) {}
TaskGroup::TaskGroup(const TaskGroup&) noexcept = default;
TaskGroup& TaskGroup::operator=(const TaskGroup&) noexcept = default;
TaskGroup::~TaskGroup() = default;

void TaskGroup::check_open() const { state_->check_open(); }
AbstractEventLoop& TaskGroup::loop() const { return state_->loop(); }
void TaskGroup::adopt(detail::TaskCore& child) const { state_->adopt(child); }
void TaskGroup::cancel() const { state_->cancel(); }
TaskGroup TaskGroup::aenter() const {
    state_->enter();
    return *this;
}
Coroutine<bool> TaskGroup::aexit(std::exception_ptr error) const {
    return detail::exit_group(state_, std::move(error));
}

} // namespace asyncio
