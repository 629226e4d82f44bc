// Pins TGP-04, TGP-02: a failing inner group is one error of the outer group; its siblings in the
// outer group are cancelled by it, and split() finds the leaves at any depth.
#include "py.hpp"

asyncio::Coroutine<> fail(std::exception_ptr error) {
    std::rethrow_exception(error);
    co_return;
}

asyncio::Coroutine<> inner_group() {
    co_await asyncio::async_with(
        asyncio::TaskGroup{}, [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
            tg.create_task(fail(std::make_exception_ptr(asyncio::ValueError("deep"))));
            tg.create_task(fail(std::make_exception_ptr(asyncio::TypeError("deep too"))));
            co_return;
        });
}

asyncio::Coroutine<> sibling() {
    try {
        co_await asyncio::sleep(10);
    } catch (const asyncio::CancelledError&) {
        print("sibling cancelled");
        throw;
    }
}

asyncio::Coroutine<> amain() {
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(inner_group());
                                         tg.create_task(sibling());
                                         co_return;
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(asyncio::repr(g));
        auto [match, rest] = g.split<asyncio::ValueError>();
        print(asyncio::repr(match));
        print(asyncio::repr(rest));
    }
}

int main() { asyncio::run(amain()); }
