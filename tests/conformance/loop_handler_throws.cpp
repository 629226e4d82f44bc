// EXH-03: when the custom handler throws, the default handler logs "Unhandled error in exception
// handler" with the original under "context"; nothing propagates and the loop goes on.
#include "py.hpp"

void sink(const asyncio::LogRecord& record) {
    const std::string message(record.message);
    print("log", asyncio::level_name(record.level), message.substr(0, message.find('\n')));
    print("mentions original", message.find("context: ") != message.npos,
          message.find("ValueError('") != message.npos);
}

void handler(asyncio::AbstractEventLoop&, const asyncio::ExceptionContext& context) {
    print("handler", asyncio::repr(context.exception));
    throw asyncio::TypeError("broken handler");
}

void bad() { throw asyncio::ValueError("original"); }

int main() {
    asyncio::logger().set_sink(sink);
    auto loop = asyncio::new_event_loop();
    loop->set_exception_handler(handler);
    loop->call_soon(bad);
    loop->call_soon([] { print("still running"); });
    loop->call_soon([&] { loop->stop(); });
    loop->run_forever();
    loop->call_exception_handler(
        {.message = "direct", .exception = std::make_exception_ptr(asyncio::ValueError("direct"))});
    print("nothing propagated");
    loop->close();
}
