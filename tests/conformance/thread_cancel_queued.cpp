// Pins EXE-04, EXE-02: a cancelled job that still waits in the pool's queue never runs; the ones
// before and behind it do, in order.
#include "thread.hpp"

thread::Event release;
thread::Log log_;

std::string job(std::string name) {
    release.wait();
    log_.append(name);
    return name;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto pool = std::make_shared<asyncio::concurrent::ThreadPoolExecutor>(1);
    const std::vector<std::string> names{"a", "b", "c", "d"};
    std::vector<asyncio::Future<std::string>> futures;
    for (const auto& name : names) futures.push_back(loop.run_in_executor(pool, job, name));
    co_await asyncio::sleep(0);
    const bool accepted = futures[1].cancel();
    print("cancel b", accepted, futures[1].cancelled());
    print("cancel again", futures[1].cancel());
    co_await asyncio::sleep(0);
    release.set();
    for (int i = 0; i < 4; ++i) {
        try {
            const auto result = co_await futures[i];
            print(names[i], result);
        } catch (const asyncio::CancelledError&) {
            print(names[i], "cancelled");
        }
    }
    pool->shutdown();
    print(log_.list());
}

int main() { asyncio::run(amain()); }
