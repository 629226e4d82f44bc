// EXH-02: the default handler logs one ERROR record: the message (or its default), then "key:
// value" lines sorted by key.
#include "py.hpp"

void sink(const asyncio::LogRecord& record) {
    print(asyncio::level_name(record.level));
    std::istringstream message{std::string(record.message)};
    for (std::string line; std::getline(message, line);) print("|", line);
    print("exc_info", record.error);
}

int main() {
    asyncio::logger().set_sink(sink);
    auto loop = asyncio::new_event_loop();
    loop->call_exception_handler({.message = "plain"});
    loop->call_exception_handler(
        {.message = "extras", .extra = {{"zeta", "'z'"}, {"alpha", "'a'"}}});
    auto error = std::make_exception_ptr(asyncio::ValueError("v"));
    loop->call_exception_handler({.message = "error", .exception = error});
    loop->default_exception_handler({.message = ""});
    loop->close();
}
