// RUN-03, RUN-13: an exception of main (also KeyboardInterrupt) comes out of run() after the
// leftovers were cancelled and finished; their results are ignored.
#include "py.hpp"

asyncio::Coroutine<std::string> leftover(std::string name) {
    bool cancelled = false;
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        cancelled = true;
    }
    if (cancelled) {
        print("leftover of", name, "cancelled");
        co_await asyncio::sleep(0);
    }
    print("leftover of", name, "returns");
    co_return "ignored";
}

asyncio::Coroutine<> failing() {
    auto task = asyncio::create_task(leftover("failing"));
    co_await asyncio::sleep(0);
    throw asyncio::ValueError("main failed");
}

asyncio::Coroutine<> interrupted() {
    auto task = asyncio::create_task(leftover("interrupted"));
    co_await asyncio::sleep(0);
    throw asyncio::KeyboardInterrupt();
}

asyncio::Coroutine<> cancelled() {
    auto task = asyncio::create_task(leftover("cancelled"));
    co_await asyncio::sleep(0);
    throw asyncio::CancelledError("own");
}

int main() {
    for (auto body : {failing, interrupted, cancelled}) {
        try {
            asyncio::run(body());
            print("not reached");
        } catch (const asyncio::ValueError& e) {
            print(asyncio::repr(e));
        } catch (const asyncio::KeyboardInterrupt&) {
            print("KeyboardInterrupt");
        } catch (const asyncio::CancelledError& e) {
            print(asyncio::repr(e));
        }
    }
}
