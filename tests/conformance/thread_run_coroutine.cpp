// Pins TSK-46, SCH-06: run_coroutine_threadsafe wakes a sleeping loop, runs the coroutine there and
// hands its result or exception to the thread.
#include "thread.hpp"

const auto main_thread = std::this_thread::get_id();

asyncio::Coroutine<int> add(int a, int b) {
    co_await asyncio::sleep(0);
    print("adding on the loop's thread", std::this_thread::get_id() == main_thread);
    if (b < 0) throw asyncio::ValueError("negative");
    co_return a + b;
}

std::vector<std::string> worker(asyncio::AbstractEventLoop* loop) {
    std::vector<std::string> log;
    log.push_back(py::repr(asyncio::run_coroutine_threadsafe(add(2, 3), *loop).result()));
    auto future = asyncio::run_coroutine_threadsafe(add(2, -3), *loop);
    try {
        future.result();
    } catch (const asyncio::ValueError& e) {
        log.push_back(asyncio::repr(e));
    }
    log.push_back(asyncio::repr(future.exception()));
    log.push_back(py::repr(future.done()));
    return log;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto log = co_await asyncio::to_thread(worker, &loop);
    for (const auto& entry : log) print(entry);
}

int main() { asyncio::run(amain()); }
