// Pins QUE-02 and section 0.1: a blocked get resumes two iterations after the put; the ticks count
// every hand-over between two tasks.
#include "py.hpp"

void tick(int n, int last) {
    print("tick", n);
    if (n < last) asyncio::get_running_loop().call_soon(tick, n + 1, last);
}

asyncio::Coroutine<> player(std::string name, asyncio::Queue<int> inbox,
                            asyncio::Queue<int> outbox) {
    for (int i = 0; i < 3; ++i) {
        const int ball = co_await inbox.get();
        print(name, "has", ball);
        co_await outbox.put(ball + 1);
    }
}

asyncio::Coroutine<> amain() {
    asyncio::Queue<int> ping;
    asyncio::Queue<int> pong;
    auto one = asyncio::create_task(player("ping", ping, pong));
    auto two = asyncio::create_task(player("pong", pong, ping));
    co_await asyncio::sleep(0);
    asyncio::get_running_loop().call_soon(tick, 1, 9);
    ping.put_nowait(0);
    co_await asyncio::gather(one, two);
    const int left = ping.get_nowait();
    print("left over", left, pong.empty());
}

int main() { asyncio::run(amain()); }
