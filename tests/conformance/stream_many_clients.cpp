// Pins SRV-07, STR-20: many clients at once, each in its own handler task, answers in the order the
// server chooses and not in the order of arrival; results come in argument order.
#include "py.hpp"

#include <algorithm>

asyncio::Coroutine<std::string> client(int port, int number) {
    auto connected = co_await asyncio::open_connection("127.0.0.1", port);
    auto& [reader, writer] = connected;
    writer.write(std::to_string(number) + "\n");
    auto answer = co_await reader.read();
    writer.close();
    co_await writer.wait_closed();
    co_return answer;
}

asyncio::Coroutine<> amain() {
    asyncio::Event everybody;
    std::vector<int> waiting;

    auto on_client = [&](asyncio::StreamReader reader,
                         asyncio::StreamWriter writer) -> asyncio::Coroutine<> {
        const auto line = co_await reader.readline();
        const int number = std::stoi(line);
        waiting.push_back(number);
        if (waiting.size() == 8) everybody.set();
        co_await everybody.wait();
        writer.write(std::to_string(number) + " squared is " + std::to_string(number * number) +
                     "\n");
        co_await writer.drain();
        writer.close();
        co_await writer.wait_closed();
    };

    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    std::vector<asyncio::Coroutine<std::string>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(client(port, i));
    const auto answers = co_await asyncio::gather(std::move(clients));
    for (const auto& answer : answers) print(py::bytes(answer));
    std::sort(waiting.begin(), waiting.end());
    print(waiting);
    server.close();
    co_await server.wait_closed();
}

int main() { asyncio::run(amain()); }
