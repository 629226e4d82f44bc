// Pins AGN-03: a generator that yields again while it is being closed makes aclose raise
// RuntimeError; one that replaces the exit with its own error raises that; one that swallows it
// closes normally.
#include "py.hpp"

asyncio::AsyncGenerator<std::string> stubborn(std::string kind) {
    try {
        co_yield "value";
    } catch (const asyncio::GeneratorExit&) {
        print("exit seen by", kind);
        if (kind == "raises") throw asyncio::ValueError("instead");
    }
    if (kind == "yields") co_yield "again";
}

asyncio::Coroutine<> amain() {
    for (std::string kind : {"yields", "raises", "swallows"}) {
        auto g = stubborn(kind);
        auto value = co_await g.next();
        print(*value);
        try {
            co_await g.aclose();
            print("closed");
        } catch (const asyncio::RuntimeError& e) {
            print(asyncio::repr(e));
        } catch (const asyncio::ValueError& e) {
            print(asyncio::repr(e));
        }
    }
}

int main() { asyncio::run(amain()); }
