// TSK-42: an inner that swallows the cancel of the expired deadline and returns a value: wait_for
// returns that value, no TimeoutError, and the caller is not left with a request.
#include "py.hpp"

asyncio::Coroutine<std::string> stubborn(int turns) {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("swallowed");
    }
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    co_return "value";
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(stubborn(3));
    print(co_await asyncio::wait_for(task, 0.01));
    print(task.cancelled(), task.cancelling());
    print(co_await asyncio::wait_for(stubborn(2), 0.01));
    print(asyncio::current_task().cancelling());
    co_await asyncio::sleep(0);
    print("not interrupted later");
}

int main() { asyncio::run(amain()); }
