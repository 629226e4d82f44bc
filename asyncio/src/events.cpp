// Layer 2. Handles, the loop's non-virtual part, and how a thread finds its loop.
#include <asyncio/detail/names.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/log.hpp>

#include "loop_extras.hpp"

#include <chrono>

namespace asyncio {

detail::HandleNode& Handle::node() const {
    if (!node_) throw RuntimeError("the Handle is None");
    return *node_;
}

detail::ContextSlot Handle::materialised() const {
    detail::materialise(node().context_);
    return node().context_;
}

std::string Handle::repr() const {
    const char* kind = node().is_timer() ? "TimerHandle" : "Handle";
    if (cancelled()) return std::string("<") + kind + " cancelled>";
    const detail::LoopCore* core = detail::thread_state().core;
    const bool shown = core && core->debug_ && node().created_.line();
    return std::string("<") + kind + ' ' + detail::callable_name(node().callback_type()) +
           (shown ? " created at " + detail::place(node().created_) : std::string()) + '>';
}

AbstractEventLoop::AbstractEventLoop(bool native)
    : core_(detail::make_ref<detail::LoopCore>(*this, native)) {}

AbstractEventLoop::~AbstractEventLoop() { core_->loop_ = nullptr; }

void AbstractEventLoop::run_forever() { throw NotImplementedError(); }
void AbstractEventLoop::stop() { throw NotImplementedError(); }
void AbstractEventLoop::close() { throw NotImplementedError(); }
void AbstractEventLoop::schedule(detail::ReadyNode&) { throw NotImplementedError(); }
void AbstractEventLoop::schedule_at(detail::TimerNode&) { throw NotImplementedError(); }
bool AbstractEventLoop::schedule_threadsafe(detail::ReadyNode&) { throw NotImplementedError(); }

bool AbstractEventLoop::is_running() const noexcept { return core_->running_; }
bool AbstractEventLoop::is_closed() const noexcept { return core_->closed_; }

double AbstractEventLoop::time() const {
    using namespace std::chrono;
    return duration<double>(steady_clock::now().time_since_epoch()).count();
}

void AbstractEventLoop::set_debug(bool enabled) { core_->debug_ = enabled; }

std::string AbstractEventLoop::repr() const {
    return std::string("<EventLoop running=") + (is_running() ? "True" : "False") +
           " closed=" + (is_closed() ? "True" : "False") +
           " debug=" + (get_debug() ? "True" : "False") + '>';
}

void AbstractEventLoop::set_task_factory(TaskFactory factory) {
    core_->extras_->task_factory = std::move(factory);
}
const TaskFactory& AbstractEventLoop::get_task_factory() const noexcept {
    return core_->extras_->task_factory;
}

void AbstractEventLoop::set_exception_handler(ExceptionHandler handler) {
    core_->extras_->exception_handler = std::move(handler);
}
const ExceptionHandler& AbstractEventLoop::get_exception_handler() const noexcept {
    return core_->extras_->exception_handler;
}

void AbstractEventLoop::default_exception_handler(const ExceptionContext& context) {
    std::string message =
        context.message.empty() ? "Unhandled exception in event loop" : context.message;
    const std::string details = context.details();
    if (!details.empty()) message += '\n' + details;
    logger().error(message, context.exception);
}

namespace {

// EXH-05: the handler runs in the context of what failed.
detail::ContextSlot context_of(const ExceptionContext& context) {
    if (context.task) return context.task.task().context_;
    if (context.future && context.future.is_task())
        return static_cast<detail::TaskCore&>(context.future.core()).context_;
    if (context.handle) return context.handle.node().context_;
    return {};
}

void run_handler(AbstractEventLoop& loop, const ExceptionHandler& handler,
                 const ExceptionContext& context) {
    detail::ContextSlot slot = context_of(context);
    if (!slot || slot->entered_) return handler(loop, context);
    const detail::ContextScope scope(detail::thread_state().context, slot);
    handler(loop, context);
}

void run_default_handler(AbstractEventLoop& loop, const ExceptionContext& context) {
    try {
        loop.default_exception_handler(context);
    } catch (const KeyboardInterrupt&) {
        throw;
    } catch (const SystemExit&) {
        throw;
    } catch (...) {
        logger().error("Exception in default exception handler", std::current_exception());
    }
}

} // namespace

void AbstractEventLoop::call_exception_handler(const ExceptionContext& context) {
    const ExceptionHandler handler = core_->extras_->exception_handler;
    if (!handler) return run_default_handler(*this, context);
    try {
        run_handler(*this, handler, context);
    } catch (const KeyboardInterrupt&) {
        throw;
    } catch (const SystemExit&) {
        throw;
    } catch (...) {
        try {
            default_exception_handler({
                .message = "Unhandled error in exception handler",
                .exception = std::current_exception(),
                .extra = {{"context", context.repr()}},
            });
        } catch (const KeyboardInterrupt&) {
            throw;
        } catch (const SystemExit&) {
            throw;
        } catch (...) {
            logger().error("Exception in default exception handler while handling an unexpected "
                           "error in custom exception handler",
                           std::current_exception());
        }
    }
}

AbstractEventLoop& get_running_loop() {
    AbstractEventLoop* loop = detail::thread_state().running;
    if (!loop) throw RuntimeError("no running event loop");
    return *loop;
}

} // namespace asyncio
