// TSK-30: sleep(NaN) raises ValueError "Invalid delay: NaN (not a number)" when it is awaited,
// without an iteration; the sign of the NaN does not matter.
#include "py.hpp"

#include <limits>

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.call_soon([] { print("an iteration passed"); });
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (double delay : {nan, -nan}) {
        auto coroutine = asyncio::sleep(delay);
        print("not checked before the await");
        try {
            co_await std::move(coroutine);
        } catch (const asyncio::ValueError& e) {
            print("ValueError", asyncio::str(e));
        }
    }
    try {
        co_await asyncio::sleep(nan, std::string("result"));
    } catch (const asyncio::ValueError& e) {
        print("ValueError", asyncio::str(e));
    }
    auto task = asyncio::create_task(asyncio::sleep(nan));
    try {
        co_await task;
    } catch (const asyncio::ValueError& e) {
        print("in a task", asyncio::repr(e));
    }
    co_await asyncio::sleep(0);
}

int main() { asyncio::run(amain()); }
