// Pins TGP-04, TGP-06: all failures are collected in completion order, errors raised while being
// cancelled too, and the body's own error comes last; never a bare exception.
#include "py.hpp"

asyncio::Coroutine<> slow_cleanup(std::string name, int turns) {
    co_await asyncio::try_finally([&]() -> asyncio::Coroutine<> { co_await asyncio::sleep(10); },
                                  [&]() -> asyncio::Coroutine<> {
                                      for (int i = 0; i < turns; ++i) co_await asyncio::sleep(0);
                                      print(name, "fails in cleanup");
                                      throw asyncio::ValueError(name);
                                  });
}

asyncio::Coroutine<> polite() {
    co_await asyncio::try_finally([]() -> asyncio::Coroutine<> { co_await asyncio::sleep(10); },
                                  []() -> asyncio::Coroutine<> {
                                      print("polite leaves");
                                      co_return;
                                  });
}

asyncio::Coroutine<> amain() {
    try {
        co_await asyncio::async_with(asyncio::TaskGroup{},
                                     [](asyncio::TaskGroup tg) -> asyncio::Coroutine<> {
                                         tg.create_task(slow_cleanup("three turns", 3));
                                         tg.create_task(slow_cleanup("one turn", 1));
                                         tg.create_task(polite());
                                         co_await asyncio::sleep(0);
                                         print("body raises");
                                         throw asyncio::LookupError("body");
                                     });
    } catch (const asyncio::ExceptionGroup& g) {
        print(asyncio::str(g));
        for (const auto& e : g.exceptions()) print(asyncio::repr(e));
    }
}

int main() { asyncio::run(amain()); }
