// Pins TGP-05: SystemExit in the body still cancels and awaits the children and is re-raised bare;
// what the children raised while leaving does not replace it.
#include "py.hpp"

asyncio::Coroutine<> child() {
    co_await asyncio::try_finally([]() -> asyncio::Coroutine<> { co_await asyncio::sleep(10); },
                                  []() -> asyncio::Coroutine<> {
                                      print("child cancelled");
                                      co_await asyncio::sleep(0);
                                      print("child done");
                                      throw asyncio::ValueError("child");
                                  });
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    loop.set_exception_handler(
        [](asyncio::AbstractEventLoop&, const asyncio::ExceptionContext&) {});
    std::vector<asyncio::Task<>> tasks;
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [&](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tasks.push_back(tg.create_task(child()));
                                         co_await asyncio::sleep(0);
                                         throw asyncio::SystemExit(3);
                                     });
    } catch (const asyncio::SystemExit& e) {
        print("raised", asyncio::type_name(e));
    }
    print(tasks[0].done(), asyncio::repr(tasks[0].exception()));
    print("cancelling", asyncio::current_task().cancelling());
}

int main() { asyncio::run(amain()); }
