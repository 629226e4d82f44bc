// SCH-06: call_soon_threadsafe wakes a loop that is blocked with no timer armed (and one blocked on
// a distant timer); on a closed loop it raises RuntimeError.
#include "py.hpp"

#include <thread>

void poke(asyncio::AbstractEventLoop* loop, asyncio::Future<int> fut, int value) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    loop->call_soon_threadsafe([fut, value] { fut.set_result(value); });
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    asyncio::TimerHandle distant;
    for (int value : {1, 2}) {
        auto fut = loop.create_future<int>();
        print("waiting");
        std::thread thread(poke, &loop, fut, value);
        int got = co_await fut;
        print("got", got);
        thread.join();
        distant = loop.call_later(3600, [] { print("never"); });
    }
    distant.cancel();
}

int main() {
    asyncio::run(amain());
    auto loop = asyncio::new_event_loop();
    loop->close();
    try {
        loop->call_soon_threadsafe([] { print("never"); });
    } catch (const asyncio::RuntimeError& e) {
        print("RuntimeError", asyncio::str(e));
    }
}
