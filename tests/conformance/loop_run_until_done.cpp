// LIF-04: run_until_complete stops through a done callback: a finished future still costs the
// iterations of that callback, queued handles run, what they schedule in the last one stays.
#include "py.hpp"

asyncio::Coroutine<std::string> empty() { co_return "coroutine"; }

int main() {
    auto loop = asyncio::new_event_loop();
    int count = 0;

    std::function<void()> tick = [&] {
        count += 1;
        loop->call_soon(tick);
    };

    loop->call_soon(tick);
    auto fut = loop->create_future<std::string>();
    fut.set_result("ready");
    auto result = loop->run_until_complete(fut);
    print(result, count);
    count = 0;
    auto pending = loop->create_future<std::string>();
    loop->call_soon([&] { pending.set_result("late"); });
    result = loop->run_until_complete(pending);
    print(result, count);
    count = 0;

    result = loop->run_until_complete(empty());
    print(result, count);
    count = 0;
    auto failed = loop->create_future();
    failed.set_exception(asyncio::ValueError("failed"));
    try {
        loop->run_until_complete(failed);
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e), count);
    }
    loop->close();
}
