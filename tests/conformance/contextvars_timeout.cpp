// CTX-02, TMO-04: the body of async with and of timeout() runs in the task's own context, changes
// made inside stay after the block, also when it expired.
#include "py.hpp"

using asyncio::Coroutine, asyncio::Timeout;

asyncio::ContextVar<std::string> var{"var", "default"};

Coroutine<> expires() {
    co_await asyncio::async_with(asyncio::timeout(0), [](Timeout) -> Coroutine<> {
        var.set("set in the body");
        try {
            co_await asyncio::sleep(1000);
        } catch (const asyncio::CancelledError&) {
            print("in the handler", var.get());
            var.set("set in the handler");
            throw;
        }
    });
}

Coroutine<> amain() {
    var.set("main");
    co_await asyncio::async_with(asyncio::timeout(1000), [](Timeout) -> Coroutine<> {
        print(var.get());
        var.set("changed in time");
        co_await asyncio::sleep(0);
    });
    print(var.get());
    try {
        co_await expires();
    } catch (const asyncio::TimeoutError&) {
        print("after the timeout", var.get());
    }
    asyncio::Lock lock;
    {
        auto guard = co_await lock.scoped();
        var.set("under the lock");
    }
    print(var.get());
    auto task = asyncio::create_task(expires());
    co_await asyncio::wait(std::vector(1, task));
    print(asyncio::type_name(task.exception()), var.get());
}

int main() { asyncio::run(amain()); }
