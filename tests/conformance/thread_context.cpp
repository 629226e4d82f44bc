// Pins EXE-02, EXE-03: to_thread does nothing until awaited and runs in a copy of the caller's
// context; run_in_executor submits at the call and sees none of the caller's variables.
#include "py.hpp"

using Log = std::vector<std::string>;
asyncio::ContextVar<std::string> var{"var", "unset"};

std::string work(Log* log) {
    log->push_back(var.get());
    var.set("changed in the thread");
    return var.get();
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    Log log;
    var.set("main");
    auto coro = asyncio::to_thread(work, &log);
    co_await asyncio::sleep(0.01);
    print("before await", log);
    auto result = co_await std::move(coro);
    print(result, log, var.get());
    auto task = asyncio::create_task(asyncio::to_thread(work, &log));
    var.set("after creation");
    result = co_await task;
    print(result, log, var.get());
    auto pool = std::make_shared<asyncio::concurrent::ThreadPoolExecutor>(1);
    auto first = loop.run_in_executor(pool, work, &log);
    var.set("after submission");
    result = co_await first;
    print(result, log, var.get());
    pool->shutdown();
}

int main() { asyncio::run(amain()); }
