// RUN-05, RUN-03: use after close raises "Runner is closed"; close() twice, or on a runner that
// never ran, is a no-op; the leftovers are cancelled at close, not between runs.
#include "py.hpp"

using Box = std::vector<asyncio::Task<void>>;

asyncio::Coroutine<> leftover() {
    try {
        co_await asyncio::sleep(1000);
    } catch (const asyncio::CancelledError&) {
        print("leftover cancelled");
        throw;
    }
}

asyncio::Coroutine<std::string> amain(Box* box) {
    box->push_back(asyncio::create_task(leftover()));
    co_await asyncio::sleep(0);
    co_return "main";
}

void attempt(std::string name, std::function<void()> call) {
    try {
        call();
        print(name, "ok");
    } catch (const asyncio::RuntimeError& e) {
        print(name, "RuntimeError", asyncio::str(e));
    }
}

int main() {
    asyncio::Runner unused;
    attempt("close unused", [&] { unused.close(); });
    attempt("get_loop", [&] { unused.get_loop(); });
    asyncio::Runner runner;
    Box box;
    print(runner.run(amain(&box)));
    print("between", box[0].done());
    attempt("close", [&] { runner.close(); });
    print("closed", box[0].cancelled());
    attempt("close again", [&] { runner.close(); });
    attempt("get_loop", [&] { runner.get_loop(); });
}
