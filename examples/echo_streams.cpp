// An echo server on streams: every line comes back. echo_streams [PORT], then `nc 127.0.0.1 PORT`.
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

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

asyncio::Coroutine<> serve(int port) {
    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", port, {.limit = 1 << 20});
    for (const auto& socket : server.sockets())
        std::cout << "serving on " << socket.getsockname().str() << std::endl;
    co_await server.serve_forever();
}

int main(int argc, char** argv) {
    try {
        asyncio::run(serve(argc > 1 ? std::atoi(argv[1]) : 8888));
    } catch (const asyncio::KeyboardInterrupt&) {
        std::cout << "stopped\n";
    } catch (const asyncio::OSError& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
