// Pins TGP-05, TSK-05: KeyboardInterrupt in a child leaves run_until_complete at once; when the
// loop runs again the group still cancels and awaits everybody and re-raises that very exception,
// not a group.
#include "py.hpp"

asyncio::Coroutine<> interrupted() {
    co_await asyncio::sleep(0);
    print("interrupt");
    throw asyncio::KeyboardInterrupt("ctrl-c");
}

asyncio::Coroutine<> sibling() {
    co_await asyncio::try_finally([]() -> asyncio::Coroutine<> { co_await asyncio::sleep(10); },
                                  []() -> asyncio::Coroutine<> {
                                      co_await asyncio::sleep(0);
                                      print("sibling cleaned up");
                                      throw asyncio::ValueError("lost");
                                  });
}

asyncio::Coroutine<std::string> amain() {
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(sibling());
                                         tg.create_task(interrupted());
                                         co_return;
                                     });
    } catch (const asyncio::KeyboardInterrupt& e) {
        print("group raised", asyncio::repr(e));
    }
    print("cancelling", asyncio::current_task().cancelling());
    co_return "ok";
}

int main() {
    auto loop = asyncio::new_event_loop();
    auto task = loop->create_task(amain());
    try {
        loop->run_until_complete(task);
    } catch (const asyncio::KeyboardInterrupt& e) {
        print("loop raised", asyncio::repr(e), task.done());
    }
    print(loop->run_until_complete(task));
    loop->close();
}
