// A client for the chat server: sends the lines of standard input, prints what arrives.
//
//     chat_client PORT NAME
//
// Reading a terminal blocks, so that happens on a thread, as in Python.
#include <asyncio/asyncio.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

using asyncio::Coroutine;

std::optional<std::string> input_line() {
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line + "\n";
}

Coroutine<> send_input(asyncio::StreamWriter writer) {
    for (;;) {
        const auto line = co_await asyncio::to_thread(input_line);
        if (!line) break;
        writer.write(*line);
        co_await writer.drain();
    }
    writer.write_eof();
}

Coroutine<> chat(int port, std::string name) {
    const auto streams = co_await asyncio::open_connection("127.0.0.1", port);
    const auto& [reader, writer] = streams;
    writer.write(name + "\n");
    const auto sender = asyncio::create_task(send_input(writer));
    for (;;) {
        const std::string line = co_await reader.readline();
        if (line.empty()) break;
        std::cout << line << std::flush;
    }
    sender.cancel();
    writer.close();
    co_await writer.wait_closed();
}

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: chat_client PORT NAME\n";
        return 2;
    }
    asyncio::run(chat(std::atoi(argv[1]), argv[2]));
}
