// An echo server of streams, for measuring: echo_streams PORT
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <string>

namespace {

asyncio::Coroutine<> on_client(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    for (;;) {
        std::string data = co_await reader.read(1 << 16);
        if (data.empty()) break;
        writer.write(data);
        co_await writer.drain();
    }
    writer.close();
    co_await writer.wait_closed();
}

asyncio::Coroutine<> serve(int port) {
    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", port, {.backlog = 4096});
    co_await server.serve_forever();
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    asyncio::run(serve(std::atoi(argv[1])));
}
