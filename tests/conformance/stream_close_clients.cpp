// Pins SRV-02, SRV-08: close_clients flushes and closes all connections of a server, abort_clients
// drops them; both let wait_closed return. (Python 3.13)
#include "py.hpp"

asyncio::Coroutine<> on_client(asyncio::StreamReader reader, asyncio::StreamWriter writer) {
    const auto line = co_await reader.readline();
    writer.write(line);
    co_await reader.read();
}

asyncio::Coroutine<> attempt(void (*close)(asyncio::Server)) {
    auto server = co_await asyncio::start_server(on_client, "127.0.0.1", 0);
    const auto port = server.sockets().at(0).getsockname().port();
    std::vector<asyncio::StreamPair> pairs;
    for (int i = 0; i < 3; ++i) {
        auto connected = co_await asyncio::open_connection("127.0.0.1", port);
        auto& [reader, writer] = connected;
        writer.write("client " + std::to_string(i) + "\n");
        const auto data = co_await reader.readline();
        print(py::bytes(data));
        pairs.push_back(connected);
    }
    server.close();
    auto task = asyncio::create_task(server.wait_closed());
    co_await asyncio::sleep(0);
    co_await asyncio::sleep(0);
    print("waiting", !task.done());
    close(server);
    co_await task;
    print("server closed");
    for (auto& [reader, writer] : pairs) {
        try {
            const auto data = co_await reader.read();
            print("end", py::bytes(data));
        } catch (const asyncio::ConnectionResetError& e) {
            print(asyncio::type_name(e));
        }
        writer.close();
    }
}

asyncio::Coroutine<> amain() {
    co_await attempt([](asyncio::Server server) { server.close_clients(); });
    co_await attempt([](asyncio::Server server) { server.abort_clients(); });
}

int main() { asyncio::run(amain()); }
