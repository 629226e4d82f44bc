// TSK-05, RUN-13: KeyboardInterrupt and SystemExit raised by a task are stored in it *and* thrown
// out of the loop run; an ordinary exception is only stored.
#include "py.hpp"

asyncio::Coroutine<> interrupted() {
    co_await asyncio::sleep(0);
    throw asyncio::KeyboardInterrupt();
}

asyncio::Coroutine<> leaving() {
    throw asyncio::SystemExit(4);
    co_return;
}

asyncio::Coroutine<> failing() {
    throw asyncio::ValueError("stored");
    co_return;
}

int main() {
    auto loop = asyncio::new_event_loop();
    auto task = loop->create_task(interrupted());
    auto exits = loop->create_task(leaving());
    auto fails = loop->create_task(failing());
    loop->call_soon([] { print("same batch as the first steps"); });
    for (int i = 0; i < 3; ++i) {
        try {
            loop->stop();
            loop->run_forever();
            print("run", i, "returned");
        } catch (const asyncio::KeyboardInterrupt&) {
            print("run", i, "KeyboardInterrupt");
        } catch (const asyncio::SystemExit&) {
            print("run", i, "SystemExit");
        }
        print(task.done(), exits.done(), fails.done(), loop->is_running());
    }
    print(asyncio::type_name(task.exception()), task.cancelled());
    print(asyncio::type_name(exits.exception()));
    print(asyncio::repr(fails.exception()));
    loop->close();
}
