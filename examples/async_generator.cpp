// Asynchronous generators: a paged source, a filter over it, and three ways to leave early.
//
// Prints the same lines on every run.
#include <asyncio/asyncio.hpp>

#include <exception>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

// A remote service that gives its answers in pages: each page costs a round trip. The connection is
// closed however the generator is left, and closing it takes a round trip too.
asyncio::AsyncGenerator<int> pages(std::string name, int last) {
    std::exception_ptr error;
    try {
        for (int item = 1; item <= last; ++item) {
            if (item % 3 == 1) co_await asyncio::sleep(1ms);
            co_yield item;
        }
    } catch (...) { // GeneratorExit from aclose(), CancelledError, ...
        error = std::current_exception();
    }
    co_await asyncio::sleep(1ms);
    std::cout << name << ": connection closed\n";
    if (error) std::rethrow_exception(error);
}

// Generators compose: nothing runs ahead of the consumer. The outer one closes the inner one.
asyncio::AsyncGenerator<std::string> squares_of_odd(asyncio::AsyncGenerator<int> numbers) {
    std::exception_ptr error;
    try {
        for (;;) {
            auto number = co_await numbers.next();
            if (!number) break;
            if (*number % 2 == 0) continue;
            co_yield std::to_string(*number) + " * " + std::to_string(*number) + " = " +
                std::to_string(*number * *number);
        }
    } catch (...) {
        error = std::current_exception();
    }
    co_await numbers.aclose();
    if (error) std::rethrow_exception(error);
}

// To the end: `async for line in ...`.
asyncio::Coroutine<> read_all() {
    auto lines = squares_of_odd(pages("all", 5));
    for (;;) {
        auto line = co_await lines.next();
        if (!line) break;
        std::cout << *line << '\n';
    }
}

// aclosing() closes on every way out, and waits for it.
asyncio::Coroutine<> read_first() {
    const auto take_one = [](asyncio::AsyncGenerator<std::string> lines) -> asyncio::Coroutine<> {
        auto line = co_await lines.next();
        std::cout << "first: " << *line << '\n';
    };
    co_await asyncio::async_with(asyncio::aclosing(squares_of_odd(pages("first", 100))), take_one);
    std::cout << "the block is left\n";
}

// A timeout cancels what the generator awaits.
asyncio::Coroutine<> read_until_late() {
    auto numbers = pages("late", 1000000);
    const auto read = [&](asyncio::Timeout) -> asyncio::Coroutine<> {
        for (;;) {
            auto number = co_await numbers.next();
            if (!number) break;
        }
    };
    try {
        co_await asyncio::async_with(asyncio::timeout(20ms), read);
    } catch (const asyncio::TimeoutError&) {
        std::cout << "timed out\n";
    }
}

asyncio::Coroutine<> amain() {
    co_await read_all();
    co_await read_first();
    co_await read_until_late();

    // One that is left alive is closed when the loop ends.
    auto forgotten = pages("forgotten", 10);
    auto number = co_await forgotten.next();
    std::cout << "forgotten at " << *number << '\n';
}

int main() { asyncio::run(amain()); }
