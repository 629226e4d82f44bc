// TSK-30: sleep(0) and negative delays are exactly one iteration and no timer: they do not wait for
// due timers and queue FIFO.
#include "py.hpp"

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();

    std::function<void(int)> tick = [&](int n) {
        print("tick", n);
        if (n < 4) loop.call_soon(tick, n + 1);
    };

    loop.call_soon(tick, 0);
    for (double delay : {0.0, -1.0, -0.5}) {
        co_await asyncio::sleep(delay);
        print("slept", delay);
    }
    print(co_await asyncio::sleep(0, std::string("result")));
    print(co_await asyncio::sleep(-1, 5));
    co_await asyncio::sleep(0);
    print("end");
}

int main() { asyncio::run(amain()); }
