// TSK-33: the first exception completes the gather at once; the siblings are neither cancelled nor
// awaited, and their later exceptions are never reported.
#include "py.hpp"

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("must not be reported", context.message);
}

asyncio::Coroutine<std::string> fail(std::string name, int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("fails", name);
    throw asyncio::ValueError(name);
}

asyncio::Coroutine<std::string> work(std::string name, int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    print("ends", name);
    co_return name;
}

asyncio::Coroutine<> amain() {
    asyncio::get_running_loop().set_exception_handler(handler);
    auto slow = asyncio::create_task(work("slow", 5));
    auto late = asyncio::create_task(fail("late", 4));
    auto both = asyncio::gather(slow, fail("first", 1), late);
    try {
        co_await both;
    } catch (const asyncio::ValueError& e) {
        print(asyncio::repr(e), both.done(), both.cancelled());
    }
    print(slow.done(), late.done(), slow.cancelling());
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    print(slow.done(), late.done());
    late = asyncio::Task<std::string>();
    co_await asyncio::sleep(0);
    print(asyncio::repr(both.exception()));
}

int main() { asyncio::run(amain()); }
