#include <asyncio/asyncio.hpp>

#include <iostream>
using namespace std::chrono_literals;

asyncio::Coroutine<int> work(std::string name, asyncio::Seconds delay) {
    co_await asyncio::sleep(delay);
    co_return static_cast<int>(name.size());
}

asyncio::Coroutine<> amain() {
    auto both = co_await asyncio::gather(work("a", 10ms), work("bb", 0.02));
    auto& [a, bb] = both;
    auto task = asyncio::create_task(work("slow", 1h), {.name = "slow"});
    task.cancel();
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        std::cout << task.get_name() << " cancelled\n";
    }

    co_await asyncio::async_with(
        asyncio::TaskGroup{}, [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
            tg.create_task(work("x", 1ms));
            tg.create_task([]() -> asyncio::Coroutine<> { co_await asyncio::sleep(2ms); });
            tg.create_task(work, std::string("y"), 1ms);
            co_return;
        });
    try {
        co_await asyncio::async_with(
            asyncio::timeout(5ms),
            [](asyncio::Timeout) -> asyncio::Coroutine<> { co_await asyncio::sleep(1h); });
    } catch (const asyncio::TimeoutError&) {
        std::cout << "timed out\n";
    }
    int n = co_await asyncio::wait_for(work("abc", 1ms), 1s);
    std::cout << a + bb + n << '\n';
}

int main() { asyncio::run(amain()); }
