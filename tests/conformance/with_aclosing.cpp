// Pins AGN-01, AGN-03 (contextlib.aclosing): leaving the block closes the generator at once, awaits
// of its clean-up included, on a normal end, an early exit and an error; not some time later.
#include "py.hpp"

using Numbers = asyncio::AsyncGenerator<int>;

Numbers numbers(std::string name) {
    std::exception_ptr error;
    try {
        for (int i = 0; i < 5; ++i) co_yield i;
    } catch (...) {
        error = std::current_exception();
    }
    co_await asyncio::sleep(0);
    print(name, "closed");
    if (error) std::rethrow_exception(error);
}

asyncio::Coroutine<std::optional<int>> first_above(std::string name, int limit) {
    auto found = co_await asyncio::async_with(
        asyncio::aclosing(numbers(name)), [&](Numbers g) -> asyncio::Coroutine<std::optional<int>> {
            for (;;) {
                auto x = co_await g.next();
                if (!x) break;
                if (*x > limit) {
                    print(name, "found", *x);
                    co_return x;
                }
            }
            co_return std::nullopt;
        });
    if (found) co_return *found;
    print(name, "not found");
    co_return std::nullopt;
}

asyncio::Coroutine<> failing(std::string name) {
    co_await asyncio::async_with(asyncio::aclosing(numbers(name)),
                                 [&](Numbers g) -> asyncio::Coroutine<> {
                                     for (;;) {
                                         auto x = co_await g.next();
                                         if (!x) break;
                                         print(name, "got", *x);
                                         throw asyncio::ValueError(name);
                                     }
                                 });
}

asyncio::Coroutine<> amain() {
    auto result = co_await first_above("a", 2);
    print("result", result);
    result = co_await first_above("b", 9);
    print("result", result);
    try {
        co_await failing("c");
    } catch (const asyncio::ValueError& e) {
        print("raised", asyncio::repr(e));
    }
}

int main() { asyncio::run(amain()); }
