// Pins TGP-01 and section 0.1: an empty group costs no iteration, one trivial child costs three;
// the ticks show every missing or extra turn of the loop.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::Coroutine<> trivial(std::string name) {
    print("child", name);
    co_return;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.call_soon(tick, 1, 8);
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [](asyncio::TaskGroup) -> asyncio::Coroutine<> {
                                     print("empty body");
                                     co_return;
                                 });
    print("empty group done");
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     tg.create_task(trivial("one"));
                                     co_return;
                                 });
    print("one child done");
    co_await asyncio::async_with(asyncio::TaskGroup{},
                                 [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                     tg.create_task(trivial("two"));
                                     tg.create_task(trivial("three"));
                                     co_await asyncio::sleep(0);
                                     co_await asyncio::sleep(0);
                                     print("children are done");
                                 });
    print("no suspension at exit");
}

int main() { asyncio::run(amain()); }
