// TSK-37: cancelling a task that awaits shield(inner) leaves the inner running: the outer gets
// CancelledError at once and the inner's result can still be awaited.
#include "py.hpp"

asyncio::Coroutine<std::string> inner() {
    for (int i = 0; i < 4; ++i) {
        print("inner", i);
        co_await asyncio::sleep(0);
    }
    co_return "inner value";
}

asyncio::Coroutine<> outer(asyncio::Task<std::string> task) {
    try {
        print(co_await asyncio::shield(task));
    } catch (const asyncio::CancelledError& e) {
        print("outer", asyncio::repr(e), asyncio::current_task().cancelling());
        throw;
    }
}

asyncio::Coroutine<> amain() {
    auto i = asyncio::create_task(inner());
    auto o = asyncio::create_task(outer(i));
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    o.cancel("only the outer");
    print("inner", i.cancelling(), "outer", o.cancelling());
    co_await asyncio::wait(std::vector(1, o));
    print(o.cancelled(), i.done());
    print(co_await i);
    auto shield = asyncio::shield(asyncio::create_task(inner()));
    bool accepted = shield.cancel("the shield itself");
    print(accepted, shield.cancelled());
    for (int n = 0; n < 6; ++n) co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
