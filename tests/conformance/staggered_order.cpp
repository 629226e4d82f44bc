// Pins STG-01..STG-03: a failure starts the next attempt, the winner cancels the others, which end
// before the race returns; a cancelled race cancels its attempts.
#include "py.hpp"

using asyncio::staggered::staggered_race;
using Attempt = asyncio::staggered::Attempt<std::string>;
using Attempts = std::vector<Attempt>;

struct How {
    bool hangs = false;
    bool fails = false;
    bool cleans = true;
};

asyncio::Coroutine<std::string> run(std::string name, How how) {
    print("start", name);
    std::exception_ptr cancelled;
    try {
        if (how.hangs) co_await asyncio::Event().wait();
        co_await asyncio::sleep(0);
    } catch (const asyncio::CancelledError&) {
        print("cancelled", name);
        cancelled = std::current_exception();
    }
    if (cancelled) {
        if (how.cleans) {
            co_await asyncio::sleep(0);
            print("cleaned up", name);
        }
        std::rethrow_exception(cancelled);
    }
    if (how.fails) throw asyncio::ValueError(name);
    print("success", name);
    co_return name;
}

Attempt attempt(std::string name, How how = {}) {
    return [name, how] { return run(name, how); };
}

void show(const asyncio::staggered::StaggeredResult<std::string>& result) {
    std::vector<std::string> errors;
    for (const auto& error : result.exceptions) errors.push_back(py::repr(error));
    print(result.result ? *result.result : "None", result.index, errors);
}

asyncio::Coroutine<> race(Attempts attempts, std::optional<asyncio::Seconds> delay) {
    const auto result = co_await staggered_race(attempts, delay);
    show(result);
}

asyncio::Coroutine<> amain() {
    const How fails = {.fails = true}, hangs = {.hangs = true};
    const Attempts third = {attempt("a", fails), attempt("b", fails), attempt("c"), attempt("d")};
    co_await race(third, 30);
    const Attempts nobody = {attempt("a", fails), attempt("b", fails)};
    co_await race(nobody, 30);
    const Attempts second = {attempt("a", fails), attempt("b")};
    co_await race(second, std::nullopt);
    co_await race(Attempts(), std::nullopt);
    const Attempts last = {attempt("a", hangs), attempt("b", hangs), attempt("c")};
    co_await race(last, 0.01);
    const Attempts hanging = {attempt("a", {.hangs = true, .cleans = false}), attempt("b")};
    auto task = asyncio::create_task(staggered_race(hanging, 30));
    for (int i = 0; i < 5; ++i) co_await asyncio::sleep(0);
    task.cancel();
    try {
        co_await task;
    } catch (const asyncio::CancelledError&) {
        print("race cancelled");
    }
}

int main() { asyncio::run(amain()); }
