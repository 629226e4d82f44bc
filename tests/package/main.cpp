// A program of a user of the package: coroutines, and an error thrown inside the library.
#include <asyncio/asyncio.hpp>
#include <asyncio/version.hpp>

#include <iostream>

using namespace std::chrono_literals;

asyncio::Coroutine<int> answer(int half) {
    co_await asyncio::sleep(1ms);
    co_return 2 * half;
}

asyncio::Coroutine<> amain() {
    auto task = asyncio::create_task(answer(21));
    bool late = false;
    try {
        co_await asyncio::wait_for(asyncio::sleep(1h), 1ms);
    } catch (const asyncio::TimeoutError&) {
        late = true;
    }
    int result = co_await task;
    std::cout << "asyncio " << ASYNCIO_VERSION << ' ' << result << (late ? " late\n" : " early\n");
}

int main() { asyncio::run(amain()); }
