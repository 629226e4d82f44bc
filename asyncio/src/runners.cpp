// Layer 2. A runner's life: created, initialised, closed; and what its end does to what is left.
#include <asyncio/constants.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/log.hpp>
#include <asyncio/runners.hpp>

#include "sigint.hpp"

#include <vector>

namespace asyncio {
namespace detail {

class RunnerState {
public:
    explicit RunnerState(RunnerOptions options) : options_(options) {}

    AbstractEventLoop& loop() {
        initialise();
        return *loop_;
    }
    const Context& context() {
        initialise();
        return *context_;
    }
    void close() {
        if (state_ != State::initialised) return;
        state_ = State::closed;
        const LoopPtr loop = std::move(loop_);
        const struct Finally {
            RunnerState& runner;
            AbstractEventLoop& loop;
            ~Finally() {
                if (runner.set_loop_) set_event_loop(nullptr);
                loop.close();
            }
        } finally{*this, *loop};
        cancel_all(*loop);
        loop->run_until_complete(loop->shutdown_asyncgens());
        loop->run_until_complete(
            loop->shutdown_default_executor(Seconds(constants::THREAD_JOIN_TIMEOUT)));
    }

private:
    enum class State { created, initialised, closed };

    void initialise() {
        if (state_ == State::closed) throw RuntimeError("Runner is closed");
        if (state_ == State::initialised) return;
        if (options_.loop_factory) {
            loop_ = options_.loop_factory();
        } else {
            loop_ = new_event_loop();
            set_event_loop(loop_);
            set_loop_ = true;
        }
        if (options_.debug) loop_->set_debug(*options_.debug);
        context_ = copy_context();
        state_ = State::initialised;
    }
    static void cancel_all(AbstractEventLoop& loop);

    RunnerOptions options_;
    State state_ = State::created;
    LoopPtr loop_;
    std::optional<Context> context_;
    bool set_loop_ = false;
};

namespace {

Coroutine<> wait_for_all(std::vector<TaskRef> tasks) {
    co_await gather(return_exceptions, std::move(tasks));
}

} // namespace

void RunnerState::cancel_all(AbstractEventLoop& loop) {
    const std::vector<TaskRef> tasks = all_tasks(loop);
    if (tasks.empty()) return;
    for (const TaskRef& task : tasks) task.cancel();
    loop.run_until_complete(wait_for_all(tasks));
    for (const TaskRef& task : tasks) {
        if (task.cancelled()) continue;
        if (const auto error = task.exception())
            loop.call_exception_handler({
                .message = "unhandled exception during asyncio.run() shutdown",
                .exception = error,
                .task = task,
            });
    }
}

void check_may_call_run() {
    if (thread_state().running)
        throw RuntimeError("asyncio.run() cannot be called from a running event loop");
}

} // namespace detail

Runner::Runner(RunnerOptions options) : state_(std::make_unique<detail::RunnerState>(options)) {}

Runner::~Runner() {
    try {
        close();
    } catch (...) {
        logger().error("Error while closing a Runner", std::current_exception());
    }
}

void Runner::close() { state_->close(); }
AbstractEventLoop& Runner::get_loop() { return state_->loop(); }
const Context& Runner::own_context() { return state_->context(); }

void Runner::check_can_run(const char* message) {
    if (detail::thread_state().running) throw RuntimeError(message);
}

void Runner::run_task(const TaskRef& task) {
    AbstractEventLoop& loop = get_loop();
    const detail::SigintScope sigint(loop, task);
    detail::run_until_done(loop, task.core(), true);
    if (task.cancelled() && sigint.interrupted() && task.uncancel() == 0) throw KeyboardInterrupt();
}

} // namespace asyncio
