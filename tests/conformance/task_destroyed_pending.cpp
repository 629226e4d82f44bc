// TSK-24, LIF-07: a task that is still pending when the loop is closed and dropped is reported once
// as "Task was destroyed but it is pending!"; close() does not run its code.
#include "py.hpp"

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler:", context.message, context.task.get_name());
}

asyncio::Coroutine<> forever(asyncio::AbstractEventLoop& loop) {
    print("started");
    auto fut = loop.create_future();
    try {
        co_await fut;
    } catch (const asyncio::CancelledError&) {
        print("close() must not cancel");
        throw;
    }
    print("never");
}

asyncio::Coroutine<std::string> quick() { co_return "quick"; }

int main() {
    auto loop = asyncio::new_event_loop();
    loop->set_exception_handler(handler);
    auto task = loop->create_task(forever(*loop), {.name = "stuck"});
    auto done = loop->create_task(quick(), {.name = "done"});
    auto result = loop->run_until_complete(done);
    print(result, task.done());
    loop->close();
    task = asyncio::Task<void>();
    done = asyncio::Task<std::string>();
    loop = nullptr;
    print("end");
}
