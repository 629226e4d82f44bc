// An echo server on a Unix socket, and a client for it in the same program.
#include <asyncio/asyncio.hpp>

#include <filesystem>
#include <iostream>
#include <string>

#include <unistd.h>

using asyncio::Coroutine;

Coroutine<> on_client(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    while (true) {
        std::string line = co_await reader.readline();
        if (line.empty()) break;
        writer.write(line);
        co_await writer.drain();
    }
    writer.close();
    co_await writer.wait_closed();
}

Coroutine<> talk(std::string path) {
    auto connected = co_await asyncio::open_unix_connection(path);
    auto& [reader, writer] = connected;
    for (const std::string line : {"to be", "or not to be"}) {
        writer.write(line + "\n");
        std::string answer = co_await reader.readline();
        std::cout << "received: " << answer;
    }
    writer.close();
    co_await writer.wait_closed();
}

Coroutine<> amain() {
    const std::string name = "echo-" + std::to_string(::getpid()) + ".sock";
    const std::filesystem::path path = std::filesystem::temp_directory_path() / name;
    auto server = co_await asyncio::start_unix_server(on_client, path);
    co_await asyncio::async_with(server,
                                 [&](asyncio::Server) -> Coroutine<> { co_await talk(path); });
    // Closing the server has removed the path, as in Python 3.13.
}

int main() { asyncio::run(amain()); }
