// Runs a coroutine function to its end, on the kind of loop that ASYNCIO_TEST_LOOP names:
//
//   own      asyncio::run (the default)
//   guest    a loop attached to an io_context that a thread of its own runs
//   strand   a loop attached to a strand of a thread pool with two threads
//
// Whatever the kind, the tasks that are left are cancelled and awaited as asyncio.run does, and the
// loop is closed on its executor. A guest's executor must run out of work by itself.
#pragma once
#include <asyncio/asyncio.hpp>

#include <functional>
#include <type_traits>

namespace asyncio_test {

enum class LoopKind { own, guest, strand };

/// The kind that the environment asks for. Throws std::invalid_argument for an unknown name.
LoopKind loop_kind();

/// Calls `start` in a new guest loop and drives the executor until the loop has ended. What the
/// executor's run() throws is thrown here.
void run_guest(LoopKind kind, const std::function<asyncio::TaskRef()>& start);

/// Runs body() as the main task and returns its result; throws what it ends with.
template <class F>
auto run(F body) {
    using T = asyncio::await_result_t<std::invoke_result_t<F&>>;
    const LoopKind kind = loop_kind();
    if (kind == LoopKind::own) return asyncio::run(body);
    asyncio::Task<T> main;
    run_guest(kind, [&] {
        main = asyncio::create_task(body);
        return asyncio::TaskRef(main);
    });
    if constexpr (std::is_void_v<T>)
        main.result();
    else
        return T(main.result());
}

} // namespace asyncio_test
