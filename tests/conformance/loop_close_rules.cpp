// LIF-07, LIF-08: close() drops queued handles and timers without running them, twice is a no-op,
// it does not cancel anything; scheduling on a closed loop raises "Event loop is closed".
#include "py.hpp"

int main() {
    auto loop = asyncio::new_event_loop();

    auto inside = [&] {
        try {
            loop->close();
        } catch (const asyncio::RuntimeError& e) {
            print("RuntimeError", asyncio::str(e));
        }
        print(loop->is_running(), loop->is_closed());
        loop->stop();
    };

    loop->call_soon(inside);
    loop->run_forever();
    auto fut = loop->create_future();
    fut.add_done_callback([] { print("never"); });
    auto handle = loop->call_soon([] { print("never"); });
    loop->call_later(0, [] { print("never"); });
    print(loop->is_running(), loop->is_closed());
    loop->close();
    loop->close();
    print(loop->is_running(), loop->is_closed(), fut.done(), handle.cancelled());

    auto attempt = [](std::string name, auto call) {
        try {
            call();
        } catch (const asyncio::RuntimeError& e) {
            print(name, "RuntimeError", asyncio::str(e));
        }
    };

    attempt("call_soon", [&] { loop->call_soon([] {}); });
    attempt("call_later", [&] { loop->call_later(1, [] {}); });
    attempt("call_at", [&] { loop->call_at(1, [] {}); });
    attempt("run_forever", [&] { loop->run_forever(); });
    attempt("run_until_complete", [&] { loop->run_until_complete(fut); });
    attempt("run_in_executor", [&] { loop->run_in_executor(nullptr, [] {}); });
}
