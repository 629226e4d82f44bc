// [hello]
#include <asyncio/asyncio.hpp>

#include <iostream>
#include <string>

using asyncio::Coroutine;

Coroutine<int> greet(std::string name, double delay) {
    co_await asyncio::sleep(delay);
    std::cout << "hello, " << name << "\n";
    co_return static_cast<int>(name.size());
}

Coroutine<> amain() {
    asyncio::Task<int> a, b;
    co_await asyncio::async_with(asyncio::TaskGroup{}, [&](asyncio::TaskGroup tg) -> Coroutine<> {
        a = tg.create_task(greet("world", 0.02));
        b = tg.create_task(greet("asyncio", 0.01));
        co_return;
    });
    std::cout << a.result() + b.result() << " letters\n";
}

int main() { asyncio::run(amain()); }
// [/hello]
