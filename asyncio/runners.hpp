// Layer 2. run() and Runner: a main coroutine in a loop of its own, and an orderly end.
//
// On every way out: cancel what is left, wait for it, close generators and threads, close the loop.
// Python counterpart: asyncio.runners.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/callables.hpp>
#include <asyncio/events.hpp>
#include <asyncio/tasks.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace asyncio {

/// Makes the loop of a runner.
using LoopFactory = LoopPtr (*)();

struct RunOptions {
    std::optional<bool> debug = {};     ///< The loop's own default when empty.
    LoopFactory loop_factory = nullptr; ///< new_event_loop by default.
};
using RunnerOptions = RunOptions;

struct RunnerRunOptions {
    const Context* context = nullptr; ///< The runner's own by default.
};

namespace detail {
class RunnerState;
}

/// run() for several main coroutines in one loop, which share a context.
class ASYNCIO_EXPORT Runner {
public:
    explicit Runner(RunnerOptions options = {});
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    /// Closes; an error of the closing is logged.
    ~Runner();

    /// Runs the awaitable to its end and returns its result. Throws RuntimeError inside a running
    /// loop or after close(), KeyboardInterrupt when SIGINT cancelled it.
    template <Awaitable A>
    auto run(A&& awaitable, RunnerRunOptions options = {}) {
        auto coroutine = detail::as_coroutine(std::forward<A>(awaitable));
        return run_main(std::move(coroutine), options);
    }
    template <class F>
        requires CoroutineFunction<F>
    auto run(F&& function, RunnerRunOptions options = {}) {
        return run_main(detail::invoke_coroutine(std::forward<F>(function)), options);
    }
    /// Cancels all tasks, waits for them, closes generators, threads and the loop. Idempotent.
    void close();
    /// The loop, made at the first call.
    AbstractEventLoop& get_loop();

private:
    template <class T>
    T run_main(Coroutine<T> main, RunnerRunOptions options) {
        try {
            check_can_run("Runner.run() cannot be called from a running event loop");
        } catch (...) {
            main.close();
            throw;
        }
        const Context context = options.context ? *options.context : own_context();
        auto task = get_loop().create_task(std::move(main), {.context = &context},
                                           detail::CallSite(std::source_location()));
        run_task(task);
        return detail::FutureAwaiter<T, true>(std::move(task).release()).await_resume();
    }
    const Context& own_context();
    void run_task(const TaskRef& task);
    static void check_can_run(const char* message);

    std::unique_ptr<detail::RunnerState> state_;
};

namespace detail {
/// Throws RuntimeError inside a running loop.
ASYNCIO_EXPORT void check_may_call_run();

// Closing is no destructor's business alone: an exception that nobody catches ends the process
// without unwinding, but the tasks that are left must still be cancelled and waited for.
template <class T>
T run_and_close(Runner& runner, Coroutine<T> main) {
    try {
        if constexpr (std::is_void_v<T>) {
            runner.run(std::move(main));
            runner.close();
        } else {
            T result = runner.run(std::move(main));
            runner.close();
            return result;
        }
    } catch (...) {
        runner.close();
        throw;
    }
}
} // namespace detail

/// Runs the main awaitable in a new loop and returns its result; then cancels the tasks that are
/// left, waits for them, and closes the loop, whatever happened. Throws RuntimeError inside a
/// running loop. SIGINT cancels the main task and ends in KeyboardInterrupt (asyncio.run).
template <Awaitable A>
auto run(A&& awaitable, RunOptions options = {}) {
    auto main = detail::as_coroutine(std::forward<A>(awaitable));
    try {
        detail::check_may_call_run();
    } catch (...) {
        main.close();
        throw;
    }
    Runner runner(options);
    return detail::run_and_close(runner, std::move(main));
}
template <class F>
    requires CoroutineFunction<F>
auto run(F&& function, RunOptions options = {}) {
    return run(detail::invoke_coroutine(std::forward<F>(function)), options);
}

} // namespace asyncio
