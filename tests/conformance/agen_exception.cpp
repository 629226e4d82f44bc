// Pins AGN-03: an exception leaves at the next() that ran into it, runs the generator's clean-up
// first, and the generator is exhausted afterwards.
#include "py.hpp"

asyncio::AsyncGenerator<int> failing(int where) {
    std::exception_ptr error;
    try {
        print("body");
        if (where == 0) throw asyncio::ValueError("before the first yield");
        co_yield 1;
        co_await asyncio::sleep(0);
        if (where == 1) throw asyncio::LookupError("after an await");
        co_yield 2;
    } catch (...) {
        error = std::current_exception();
    }
    print("finally");
    if (error) std::rethrow_exception(error);
}

asyncio::Coroutine<> amain() {
    for (int where : {0, 1, 2}) {
        auto g = failing(where);
        try {
            for (;;) {
                auto x = co_await g.next();
                if (!x) break;
                print("got", *x);
            }
            print("complete");
        } catch (const asyncio::ValueError& e) {
            print("raised", asyncio::repr(e));
        } catch (const asyncio::LookupError& e) {
            print("raised", asyncio::repr(e));
        }
        auto afterwards = co_await g.next();
        print("afterwards", afterwards);
        co_await g.aclose();
    }
}

int main() { asyncio::run(amain()); }
