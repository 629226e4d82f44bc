// Pins section 25 (except*): what a clause raises is collected, later clauses still run, and a re-
// raised part is merged with the unhandled one.
#include "py.hpp"

asyncio::Coroutine<> attempt(std::string kind) {
    try {
        throw asyncio::ExceptionGroup("all", {std::make_exception_ptr(asyncio::ValueError("v")),
                                              std::make_exception_ptr(asyncio::TypeError("t")),
                                              std::make_exception_ptr(asyncio::LookupError("l"))});
    } catch (...) {
        asyncio::ExceptStar(std::current_exception())
            .except<asyncio::ValueError>([&] {
                print("values");
                if (kind == "new") throw asyncio::RuntimeError("from the clause");
                if (kind == "again") throw;
            })
            .except<asyncio::TypeError>([] { print("types"); })
            .raise();
    }
    co_return;
}

asyncio::Coroutine<> amain() {
    for (std::string kind : {"handled", "new", "again"}) {
        try {
            co_await attempt(kind);
        } catch (const asyncio::ExceptionGroup& g) {
            print(kind, asyncio::repr(g));
        }
    }
}

int main() { asyncio::run(amain()); }
