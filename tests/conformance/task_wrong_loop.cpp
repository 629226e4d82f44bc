// TSK-06: awaiting a future of another loop raises RuntimeError "... attached to a different loop"
// at the await, as the next step; the foreign future is not touched.
#include "py.hpp"

using Fut = asyncio::Future<int>;

asyncio::Coroutine<std::string> confused(Fut foreign) {
    asyncio::get_running_loop().call_soon([] { print("an iteration passed"); });
    try {
        co_await foreign;
    } catch (const asyncio::RuntimeError& e) {
        const auto text = asyncio::str(e);
        print("RuntimeError", text.find("attached to a different loop") != text.npos);
    }
    co_await asyncio::sleep(0);
    co_return "survived";
}

asyncio::Coroutine<> amain(asyncio::LoopPtr other) {
    auto foreign = other->create_future<int>();
    print(co_await confused(foreign));
    print(foreign.done());
    foreign = other->create_future<int>();
    auto task = asyncio::create_task(confused(foreign));
    print(co_await task);
    foreign.set_result(3);
    print(co_await foreign, "since a done future needs no loop");
}

int main() {
    auto other = asyncio::new_event_loop();
    asyncio::run(amain(other));
    other->close();
}
