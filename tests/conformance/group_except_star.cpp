// Pins section 25 (except*): each clause takes its part of what is left, in order; what no clause
// takes is raised on, in the original shape.
#include "py.hpp"

template <class E>
std::exception_ptr make(std::string text) {
    return std::make_exception_ptr(E(text));
}

std::exception_ptr group(std::string message, std::vector<std::exception_ptr> errors) {
    return std::make_exception_ptr(asyncio::ExceptionGroup(message, errors));
}

asyncio::Coroutine<> attempt(std::exception_ptr error) {
    try {
        std::rethrow_exception(error);
    } catch (...) {
        asyncio::ExceptStar(std::current_exception())
            .except<asyncio::ValueError>([](const asyncio::BaseExceptionGroup& g) {
                print("values", g.message(), g.exceptions());
            })
            .except<asyncio::OSError, asyncio::EOFError>(
                [](const asyncio::BaseExceptionGroup& g) { print("io", asyncio::repr(g)); })
            .raise();
    }
    co_return;
}

asyncio::Coroutine<> amain() {
    auto one = group("one", {make<asyncio::ValueError>("1"), make<asyncio::OSError>("io"),
                             make<asyncio::ValueError>("2")});
    co_await attempt(one);
    co_await attempt(make<asyncio::ValueError>("bare"));
    auto deep = group("deep", {make<asyncio::EOFError>("eof"), make<asyncio::TypeError>("u"),
                               make<asyncio::TimeoutError>("late")});
    auto two = group("two", {make<asyncio::TypeError>("t"), deep});
    try {
        co_await attempt(two);
    } catch (const asyncio::ExceptionGroup& g) {
        print("left", asyncio::repr(g));
    }
    try {
        co_await attempt(make<asyncio::TypeError>("not matched"));
    } catch (const asyncio::TypeError& e) {
        print("bare again", asyncio::repr(e));
    }
}

int main() { asyncio::run(amain()); }
