// LIF-03, LIF-07: run_until_complete on a running loop or on another loop inside it, and close(),
// are RuntimeErrors with the documented texts; nothing is disturbed by the attempts.
#include "py.hpp"

void attempt(std::string name, std::function<void()> call) {
    try {
        call();
    } catch (const asyncio::RuntimeError& e) {
        print(name, "RuntimeError", asyncio::str(e));
    }
}

asyncio::Coroutine<> amain() {
    auto& loop = asyncio::get_running_loop();
    auto other = asyncio::new_event_loop();
    auto fut = loop.create_future<int>();
    auto foreign = other->create_future();
    attempt("run_until_complete", [&] { loop.run_until_complete(fut); });
    attempt("other run_until_complete", [&] { other->run_until_complete(foreign); });
    attempt("close", [&] { loop.close(); });
    print(&asyncio::get_running_loop() == &loop, other->is_running(), loop.is_running());
    other->close();
    print(other->is_closed(), loop.is_closed());
    loop.call_soon([&] { fut.set_result(7); });
    print(co_await fut);
}

int main() {
    attempt("get_running_loop", [] { asyncio::get_running_loop(); });
    asyncio::run(amain());
    attempt("get_running_loop", [] { asyncio::get_running_loop(); });
}
