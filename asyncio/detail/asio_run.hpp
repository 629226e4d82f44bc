// Layer 2. A coroutine of asyncio as an operation of Asio: async_run(). Part of asio.hpp.
//
// The handler is called exactly once: with the result, with the error, or with CancelledError when
// the task was cancelled before it began or its loop was closed.
#pragma once
#include <asyncio/detail/callables.hpp>
#include <asyncio/detail/result.hpp>
#include <asyncio/events.hpp>
#include <asyncio/exceptions.hpp>
#include <asyncio/tasks.hpp>

#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

namespace asyncio::detail {

template <class T>
struct RunSignature {
    static_assert(std::is_default_constructible_v<T>, "async_run: on an error the handler gets T()");
    using type = void(std::exception_ptr, T);
};
template <>
struct RunSignature<void> {
    using type = void(std::exception_ptr);
};
template <class T>
using run_signature_t = typename RunSignature<T>::type;

/// A handler that waits for the end of a task, and keeps its executor at work meanwhile.
template <class T, class Handler>
class RunHandler {
public:
    using Executor = boost::asio::associated_executor_t<Handler>;

    explicit RunHandler(Handler handler)
        : work_(boost::asio::get_associated_executor(handler)), handler_(std::move(handler)) {}
    RunHandler(RunHandler&&) = default;
    ~RunHandler() {
        if (armed_) fail(std::make_exception_ptr(CancelledError()));
    }
    auto slot() const { return boost::asio::get_associated_cancellation_slot(handler_); }
    void fail(std::exception_ptr error) {
        if constexpr (std::is_void_v<T>)
            call(std::move(error));
        else
            call(std::move(error), T());
    }
    template <class... Value>
    void call(std::exception_ptr error, Value&&... value) {
        if (!std::exchange(armed_, false)) return;
        if (auto cancellation = slot(); cancellation.is_connected()) cancellation.clear();
        boost::asio::post(work_.get_executor(),
                          boost::asio::append(std::move(handler_), std::move(error),
                                              std::forward<Value>(value)...));
    }

private:
    boost::asio::executor_work_guard<Executor> work_;
    Handler handler_;
    bool armed_ = true;
};

template <class T, class A, class Handler>
Coroutine<> run_for_handler(A awaitable, std::shared_ptr<RunHandler<T, Handler>> handler) {
    std::exception_ptr error;
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(awaitable);
            handler->call(nullptr);
        } else {
            T value = co_await std::move(awaitable);
            handler->call(nullptr, std::move(value));
        }
    } catch (...) {
        error = std::current_exception();
    }
    if (error) handler->fail(error);
}

/// The task behind an async_run, for whoever cancels it. Loop thread only.
struct RunTask {
    Task<> task;
    bool cancelled = false;
    void cancel() {
        cancelled = true;
        if (task) task.cancel();
    }
};

template <class T, class A, class Handler>
void start_run(LoopPtr loop, A awaitable, Handler given) {
    auto handler = std::make_shared<RunHandler<T, Handler>>(std::move(given));
    auto run = std::make_shared<RunTask>();
    if (auto slot = handler->slot(); slot.is_connected())
        slot.assign([run, core = Ref<LoopCore>(&loop->core())](boost::asio::cancellation_type) {
            auto* node = new ThreadsafeCallNode<BoundCall<void (*)(std::shared_ptr<RunTask>),
                                                          std::shared_ptr<RunTask>>>(
                std::tuple<ContextSlot>(), [](std::shared_ptr<RunTask> of) { of->cancel(); }, run);
            node->add_ref();
            if (!core->push_threadsafe(*node)) node->discard();
        });
    auto begin = [run, handler, given = std::move(awaitable)]() mutable {
        run->task = create_task(run_for_handler<T>(std::move(given), std::move(handler)));
        if (run->cancelled) run->task.cancel();
    };
    try {
        loop->call_soon_threadsafe(std::move(begin));
    } catch (const RuntimeError&) {
        handler->fail(std::current_exception());
    }
}

} // namespace asyncio::detail
