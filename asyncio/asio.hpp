// Layer 1. The door to Boost.Asio: a loop as a guest on somebody else's executor.
//
// The only public header that includes Asio. Work enters a guest through run_coroutine_threadsafe
// or from coroutines that already run on it; its callbacks run on the executor, one at a time.
#pragma once
#include <asyncio/config.hpp>
#include <asyncio/events.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/io_context.hpp>

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

} // namespace asyncio
