// EXH-04, RUN-13, LIF-06: KeyboardInterrupt and SystemExit from a callback break out of the run at
// once (no handler call); the handles left in the batch run in the next run.
#include "py.hpp"

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext&) {
    print("handler must not see it");
}

void interrupt() {
    print("interrupt");
    throw asyncio::KeyboardInterrupt();
}

void leave() {
    print("leave");
    throw asyncio::SystemExit(3);
}

int main() {
    auto loop = asyncio::new_event_loop();
    loop->set_exception_handler(handler);
    loop->call_soon([] { print("one"); });
    loop->call_soon(interrupt);
    loop->call_soon([] { print("two"); });
    loop->call_soon(leave);
    loop->call_soon([] { print("three"); });
    loop->call_soon([&] { loop->stop(); });
    try {
        loop->run_forever();
    } catch (const asyncio::KeyboardInterrupt&) {
        print("KeyboardInterrupt out", loop->is_running());
    }
    try {
        loop->run_forever();
    } catch (const asyncio::SystemExit&) {
        print("SystemExit out", loop->is_running());
    }
    loop->run_forever();
    print("third run returned");
    loop->close();
}
