// EXH-01, FUT-04: a throwing callback goes to the exception handler (message, exception, handle),
// the rest of the batch and the loop go on; None restores the default handler.
#include "py.hpp"

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler:", context.message.substr(0, 21), asyncio::repr(context.exception));
    print("has handle", bool(context.handle), "has future", bool(context.future));
}

void bad(std::string text) {
    print("bad", text);
    throw asyncio::ValueError(text);
}

int main() {
    auto loop = asyncio::new_event_loop();
    print(!loop->get_exception_handler());
    loop->set_exception_handler(handler);
    print(!loop->get_exception_handler());
    loop->call_soon(bad, "one");
    loop->call_soon([] { print("same batch"); });
    loop->call_later(0, bad, "timer");
    loop->call_soon([&] { loop->call_soon([] { print("next batch"); }); });
    loop->call_later(0.005, [&] { loop->stop(); });
    loop->run_forever();
    loop->set_exception_handler({});
    print(!loop->get_exception_handler());
    loop->close();
}
