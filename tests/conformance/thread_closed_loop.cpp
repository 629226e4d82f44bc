// Pins SCH-06, LIF-08, EXE-06: submitting to a closed loop raises RuntimeError; a job that
// completes after its loop was closed is dropped silently.
#include "thread.hpp"

using Pool = std::shared_ptr<asyncio::concurrent::ThreadPoolExecutor>;
thread::Event release;
thread::Log log_;

int job() {
    release.wait();
    log_.append("job ran");
    return 1;
}

asyncio::Coroutine<> submit(Pool pool) {
    asyncio::get_running_loop().run_in_executor(pool, job);
    print("submitted");
    co_return;
}

asyncio::Coroutine<> never() {
    print("not reached");
    co_return;
}

int main() {
    auto pool = std::make_shared<asyncio::concurrent::ThreadPoolExecutor>(1);
    auto loop = asyncio::new_event_loop();
    loop->run_until_complete(submit(pool));
    loop->close();
    release.set();
    pool->shutdown();
    print(log_.list(), loop->is_closed());
    try {
        loop->call_soon_threadsafe([] { print("not reached"); });
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::repr(e));
    }
    try {
        asyncio::run_coroutine_threadsafe(never(), *loop);
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::repr(e));
    }
    try {
        loop->run_in_executor(nullptr, [] { print("not reached"); });
    } catch (const asyncio::RuntimeError& e) {
        print(asyncio::repr(e));
    }
}
