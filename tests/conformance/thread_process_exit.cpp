// Pins EXE-08: the end of the process sends idle workers home and waits for running and queued
// jobs, also of an executor that nobody refers to any more.
#include "thread.hpp"

using Pool = std::shared_ptr<asyncio::concurrent::ThreadPoolExecutor>;
thread::Event main_ended;
Pool busy = std::make_shared<asyncio::concurrent::ThreadPoolExecutor>(1);
Pool idle = std::make_shared<asyncio::concurrent::ThreadPoolExecutor>(2);

void job(std::string name) {
    main_ended.wait();
    print("job", name);
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    const int result = co_await loop.run_in_executor(idle, [](int x) { return std::abs(x); }, -3);
    print(result);
    for (std::string name : {"running", "queued"}) loop.run_in_executor(busy, job, name);
}

int main() {
    asyncio::run(amain());
    auto dropped = std::make_shared<asyncio::concurrent::ThreadPoolExecutor>(1);
    dropped->submit([] { main_ended.wait(); });
    dropped.reset();
    print("main ends");
    main_ended.set();
}
