// Pins AGN-03, AGN-05: aclose throws GeneratorExit at the yield, so clean-up with awaits runs to
// its end before aclose returns; afterwards the generator is exhausted; unstarted ones run nothing.
#include "py.hpp"

asyncio::AsyncGenerator<int> numbers(std::string name) {
    print(name, "started");
    std::exception_ptr error;
    try {
        int i = 0;
        for (;;) {
            co_yield i;
            i += 1;
        }
    } catch (...) {
        error = std::current_exception();
    }
    print(name, "clean-up");
    co_await asyncio::sleep(0);
    print(name, "cleaned up");
    std::rethrow_exception(error);
}

asyncio::Coroutine<> amain() {
    auto g = numbers("a");
    auto zero = co_await g.next();
    auto one = co_await g.next();
    print(zero, one);
    co_await g.aclose();
    auto closed = co_await g.next();
    print("closed", closed);
    co_await g.aclose();
    print("closed twice");

    auto unstarted = numbers("b");
    co_await unstarted.aclose();
    auto nothing = co_await unstarted.next();
    print("unstarted", nothing);

    g = numbers("c");
    for (;;) {
        auto x = co_await g.next();
        if (!x || *x == 2) break;
    }
    print("left the loop");
    co_await g.aclose();
    print("end");
}

int main() { asyncio::run(amain()); }
