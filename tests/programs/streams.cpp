// The stream server of the design, as it stands there, with a client that checks it.
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

// [program]
asyncio::Coroutine<> on_client(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    while (true) {
        std::string line = co_await reader.readline();
        if (line.empty()) break;
        writer.write(line);
        co_await writer.drain();
    }
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> serve() {
    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 8888, {.limit = 1 << 20});
    co_await server.serve_forever();
}
// [/program]

asyncio::Coroutine<> check() {
    const auto server = asyncio::create_task(serve(), {.name = "server"});
    for (int i = 0; i < 10; ++i) co_await asyncio::sleep(0); // the server starts
    const auto streams = co_await asyncio::open_connection("127.0.0.1", 8888);
    const auto& [reader, writer] = streams;
    writer.write("one\ntwo\n");
    writer.write_eof();
    const std::string answer = co_await reader.read();
    writer.close();
    co_await writer.wait_closed();
    server.cancel();
    const auto end = co_await asyncio::catching<asyncio::CancelledError>(server);
    std::cout << answer << (end.is<asyncio::CancelledError>() ? "cancelled\n" : "not cancelled\n");
    if (answer != "one\ntwo\n" || !end.is<asyncio::CancelledError>()) std::exit(1);
}

int main() { asyncio::run(check()); }
