// LIF-04: stop() before the future is done makes run_until_complete raise "Event loop stopped
// before Future completed."; the task is still alive and a later run finishes it.
#include "py.hpp"

asyncio::Coroutine<std::string> work(asyncio::LoopPtr loop) {
    print("work started");
    loop->call_soon([loop] { loop->stop(); });
    co_await asyncio::sleep(0);
    print("work step 2");
    co_await asyncio::sleep(0);
    print("work step 3");
    co_return "result";
}

int main() {
    auto loop = asyncio::new_event_loop();
    auto task = loop->create_task(work(loop));
    try {
        loop->run_until_complete(task);
    } catch (const asyncio::RuntimeError& e) {
        print("RuntimeError", asyncio::str(e));
    }
    print("done", task.done(), "running", loop->is_running());
    print(loop->run_until_complete(task));
    print(loop->run_until_complete(task));
    loop->close();
}
