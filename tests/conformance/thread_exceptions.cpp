// Pins EXE-05, EXE-04: exceptions of the worker arrive unchanged at the await, through to_thread,
// an executor and gather; the loop and the pool stay usable.
#include "py.hpp"

struct Custom : asyncio::Exception {
    using asyncio::Exception::Exception;
};

std::string fail(std::string kind) {
    if (kind == "value") throw asyncio::ValueError("from a thread");
    if (kind == "custom") throw Custom("custom");
    if (kind == "timeout") throw asyncio::TimeoutError("deadline");
    return kind;
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    for (std::string kind : {"value", "custom", "timeout", "fine"}) {
        try {
            const auto result = co_await asyncio::to_thread(fail, kind);
            print("result", result);
        } catch (const std::exception& e) {
            print("to_thread", asyncio::repr(e));
        }
    }
    auto future = loop.run_in_executor(nullptr, fail, std::string("custom"));
    try {
        co_await future;
    } catch (const Custom& e) {
        print("executor", asyncio::repr(e), std::current_exception() == future.exception());
    }
    std::vector<asyncio::Coroutine<std::string>> jobs;
    for (std::string k : {"a", "value", "b"}) jobs.push_back(asyncio::to_thread(fail, k));
    auto results = co_await asyncio::gather(asyncio::return_exceptions, std::move(jobs));
    std::vector<std::string> texts;
    for (const auto& r : results) texts.push_back(r ? r.value() : asyncio::repr(r.exception()));
    print(texts);
}

int main() { asyncio::run(amain()); }
