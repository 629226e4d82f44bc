// LIF-06: after a run the running loop is cleared; handles, tasks and timers that were left keep
// their order and continue in the next run.
#include "py.hpp"

std::string running(asyncio::LoopPtr loop) {
    try {
        return py::repr(&asyncio::get_running_loop() == loop.get());
    } catch (const asyncio::RuntimeError& e) {
        return asyncio::str(e);
    }
}

asyncio::Coroutine<> steps(std::string name, int count) {
    for (int i = 0; i < count; ++i) {
        print(name, i);
        co_await asyncio::sleep(0);
    }
    print(name, "end");
}

int main() {
    auto loop = asyncio::new_event_loop();
    print(running(loop));
    auto a = loop->create_task(steps("a", 4));
    auto b = loop->create_task(steps("b", 2));
    for (int turn = 0; turn < 3; ++turn) {
        loop->stop();
        loop->run_forever();
        print("turn", turn, running(loop), a.done(), b.done());
    }
    loop->call_soon([&] { print("inside", running(loop)); });
    loop->run_until_complete(a);
    print(a.done(), b.done(), running(loop));
    loop->close();
}
