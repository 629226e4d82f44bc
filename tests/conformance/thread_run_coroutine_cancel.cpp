// Pins TSK-46, FUT-12: cancelling the thread's future cancels the task on the loop; a task that
// ends cancelled cancels the thread's future.
#include "thread.hpp"

thread::Event started;
thread::Log log_;

asyncio::Coroutine<> sleeper() {
    started.set();
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        log_.append("task cancelled on the loop");
        throw;
    }
}

asyncio::Coroutine<> gives_up() {
    co_await asyncio::sleep(0);
    throw asyncio::CancelledError();
}

void worker(asyncio::AbstractEventLoop* loop) {
    auto future = asyncio::run_coroutine_threadsafe(sleeper(), *loop);
    started.wait();
    const bool accepted = future.cancel();
    log_.append("cancel " + py::repr(accepted) + " " + py::repr(future.cancelled()));
    try {
        future.result();
    } catch (const asyncio::concurrent::CancelledError&) {
        log_.append("future cancelled");
    }
    auto other = asyncio::run_coroutine_threadsafe(gives_up(), *loop);
    try {
        other.result();
    } catch (const asyncio::concurrent::CancelledError&) {
        log_.append("other cancelled too");
    }
}

asyncio::Coroutine<> amain() {
    co_await asyncio::to_thread(worker, &asyncio::get_running_loop());
    co_await asyncio::sleep(0);
    print(log_.sorted(), asyncio::all_tasks().size());
}

int main() { asyncio::run(amain()); }
