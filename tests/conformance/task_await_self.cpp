// TSK-06: a task that awaits itself gets RuntimeError "Task cannot await on itself: ..." at the
// await, delivered as its next step, so that it can catch it and go on.
#include "py.hpp"

using Box = std::vector<asyncio::FutureRef>;

std::string title(std::string text) { return text.substr(0, text.find(':')); }

asyncio::Coroutine<std::string> selfish(Box* box) {
    auto& loop = asyncio::get_running_loop();
    loop.call_soon([] { print("an iteration passed"); });
    try {
        co_await box->at(0);
    } catch (const asyncio::RuntimeError& e) {
        print("RuntimeError", title(asyncio::str(e)));
    }
    co_await asyncio::sleep(0);
    co_return "survived";
}

asyncio::Coroutine<> stubborn(Box* box) { co_await box->at(1); }

asyncio::Coroutine<> amain() {
    Box box;
    auto first = asyncio::create_task(selfish(&box));
    box.push_back(first);
    auto second = asyncio::create_task(stubborn(&box));
    box.push_back(second);
    print(co_await first);
    try {
        co_await second;
    } catch (const asyncio::RuntimeError& e) {
        print("main", title(asyncio::str(e)));
    }
    print(second.cancelled(), second.done());
}

int main() { asyncio::run(amain()); }
