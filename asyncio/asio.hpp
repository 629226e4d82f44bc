// Layer 2. The door to Boost.Asio, in both directions.
//
//   attach()                     a loop as a guest on somebody else's executor
//   get_executor(loop)           where sockets of Asio live that the loop's coroutines use
//   use_awaitable, use_future    completion tokens: an Asio operation as an awaitable, as a Future
//   async_run()                  a coroutine or future of asyncio for any completion token
//
// The only public header that includes Asio (what it includes from detail/ is part of it). Work
// enters a guest through async_run, run_coroutine_threadsafe or from coroutines that run on it.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/detail/asio_operation.hpp>
#include <asyncio/detail/asio_run.hpp>
#include <asyncio/events.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>

#include <utility>

namespace asyncio {

/// A loop that lives on an executor: of an io_context, a thread pool or a strand. An executor that
/// may run on several threads is wrapped in a strand, so the loop stays strictly serial.
///
/// run_forever() and run_until_complete() throw RuntimeError: the executor runs the loop, one
/// iteration for each turn it gets. While a task, timer, transport or server lives, the loop keeps
/// the executor's context at work. The loop is closed when the context shuts down, if not before.
/// Thread-safe.
ASYNCIO_EXPORT LoopPtr attach(boost::asio::any_io_executor executor);
/// The same on the executor of an io_context.
ASYNCIO_EXPORT LoopPtr attach(boost::asio::io_context& context);

/// The executor the loop's callbacks run on, one at a time: for sockets and timers that are used
/// with the tokens below. Sockets and timers on the executor of a loop that owns its io_context are
/// used on the loop's thread only, they have no locks: from elsewhere post() to the executor, or
/// attach() the loop to a context of your own. Throws NotImplementedError for a loop that is not the library's.
ASYNCIO_EXPORT boost::asio::any_io_executor get_executor(AbstractEventLoop& loop);

/// `co_await socket.async_read_some(buffer, asyncio::use_awaitable)`: the operation begins when it
/// is awaited, in the awaiting task's loop, and allocates nothing that is not recycled.
///
/// The result is what the handler gets after its error: nothing, a value or a tuple. Errors are
/// asyncio's: OSError and its subclasses, gaierror, EOFError at the end of a stream. To see the
/// error_code and a result beside it, wrap it: `boost::asio::as_tuple(asyncio::use_awaitable)`.
/// Cancelling the task cancels the operation, waits until it has ended, then throws CancelledError
/// in the task: the buffer is in use until then. What was transferred meanwhile is lost.
/// The object the operation belongs to lives on the loop's executor, or its members are safe to
/// call from there; it lives until the operation has ended, or dies with the frames of the task.
struct use_awaitable_t {};
inline constexpr use_awaitable_t use_awaitable{};

/// The operation begins at once and completes a Future of the running loop. Cancelling the future
/// cancels the operation; the future is done when that has ended. Buffers must live as long.
struct use_future_t {};
inline constexpr use_future_t use_future{};

/// Runs a coroutine, or waits for a Future or Task, in its loop, and completes as an Asio operation
/// of signature void(std::exception_ptr, T) does: on the handler's associated executor. Its
/// cancellation slot cancels the task. Thread-safe. T must be default-constructible: on an error
/// the handler gets T(). When the loop is closed the error is CancelledError or RuntimeError.
template <Awaitable A, class Token>
auto async_run(const LoopPtr& loop, A&& awaitable, Token&& token) {
    using T = await_result_t<A>;
    std::decay_t<Token> copy(std::forward<Token>(token));
    return boost::asio::async_initiate<std::decay_t<Token>, detail::run_signature_t<T>>(
        [](auto handler, LoopPtr in, std::decay_t<A> given) {
            detail::start_run<T>(std::move(in), std::move(given), std::move(handler));
        },
        copy, loop, std::decay_t<A>(std::forward<A>(awaitable)));
}

} // namespace asyncio

template <class Signature>
class boost::asio::async_result<asyncio::use_awaitable_t, Signature> {
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation&& initiation, asyncio::use_awaitable_t, Args&&... args) {
        return asyncio::detail::Operation<Signature, std::decay_t<Initiation>,
                                          std::decay_t<Args>...>(
            std::in_place, std::forward<Initiation>(initiation), std::forward<Args>(args)...);
    }
};

template <class Signature>
class boost::asio::async_result<asyncio::use_future_t, Signature> {
public:
    template <class Initiation, class... Args>
    static auto initiate(Initiation&& initiation, asyncio::use_future_t, Args&&... args) {
        using State = asyncio::detail::OperationFuture<Signature>;
        asyncio::AbstractEventLoop& loop = asyncio::get_running_loop();
        auto future = asyncio::detail::make_ref<State>(loop.core(), std::source_location());
        std::forward<Initiation>(initiation)(
            asyncio::detail::AsioHandler<State>(future, asyncio::get_executor(loop)),
            std::forward<Args>(args)...);
        return asyncio::Future<typename State::T>::from(std::move(future));
    }
};
