// Pins TGP-04, section 25: except* over a TaskGroup's error; the clauses see the failures by type,
// nested groups included, and nothing of the cancelled siblings.
#include "py.hpp"

template <class E>
asyncio::Coroutine<> fail(E error, int turns) {
    for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
    throw error;
}

asyncio::Coroutine<> nested() {
    co_await asyncio::async_with(
        asyncio::TaskGroup{}, [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
            tg.create_task(fail(asyncio::ConnectionResetError("inner"), 0));
            tg.create_task(fail(asyncio::ValueError("inner"), 0));
            co_return;
        });
}

asyncio::Coroutine<> sibling() { co_await asyncio::sleep(10); }

asyncio::Coroutine<> amain() {
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(fail(asyncio::ValueError("one"), 3));
                                         tg.create_task(nested());
                                         tg.create_task(sibling());
                                         co_return;
                                     });
    } catch (const asyncio::BaseExceptionGroup&) {
        asyncio::ExceptStar(std::current_exception())
            .except<asyncio::ConnectionError>(
                [](const asyncio::BaseExceptionGroup& g) { print("connection", asyncio::repr(g)); })
            .except<asyncio::ValueError>(
                [](const asyncio::BaseExceptionGroup& g) { print("value", asyncio::repr(g)); })
            .raise();
    }
    print("handled");
}

int main() { asyncio::run(amain()); }
