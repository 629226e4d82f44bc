// TSK-31, DESIGN section 2: ensure_future passes futures and tasks through unchanged (no new task,
// no iteration) and wraps a coroutine in a task that starts in the next iteration.
#include "py.hpp"

asyncio::Coroutine<std::string> work(std::string name) {
    print("work", name);
    co_return name;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<std::string>();
    auto same = asyncio::ensure_future(fut);
    print(same == fut);
    auto task = asyncio::create_task(work("a"));
    print(asyncio::ensure_future(task) == task);
    auto wrapped = asyncio::ensure_future(work("b"));
    print("wrapped", wrapped.done());
    loop.call_soon([] { print("soon"); });
    same.set_result("through");
    print(fut.result());
    auto second = co_await wrapped;
    print(second, co_await task);
    auto done = asyncio::ensure_future(fut);
    loop.call_soon([] { print("an iteration passed"); });
    print(co_await done);
    co_await asyncio::sleep(0);
}

int main() { asyncio::run(amain()); }
