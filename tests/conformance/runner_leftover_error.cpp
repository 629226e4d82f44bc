// RUN-04: a leftover that fails while it is being cancelled is reported ("unhandled exception
// during asyncio.run() shutdown", keys exception and task); cancelled and returning ones are
// silent.
#include "py.hpp"

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler:", context.message);
    print(asyncio::repr(context.exception), context.task.get_name());
}

asyncio::Coroutine<std::string> stuck() {
    co_await asyncio::sleep(1000);
    co_return "not reached";
}

asyncio::Coroutine<std::string> returns() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        co_return "refused";
    }
    co_return "not reached";
}

asyncio::Coroutine<std::string> fails() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        throw asyncio::ValueError("while being cancelled");
    }
    co_return "not reached";
}

using Tasks = std::vector<asyncio::Task<std::string>>;

asyncio::Coroutine<> amain(Tasks* tasks) {
    asyncio::get_running_loop().set_exception_handler(handler);
    tasks->push_back(asyncio::create_task(stuck(), {.name = "stuck"}));
    tasks->push_back(asyncio::create_task(returns(), {.name = "returns"}));
    tasks->push_back(asyncio::create_task(fails(), {.name = "fails"}));
    co_await asyncio::sleep(0);
    print("main returns");
}

int main() {
    Tasks tasks;
    asyncio::run(amain(&tasks));
    std::vector<bool> done, cancelled;
    std::vector<int> cancelling;
    for (const auto& t : tasks) {
        done.push_back(t.done());
        cancelled.push_back(t.cancelled());
        cancelling.push_back(t.cancelling());
    }
    print(done, cancelled, cancelling);
}
