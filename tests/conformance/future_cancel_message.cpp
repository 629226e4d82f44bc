// FUT-02, TSK-21: the message of Future.cancel(msg) is in the CancelledError of result(),
// exception() and await; the second cancel() is refused and does not change it.
#include "py.hpp"

using Fut = asyncio::Future<int>;

void read(std::string name, std::function<void()> call) {
    try {
        call();
    } catch (const asyncio::CancelledError& e) {
        print(name, asyncio::repr(e));
    }
}

asyncio::Coroutine<> waiter(Fut fut) {
    try {
        co_await fut;
    } catch (const asyncio::CancelledError& e) {
        print("waiter", asyncio::repr(e));
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto plain = loop.create_future<int>();
    plain.cancel();
    read("plain result", [&] { plain.result(); });
    auto fut = loop.create_future<int>();
    bool first = fut.cancel("first");
    bool second = fut.cancel("second");
    print(first, second);
    read("exception", [&] { fut.exception(); });
    read("result", [&] { fut.result(); });
    read("result again", [&] { fut.result(); });
    auto awaited = loop.create_future<int>();
    loop.call_soon([&] { awaited.cancel("while awaited"); });
    auto task = asyncio::create_task(waiter(awaited));
    co_await task;
    try {
        co_await awaited;
    } catch (const asyncio::CancelledError& e) {
        print("main", asyncio::repr(e));
    }
}

int main() { asyncio::run(amain()); }
