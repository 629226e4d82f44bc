// TSK-37: an inner that fails after its shield was cancelled is reported to the exception handler,
// once even if it was shielded several times; a cancelled inner or a surviving shield reports
// nothing.
#include "py.hpp"

using IntTask = asyncio::Task<int>;

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler:", context.message, asyncio::repr(context.exception), bool(context.future));
}

asyncio::Coroutine<int> fail(std::string text) {
    for (int i = 0; i < 4; ++i) co_await asyncio::sleep(0);
    print("fails", text);
    throw asyncio::ValueError(text);
}

asyncio::Coroutine<> waiter(std::string name, IntTask inner) {
    try {
        co_await asyncio::shield(inner);
    } catch (const asyncio::ValueError& e) {
        print(name, asyncio::repr(e));
    }
}

asyncio::Coroutine<> amain() {
    asyncio::get_running_loop().set_exception_handler(handler);
    std::vector<std::size_t> counts(3, 1);
    counts[1] = 3;
    counts[2] = 0;
    for (auto cancelled : counts) {
        auto inner = asyncio::create_task(fail(std::to_string(cancelled)));
        std::vector<asyncio::Task<void>> waiters;
        for (int n = 0; n < 3; ++n)
            waiters.push_back(asyncio::create_task(waiter("waiter " + std::to_string(n), inner)));
        co_await asyncio::sleep(0);
        for (std::size_t n = 0; n < cancelled; ++n) waiters[n].cancel();
        for (int i = 0; i < 7; ++i) co_await asyncio::sleep(0);
        std::vector<bool> states;
        for (const auto& w : waiters) states.push_back(w.cancelled());
        print("shields cancelled", cancelled, inner.done(), states);
        inner = IntTask();
    }
    auto inner = asyncio::create_task(fail("not reached"));
    auto w = asyncio::create_task(waiter("last", inner));
    co_await asyncio::sleep(0);
    w.cancel();
    co_await asyncio::sleep(0);
    inner.cancel();
    co_await asyncio::wait(std::vector(1, inner));
    print("inner cancelled", inner.cancelled());
}

int main() { asyncio::run(amain()); }
