// Pins LIF-11, RUN-03: generators still alive when run() ends are closed before the loop is, awaits
// included; an error in one goes to the exception handler, the others are closed all the same.
#include "py.hpp"

#include <algorithm>

std::vector<std::string> log_;

asyncio::AsyncGenerator<int> numbers(std::string name, bool fail) {
    std::exception_ptr error;
    try {
        co_yield 1;
        co_yield 2;
    } catch (...) {
        error = std::current_exception();
    }
    co_await asyncio::sleep(0);
    log_.push_back(name + " cleaned up");
    if (fail) throw asyncio::ValueError(name);
    if (error) std::rethrow_exception(error);
}

void report(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    if (context.message.starts_with("an error occurred during closing of asynchronous generator"))
        log_.push_back("reported " + asyncio::repr(context.exception));
}

asyncio::Coroutine<> amain(std::vector<asyncio::AsyncGenerator<int>>* alive) {
    asyncio::get_running_loop().set_exception_handler(report);
    for (std::string name : {"a", "b", "c"}) {
        alive->push_back(numbers(name, name == "b"));
        auto one = co_await alive->back().next();
        print(name, one);
    }
    auto exhausted = numbers("d", false);
    for (;;) {
        auto x = co_await exhausted.next();
        if (!x) break;
    }
    alive->push_back(numbers("unstarted", false));
    print("main ends", log_);
}

int main() {
    std::vector<asyncio::AsyncGenerator<int>> alive;
    asyncio::run(amain(&alive));
    for (std::string name :
         {"a cleaned up", "b cleaned up", "c cleaned up", "reported ValueError('b')"})
        print(std::find(log_.begin(), log_.end(), name) != log_.end());
    print(log_.size());
}
