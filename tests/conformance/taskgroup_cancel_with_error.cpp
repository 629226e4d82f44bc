// Pins TGP-17: cancel() hides neither a child that fails while leaving nor a cancellation that came
// from outside as well.
#include "py.hpp"

asyncio::Coroutine<> child(bool fail) {
    co_await asyncio::try_finally([]() -> asyncio::Coroutine<> { co_await asyncio::sleep(10); },
                                  [&]() -> asyncio::Coroutine<> {
                                      if (fail) throw asyncio::ValueError("cleanup");
                                      co_return;
                                  });
}

asyncio::Coroutine<> parent(bool fail) {
    auto task = asyncio::current_task();
    try {
        co_await asyncio::async_with(
            asyncio::TaskGroup{}, [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                tg.create_task(child(fail));
                co_await asyncio::sleep(0);
                asyncio::get_running_loop().call_soon([tg] { tg.cancel(); });
                co_await asyncio::sleep(10);
            });
    } catch (const asyncio::ExceptionGroup& g) {
        print("group", g.exceptions(), task.cancelling());
    } catch (const asyncio::CancelledError&) {
        print("cancelled", task.cancelling());
        throw;
    }
    print("parent goes on", task.cancelling());
}

asyncio::Coroutine<> amain() {
    co_await parent(true);
    co_await parent(false);
    auto task = asyncio::create_task(parent(false));
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("cancel", task.cancel());
    std::vector<asyncio::Task<>> tasks{task};
    co_await asyncio::wait(tasks);
    print("ended cancelled", task.cancelled(), task.cancelling());
}

int main() { asyncio::run(amain()); }
