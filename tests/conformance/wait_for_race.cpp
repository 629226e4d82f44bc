// TSK-43: the inner finishes in the batch in which the deadline fires. Deadline callback before the
// waiter's resumption: TimeoutError, the result stays on the future; after it: the result.
#include "py.hpp"

#include <thread>

using namespace std::chrono_literals;

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto fut = loop.create_future<std::string>();
    loop.call_later(0.005, [&] { fut.set_result("finished"); });
    loop.call_soon([] { std::this_thread::sleep_for(30ms); });
    try {
        print("got", co_await asyncio::wait_for(fut, 0.01));
    } catch (const asyncio::TimeoutError& e) {
        print(asyncio::repr(e), fut.result());
    }
    print(asyncio::current_task().cancelling());

    auto early = loop.create_future<std::string>();

    auto finish_then_block = [&] {
        early.set_result("resumed first");
        std::this_thread::sleep_for(30ms);
    };

    loop.call_soon(finish_then_block);
    print("got", co_await asyncio::wait_for(early, 0.01));
    print(asyncio::current_task().cancelling());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("not interrupted later");
}

int main() { asyncio::run(amain()); }
