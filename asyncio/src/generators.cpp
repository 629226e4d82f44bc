// Layer 2. Asynchronous generators: how they end, and how their loop closes the abandoned ones.
#include <asyncio/detail/names.hpp>
#include <asyncio/exception_context.hpp>
#include <asyncio/gather.hpp>
#include <asyncio/generators.hpp>
#include <asyncio/log.hpp>
#include <asyncio/tasks.hpp>

#include "generator_list.hpp"
#include "loop_extras.hpp"

#include <cstdio>
#include <vector>

namespace asyncio {
namespace detail {
namespace {

Coroutine<void> aclose(Ref<GeneratorCore> generator) {
    std::exception_ptr cancelled = generator->take_cancel();
    co_await GeneratorClose(std::move(generator), std::move(cancelled));
}

Task<void> close_in_task(AbstractEventLoop& loop, const Ref<GeneratorCore>& generator) {
    const Task<void> task = loop.create_task(aclose(generator));
    generator->closes_in(task.task());
    return task;
}

} // namespace

GeneratorCore::GeneratorCore(PromiseBase& frame) noexcept : where_(frame.where_) {
    child = &frame;
    frame.receiver_ = this;
}

std::string GeneratorCore::repr() const {
    char address[32];
    std::snprintf(address, sizeof address, "%p", static_cast<const void*>(this));
    return "<async_generator object " + function_name(where_) + " at " + address + '>';
}

void GeneratorCore::throw_running(const char* operation) {
    throw RuntimeError(std::string(operation) + ": asynchronous generator is already running");
}

void GeneratorCore::enlist(LoopCore& core) {
    loop_ = Ref<LoopCore>(&core);
    if (core.extras_->generators.add(*this)) return;
    warnings::warn(warnings::Category::ResourceWarning,
                   "asynchronous generator " + repr() +
                       " was scheduled after loop.shutdown_asyncgens() call");
}

void GeneratorCore::step_to_exit(PromiseBase& consumer, std::exception_ptr thrown) {
    step(consumer, thrown ? std::move(thrown) : std::make_exception_ptr(GeneratorExit()));
    closed_ = true;
}

void GeneratorCore::take_exit() {
    if (std::exchange(yielded_, nullptr))
        throw RuntimeError("async generator ignored GeneratorExit");
    if (!child) return;
    const std::exception_ptr ended = take_error();
    if (ended && !is_instance<GeneratorExit>(ended)) std::rethrow_exception(ended);
}

void GeneratorCore::fail_unstarted(std::exception_ptr thrown) {
    error = std::move(thrown);
    std::rethrow_exception(take_error());
}

void GeneratorCore::end() {
    if (const std::exception_ptr ended = take_error()) std::rethrow_exception(ended);
}

// The body has ended: frees the frame. The exception it ended with, as the consumer gets it.
std::exception_ptr GeneratorCore::take_error() {
    drop_frame();
    std::exception_ptr ended = std::exchange(error, nullptr);
    if (!ended || !is_instance<StopAsyncIteration>(ended)) return ended;
    RuntimeError raised("async generator raised StopAsyncIteration");
    raised.set_cause(std::move(ended));
    return std::make_exception_ptr(raised);
}

void GeneratorCore::drop_frame() noexcept {
    running_ = false;
    if (loop_) {
        loop_->extras_->generators.remove(*this);
        loop_.reset();
    }
    if (PromiseBase* const frame = std::exchange(child, nullptr)) frame->handle().destroy();
}

void GeneratorCore::destroy() noexcept {
    if (child && loop_) {
        loop_->extras_->generators.remove(*this);
        // One that has ignored its exit is not asked again, but its loop's thread destroys it.
        const bool wanted = !closed_ || !loop_->on_loop_thread();
        if (wanted && !discarded_ && close_later()) return;
    }
    drop_frame();
    delete this;
}

bool GeneratorCore::close_later() noexcept {
    add_ref(); // the queue's
    try {
        context_ = copy_current_context();
        if (loop_->push_threadsafe(*this)) return true;
    } catch (...) {
        // A loop that takes nothing: the frame is destroyed without running.
    }
    static_cast<void>(drop_ref());
    return false;
}

void GeneratorCore::closes_in(TaskCore& task) noexcept {
    if (!task.started_ && !task.done()) task.waiting_ = this;
}

bool GeneratorCore::cancel(const CancelMessage& message) {
    cancelled_ = std::make_exception_ptr(message ? CancelledError(*message) : CancelledError());
    return true;
}

void GeneratorCore::run() {
    const Ref<GeneratorCore> self = Ref<GeneratorCore>::adopt(this);
    if (closed_) {
        discarded_ = true;
        return;
    }
    AbstractEventLoop& loop = loop_->loop();
    try {
        ContextSlot context = std::move(context_);
        const ContextScope scope(thread_state().context, context);
        static_cast<void>(close_in_task(loop, self));
    } catch (const KeyboardInterrupt&) {
        throw;
    } catch (const SystemExit&) {
        throw;
    } catch (...) {
        discarded_ = true;
        loop.call_exception_handler({
            .message = "Exception in callback " + describe(),
            .exception = std::current_exception(),
            .asyncgen = repr(),
        });
    }
}

void GeneratorCore::discard() noexcept {
    discarded_ = true;
    Ref<GeneratorCore>::adopt(this);
}

GeneratorThrowBase::GeneratorThrowBase(Ref<GeneratorCore> generator, std::exception_ptr thrown)
    : generator_(std::move(generator)), thrown_(std::move(thrown)) {
    if (!thrown_) throw TypeError("invalid exception object");
}

bool GeneratorThrowBase::ready() {
    generator_->check_idle("athrow()");
    if (generator_->finished() || generator_->defied()) return true;
    if (!generator_->started()) generator_->fail_unstarted(std::move(thrown_));
    return false;
}

void GeneratorThrowBase::start(PromiseBase& consumer) {
    stepped_ = true;
    generator_->step(consumer, std::move(thrown_));
}

bool GeneratorClose::await_ready() {
    generator_->check_idle("aclose()");
    if (thrown_ && generator_->finished()) std::rethrow_exception(thrown_);
    if (generator_->finished()) return true;
    if (generator_->defied()) throw StopAsyncIteration();
    if (generator_->started()) return false;
    generator_->drop_unstarted();
    return true;
}

void GeneratorClose::suspend(PromiseBase& consumer) {
    stepped_ = true;
    generator_->step_to_exit(consumer, std::move(thrown_));
}

void GeneratorClose::await_resume() {
    if (stepped_) generator_->take_exit();
}

void throw_no_generator() { throw RuntimeError("the AsyncGenerator is None"); }

bool GeneratorList::add(GeneratorCore& generator) noexcept {
    const std::lock_guard lock(mutex_);
    generator.listed_ = true;
    generator.before_ = last_;
    (last_ ? last_->after_ : first_) = &generator;
    last_ = &generator;
    return !shut_down_;
}

void GeneratorList::remove(GeneratorCore& generator) noexcept {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(generator.listed_, false)) return;
    (generator.before_ ? generator.before_->after_ : first_) = generator.after_;
    (generator.after_ ? generator.after_->before_ : last_) = generator.before_;
    generator.before_ = generator.after_ = nullptr;
}

std::vector<Ref<GeneratorCore>> GeneratorList::shut_down() {
    std::vector<Ref<GeneratorCore>> alive;
    const std::lock_guard lock(mutex_);
    shut_down_ = true;
    for (GeneratorCore* at = first_; at;) {
        GeneratorCore* const next = at->after_;
        // One whose last handle is being dropped by another thread takes care of itself.
        if (at->try_add_ref()) alive.push_back(Ref<GeneratorCore>::adopt(at));
        at->listed_ = false;
        at->before_ = at->after_ = nullptr;
        at = next;
    }
    first_ = last_ = nullptr;
    return alive;
}

} // namespace detail

Coroutine<void> AbstractEventLoop::shutdown_asyncgens() {
    const auto alive = core_->extras_->generators.shut_down();
    if (alive.empty()) co_return;
    std::vector<Task<void>> closings;
    for (const auto& generator : alive) {
        closings.push_back(detail::close_in_task(*this, generator));
        closings.back().task().log_destroy_pending_ = false;
    }
    const auto outcomes = co_await gather(return_exceptions, std::move(closings));
    for (std::size_t i = 0; i < alive.size(); ++i) {
        const std::exception_ptr error = outcomes[i].exception();
        const bool ordinary = is_instance<Exception>(error) || !is_instance<BaseException>(error);
        if (!error || !ordinary) continue;
        const std::string asyncgen = alive[i]->repr();
        call_exception_handler({
            .message = "an error occurred during closing of asynchronous generator " + asyncgen,
            .exception = error,
            .asyncgen = asyncgen,
        });
    }
}

} // namespace asyncio
